use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::stores::StoreError;
use doorward_django::jwt::{Claims, TokenError, TokenType};
use doorward_django::timestamp::Timestamp;

use super::{JwtDoorExt, invalid_token};

/// What SimpleJWT asks when it makes a token of that type from text: signature and registered claims, then the
/// blacklist, then expiry, id and type (`rest_framework_simplejwt.tokens.Token.__init__`).
pub(crate) async fn judge(
    door: &Door,
    token_type: TokenType,
    token: &[u8],
    now: Timestamp,
) -> Result<Result<Claims, TokenError>, StoreError> {
    let claims = match door.tokens().decode(token, now).await? {
        Ok(claims) => claims,
        Err(refused) => return Ok(Err(refused)),
    };
    if is_tracked(token_type) && is_blacklisted(door, &claims).await? {
        return Ok(Err(TokenError::Blacklisted));
    }
    Ok(claims.verify(token_type, door.jwt(), now).map(|()| claims))
}

/// A token of which the blacklist is judged apart.
pub(super) struct Judged {
    pub(super) claims: Result<Claims, TokenError>,
    pub(super) is_blacklisted: bool,
}

/// As [`judge`], for a caller who has something to say to a token that was taken back. Such a one is refused for
/// nothing else: SimpleJWT asks the blacklist first.
pub(super) async fn tracked(
    door: &Door,
    token_type: TokenType,
    token: &[u8],
    now: Timestamp,
) -> Result<Judged, StoreError> {
    let claims = match door.tokens().decode(token, now).await? {
        Ok(claims) => claims,
        Err(refused) => {
            return Ok(Judged {
                claims: Err(refused),
                is_blacklisted: false,
            });
        }
    };
    let is_blacklisted = is_blacklisted(door, &claims).await?;
    let claims = match claims.verify(token_type, door.jwt(), now) {
        Ok(()) => Ok(claims),
        Err(_) if is_blacklisted => Err(TokenError::Blacklisted),
        Err(refused) => Err(refused),
    };
    Ok(Judged {
        claims,
        is_blacklisted,
    })
}

/// As [`judge`], with the refusal that a client of the token endpoints reads.
pub(super) async fn demand(
    door: &Door,
    token_type: TokenType,
    token: &str,
    now: Timestamp,
) -> Result<Claims> {
    let judged = judge(door, token_type, token.as_bytes(), now).await?;
    judged.map_err(|error| refused(door, token, &error, now))
}

/// The refusal of a token that was judged.
pub(super) fn refused(door: &Door, token: &str, error: &TokenError, now: Timestamp) -> ApiException {
    explained(invalid_token(error), door, token.as_bytes(), error, now)
}

/// A refusal that tells developers which rule it was. Only for who reads it is the token looked at again.
pub(crate) fn explained(
    refusal: ApiException,
    door: &Door,
    token: &[u8],
    error: &TokenError,
    now: Timestamp,
) -> ApiException {
    if !door.settings().debug && !tracing::enabled!(tracing::Level::DEBUG) {
        return refusal;
    }
    let fault = matches!(error, TokenError::Invalid | TokenError::Expired)
        .then(|| door.tokens().fault(token, now))
        .flatten();
    match fault {
        Some(fault) => refusal.with_reason(format!("{error}: {fault}")),
        None => refusal.with_reason(error.to_string()),
    }
}

/// Whether the token's id is on the blacklist; what has no id cannot be.
pub(super) async fn is_blacklisted(door: &Door, claims: &Claims) -> Result<bool, StoreError> {
    match claims.jti(door.jwt()) {
        Some(jti) => door.stores().outstanding_tokens.is_blacklisted(jti).await,
        None => Ok(false),
    }
}

/// Access tokens are never recorded, and so never taken back (`BlacklistMixin`).
pub(super) fn is_tracked(token_type: TokenType) -> bool {
    matches!(token_type, TokenType::Refresh | TokenType::Sliding)
}
