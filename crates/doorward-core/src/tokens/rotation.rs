//! A refresh token becomes an access token, and with rotation its own successor (`TokenRefreshSerializer`).

use std::sync::Arc;

use doorward_django::jwt::{Claims, TokenError, TokenType};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use super::{RotationRule, issue, judge, owner};
use crate::door::Door;
use crate::exceptions::Result;
use crate::stores::{Predecessor, Rotation};
use crate::tokens::invalid_token;
use crate::user::UserRow;

/// What a refresh gives.
#[derive(Clone, Debug)]
pub struct Refreshed {
    /// The new access token.
    pub access: Secret<String>,
    /// The successor of the refresh token, with rotation.
    pub refresh: Option<Secret<String>>,
}

/// A refresh token that was judged good, and its user.
struct Presented<'a> {
    token: &'a Secret<String>,
    claims: Claims,
    user: Option<Arc<UserRow>>,
    now: Timestamp,
}

/// Refreshes: the token must be good and not blacklisted, its user active and its password unchanged.
///
/// With rotation and blacklisting exactly one of any number of concurrent refreshes of a token succeeds
/// (difference 9).
///
/// # Errors
/// 401 with SimpleJWT's sentence and code; a token whose user is gone reads as an inactive user's (difference 1).
/// What the stores say.
pub async fn refresh(door: &Door, token: &Secret<String>) -> Result<Refreshed> {
    let now = door.now();
    let claims = judge::demand(door, TokenType::Refresh, token.expose(), now).await?;
    let user = owner::active_owner(door, &claims).await?;
    owner::check_password(door, &claims, token, user.as_deref(), now).await?;
    let access = issue::sign(door, &claims.access_token(door.random(), now, door.jwt()))?;
    let presented = Presented {
        token,
        claims,
        user,
        now,
    };
    let refresh = match door.tokens().rotation() {
        RotationRule::Off => None,
        RotationRule::Rotate => Some(rotate(door, presented, Predecessor::Keep).await?),
        RotationRule::RotateAndBlacklist => Some(rotate(door, presented, Predecessor::Blacklist).await?),
    };
    Ok(Refreshed { access, refresh })
}

async fn rotate(door: &Door, old: Presented<'_>, predecessor: Predecessor) -> Result<Secret<String>> {
    let claims = old.claims.rotated(door.random(), old.now, door.jwt());
    let successor = issue::sign(door, &claims)?;
    let user = old.user.as_ref().map(|user| &user.id);
    let rows = issue::outstanding(door, &old.claims, old.token, user, old.now)
        .zip(issue::outstanding(door, &claims, &successor, user, old.now));
    let Some((from, to)) = rows else {
        return Ok(successor);
    };
    let store = &door.stores().outstanding_tokens;
    match store.rotate(from, to, predecessor, old.now).await? {
        Rotation::Done => Ok(successor),
        Rotation::Blacklisted => Err(invalid_token(TokenError::Blacklisted)),
    }
}
