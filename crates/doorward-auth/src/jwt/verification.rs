//! Whether a token is good, whatever its type (`TokenVerifySerializer`).

use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_django::jwt::{TokenError, TokenType};
use doorward_django::secret::Secret;
use serde_json::json;

use super::{JwtDoorExt, judge};

/// Verifies signature, registered claims, expiry and id; the type is not looked at, nor the user.
///
/// # Errors
/// 401 with SimpleJWT's sentence and code; 400 for a blacklisted token, where `BLACKLIST_AFTER_ROTATION` is on and
/// only there. What the stores say.
pub async fn verify(door: &Door, token: &Secret<String>) -> Result {
    let claims = judge::demand(door, TokenType::Untyped, token.expose(), door.now()).await?;
    if door.tokens().looks_at_blacklist() && judge::is_blacklisted(door, &claims).await? {
        let message = TokenError::Blacklisted.to_string();
        return Err(ApiException::validation_error(
            json!({ "non_field_errors": [message] }),
        ));
    }
    Ok(())
}
