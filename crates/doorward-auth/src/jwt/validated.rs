//! A token that opens the API, and its user (`JWTAuthentication`): both as they were within `cache.max_staleness`.

use std::sync::Arc;
use std::time::Duration;

use doorward_core::answer::Answer;
use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::stores::{StoreError, TokenHolder};
use doorward_core::user::User;
use doorward_django::jwt::{Claims, TokenError, TokenType};
use doorward_django::timestamp::Timestamp;
use serde_json::{Value, json};

use super::judge::is_tracked;
use super::{
    Bearer, JwtDoorExt, bearer, explained, invalid_token, is_current, is_revoked, known_bearer,
    password_changed, refused,
};

/// What a token is, and what it says.
pub(crate) type Validated = (TokenType, Arc<Claims>);

/// The token as the first of the kinds that open the API (`get_validated_token`).
pub(crate) fn validated<'a>(
    door: &'a Door,
    token: &'a [u8],
    now: Timestamp,
) -> Answer<'a, Result<Validated>> {
    let decoded = door.tokens().decode_known(token, now);
    decoded.then(move |decoded| match decoded {
        Ok(Ok(claims)) => of_a_kind(door, token, claims, now),
        Ok(Err(fault)) => {
            let faults = vec![fault; door.tokens().classes().len()];
            Answer::ready(Err(not_valid(door, token, &faults, now)))
        }
        Err(failed) => Answer::ready(Err(failed.into())),
    })
}

/// A genuine token as the first of those kinds. Only of refresh and sliding tokens anything is kept that has to be looked up.
fn of_a_kind<'a>(
    door: &'a Door,
    token: &'a [u8],
    claims: Arc<Claims>,
    now: Timestamp,
) -> Answer<'a, Result<Validated>> {
    match door.tokens().classes() {
        [only] if !is_tracked(*only) => Answer::ready(match claims.verify(*only, door.jwt(), now) {
            Ok(()) => Ok((*only, claims)),
            Err(fault) => Err(not_valid(door, token, &[fault], now)),
        }),
        kinds => Answer::pending(async move {
            let mut faults = Vec::new();
            for kind in kinds {
                match judge(door, *kind, &claims, now).await? {
                    Ok(()) => return Ok((*kind, claims)),
                    Err(fault) => faults.push(fault),
                }
            }
            Err(not_valid(door, token, &faults, now))
        }),
    }
}

/// As [`judge`](super::judge()), for a token that was found genuine.
async fn judge(
    door: &Door,
    kind: TokenType,
    claims: &Claims,
    now: Timestamp,
) -> Result<Result<(), TokenError>, StoreError> {
    let jti = claims.jti(door.jwt()).filter(|_| is_tracked(kind));
    if let Some(jti) = jti
        && door.principals().is_blacklisted(jti).await?
    {
        return Ok(Err(TokenError::Blacklisted));
    }
    Ok(claims.verify(kind, door.jwt(), now))
}

/// The refusal of a token, with what is wrong with it as each of the kinds.
fn not_valid(door: &Door, token: &[u8], faults: &[TokenError], now: Timestamp) -> ApiException {
    let kinds = door.tokens().classes().iter().zip(faults);
    let messages: Vec<_> = kinds.map(|(kind, fault)| message(*kind, fault)).collect();
    let body = json!({
        "detail": "Given token not valid for any token type",
        "code": "token_not_valid",
        "messages": messages,
    });
    let refused = invalid_token("Given token not valid for any token type").with_detail(body);
    let first = faults.first().unwrap_or(&TokenError::Invalid);
    explained(refused, door, token, first, now)
}

fn message(token_type: TokenType, refused: &TokenError) -> Value {
    json!({
        "token_class": token_type.class_name(),
        "token_type": token_type.name(),
        "message": refused.to_string(),
    })
}

/// So young a token may know more of its user than what is remembered of him, beside `cache.max_staleness`.
const YOUNG: Duration = Duration::from_secs(2);

/// The token's user (`JWTAuthentication.get_user`).
///
/// A token that another node made after a revocation names that revocation; who is remembered from before it does not. So a young
/// token is not refused before its user was read again.
pub(crate) fn user<'a>(door: &'a Door, claims: &Arc<Claims>) -> Answer<'a, Result<User>> {
    let (found, claims) = (known_bearer(door, claims), Arc::clone(claims));
    found.then(
        move |found| match found.map(|known| admitted(door, &claims, known)) {
            Ok(Err(_)) if is_young(door, &claims) => Answer::pending(async move {
                let user = admitted(door, &claims, bearer(door, &claims).await?)?;
                // What is remembered is older than this token.
                door.principals().forget_user(user.id());
                Ok(user)
            }),
            Ok(done) => Answer::ready(done),
            Err(failed) => Answer::ready(Err(failed.into())),
        },
    )
}

fn is_young(door: &Door, claims: &Claims) -> bool {
    let limit = YOUNG + door.settings().cache.max_staleness.duration();
    let issued = claims.iat();
    issued.is_some_and(|issued| door.now().since(issued) < limit)
}

fn admitted(door: &Door, claims: &Claims, bearer: Bearer) -> Result<User> {
    let TokenHolder { user, not_before } = match bearer {
        Bearer::Unnamed | Bearer::Misspelt => return Err(unrecognizable()),
        Bearer::Unknown => return Err(refused("User not found", "user_not_found")),
        Bearer::User(holder) => holder,
    };
    if door.tokens().checks_user_is_active() && !user.is_active {
        return Err(refused("User is inactive", "user_inactive"));
    }
    if !is_current(door, claims, &user) {
        return Err(password_changed());
    }
    if is_revoked(claims, not_before) {
        return Err(invalid_token("Token is revoked"));
    }
    Ok(user.into())
}

/// 401 for a token that names nobody.
pub(crate) fn unrecognizable() -> ApiException {
    invalid_token("Token contained no recognizable user identification")
}
