//! Whether a token's user may still have tokens.

use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::stores::TokenHolder;
use doorward_core::user::UserRow;
use doorward_django::json::Value;
use doorward_django::jwt::{Claims, REVOCATION_CLAIM, TokenError, revoke_digest};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use subtle::ConstantTimeEq;

use super::{Bearer, JwtDoorExt, bearer, invalid_token, issue, password_changed};

/// The token's user, active; `None` where the token names nobody (`TokenRefreshSerializer.validate`).
pub(super) async fn active_owner(door: &Door, claims: &Claims) -> Result<Option<TokenHolder>> {
    match bearer(door, claims).await? {
        Bearer::Unnamed => Ok(None),
        Bearer::Misspelt => {
            let refused = invalid_token(TokenError::Invalid);
            Err(refused.with_reason("the user's id is not as this site writes ids"))
        }
        Bearer::User(holder) if is_revoked(claims, holder.not_before) => {
            let refused = invalid_token(TokenError::Blacklisted);
            Err(refused.with_reason("the user's tokens were revoked after this one was issued"))
        }
        Bearer::User(holder) if holder.user.is_active || !door.tokens().checks_user_is_active() => {
            Ok(Some(holder))
        }
        Bearer::Unknown if names_nobody(door, claims) => Ok(None),
        Bearer::Unknown => Err(no_active_account().with_reason("its user is gone")),
        Bearer::User(_) => Err(no_active_account().with_reason("its user is inactive")),
    }
}

/// Whether a token was issued before its user's tokens were last revoked, or may have been.
///
/// One that knew of a revocation says of which ([`REVOCATION_CLAIM`]): the latest, or it is worth nothing. One that says
/// nothing is Django's, or older than the first revocation, and judged by its `iat`. That has whole seconds, so in the
/// second of the revocation it counts as older.
pub(crate) fn is_revoked(claims: &Claims, not_before: Option<Timestamp>) -> bool {
    let Some(moment) = not_before else {
        return false;
    };
    match claims.get(REVOCATION_CLAIM) {
        Some(known) => known.as_i64() != Some(moment.as_micros()),
        None => claims.iat().is_none_or(|iat| iat < moment),
    }
}

/// The claims of a token for somebody whose tokens were last revoked then, which have to be read together with the user
/// and before the token is signed: a revocation that comes after the look-up is one that the token does not know of.
pub(super) fn aware(claims: Claims, not_before: Option<Timestamp>) -> Claims {
    match not_before {
        Some(moment) => claims.with(REVOCATION_CLAIM, moment.as_micros()),
        None => claims,
    }
}

/// Whether the claim is false to Python, which then looks for no user.
fn names_nobody(door: &Door, claims: &Claims) -> bool {
    claims
        .get(&door.jwt().user_id_claim)
        .is_none_or(|claim| match claim {
            Value::Null => true,
            Value::Bool(known) => !known,
            Value::Number(number) => number.as_f64() == Some(0.0),
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
        })
}

fn no_active_account() -> ApiException {
    ApiException::authentication_failed("No active account found for the given token.")
        .with_code("no_active_account")
}

/// With `CHECK_REVOKE_TOKEN`, refuses and takes back a token that is older than its user's password
/// (difference 11).
pub(super) async fn check_password(
    door: &Door,
    claims: &Claims,
    token: &Secret<String>,
    user: Option<&UserRow>,
    now: Timestamp,
) -> Result {
    let Some(user) = user.filter(|user| !is_current(door, claims, user)) else {
        return Ok(());
    };
    if let Some(row) = issue::outstanding(door, claims, token, Some(&user.id), now) {
        door.stores().outstanding_tokens.blacklist(row, now).await?;
    }
    Err(password_changed())
}

/// Whether the token was issued under the user's present password, as far as that is asked.
pub(crate) fn is_current(door: &Door, claims: &Claims, user: &UserRow) -> bool {
    if !door.tokens().checks_revoke_token() {
        return true;
    }
    let digest = revoke_digest(user.password.expose());
    let claim = claims.get(&door.jwt().revoke_token_claim).and_then(Value::as_str);
    claim.is_some_and(|claim| claim.as_bytes().ct_eq(digest.as_bytes()).into())
}
