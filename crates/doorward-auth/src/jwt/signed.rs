//! [`Signed`]: a token of ours, as text.

use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_django::jwt::{Claims, SignError};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use http::StatusCode;

use super::JwtDoorExt;

/// A token that was just signed, and when it ends.
#[derive(Clone)]
pub(crate) struct Signed {
    pub(crate) text: Secret<String>,
    pub(crate) ends_at: Option<Timestamp>,
}

/// The token of those claims; 501 where there is only a key to verify with.
pub(super) fn sign(door: &Door, claims: &Claims) -> Result<Signed> {
    let text = door.tokens().encode(claims, door.now()).map_err(unsigned)?;
    Ok(Signed {
        text: Secret::new(text),
        ends_at: claims.exp(),
    })
}

fn unsigned(error: SignError) -> ApiException {
    match error {
        SignError::VerifiesOnly(_) => {
            let detail = "Tokens are verified here, but not issued.";
            ApiException::new(StatusCode::NOT_IMPLEMENTED, "not_implemented", detail)
        }
        _ => ApiException::server_error(error),
    }
}
