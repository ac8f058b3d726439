//! A refresh token and an access token (`TokenObtainPairSerializer`).

use doorward_core::door::Door;
use doorward_core::exceptions::Result;
use doorward_core::user::UserRow;
use doorward_django::jwt::TokenType;
use doorward_django::secret::Secret;

use super::signed::sign;
use super::{JwtDoorExt, Signed, issue};

/// What a login with JSON web tokens gives.
#[derive(Clone, Debug)]
pub struct TokenPair {
    /// Fetches new access tokens.
    pub refresh: Secret<String>,
    /// Opens the API.
    pub access: Secret<String>,
}

/// Issues a pair for a user whose credentials were checked: `RefreshToken.for_user(user)`, recorded as outstanding.
///
/// Whether the user is active is for the caller to ask.
///
/// # Errors
/// What the stores say.
pub async fn obtain(door: &Door, user: &UserRow) -> Result<TokenPair> {
    let SignedPair { refresh, access } = obtain_for(door, user, |pair| Ok(pair.clone())).await?;
    Ok(TokenPair {
        refresh: refresh.text,
        access: access.text,
    })
}

/// A [`TokenPair`], with the ends of both.
#[derive(Clone)]
pub(crate) struct SignedPair {
    pub(crate) refresh: Signed,
    pub(crate) access: Signed,
}

/// As [`obtain`], for an answer that is made of the pair before anything is written: where it cannot be given, nobody
/// has logged in.
pub(crate) async fn obtain_for<T: Send>(
    door: &Door,
    user: &UserRow,
    answer: impl FnOnce(&SignedPair) -> Result<T> + Send,
) -> Result<T> {
    let now = door.now();
    let claims = issue::claims_for(door, TokenType::Refresh, user, now).await?;
    let pair = SignedPair {
        refresh: sign(door, &claims)?,
        access: sign(door, &claims.access_token(door.random(), now, door.jwt()))?,
    };
    let answer = answer(&pair)?;
    issue::record(door, &claims, &pair.refresh.text, user, now).await?;
    Ok(answer)
}
