//! Sliding tokens, which open the API and renew themselves (`TokenObtainSlidingSerializer`,
//! `TokenRefreshSlidingSerializer`).

use doorward_core::door::Door;
use doorward_core::exceptions::Result;
use doorward_core::stores::TokenHolder;
use doorward_core::user::UserRow;
use doorward_django::jwt::{Claims, TokenType};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use super::signed::sign;
use super::{JwtDoorExt, Signed, invalid_token, issue, judge, own_claims, owner};

/// Issues a sliding token for a user whose credentials were checked, recorded as outstanding.
///
/// # Errors
/// What the stores say.
pub async fn obtain(door: &Door, user: &UserRow) -> Result<Secret<String>> {
    obtain_for(door, user, |token| Ok(token.text.clone())).await
}

/// As [`obtain`], for an answer that is made of the token before anything is written.
pub(crate) async fn obtain_for<T: Send>(
    door: &Door,
    user: &UserRow,
    answer: impl FnOnce(&Signed) -> Result<T> + Send,
) -> Result<T> {
    let now = door.now();
    let claims = issue::claims_for(door, TokenType::Sliding, user, now).await?;
    let token = sign(door, &claims)?;
    let answer = answer(&token)?;
    issue::record(door, &claims, &token.text, user, now).await?;
    Ok(answer)
}

/// Renews a sliding token: the same id and end of renewing, a new `exp`.
///
/// # Errors
/// 401 with SimpleJWT's sentence and code. What the stores say.
pub async fn refresh(door: &Door, token: &Secret<String>) -> Result<Secret<String>> {
    Ok(renew(door, token).await?.text)
}

/// As [`refresh`], with the end of the token.
pub(crate) async fn renew(door: &Door, token: &Secret<String>) -> Result<Signed> {
    let now = door.now();
    let claims = judge::demand(door, TokenType::Sliding, token.expose(), now).await?;
    claims
        .check_exp(&door.jwt().sliding_token_refresh_exp_claim, door.jwt(), now)
        .map_err(invalid_token)?;
    let claims = of_owner(door, claims, token, now).await?;
    sign(door, &claims.renewed(now, door.jwt()))
}

/// The token as its user is to have it now. SimpleJWT asks for no user here, and renews tokens that open nothing.
async fn of_owner(door: &Door, claims: Claims, token: &Secret<String>, now: Timestamp) -> Result<Claims> {
    let Some(TokenHolder { user, not_before }) = owner::active_owner(door, &claims).await? else {
        return Ok(claims);
    };
    owner::check_password(door, &claims, token, Some(&user), now).await?;
    own_claims::at_refresh(door, owner::aware(claims, not_before), Some(&user)).await
}
