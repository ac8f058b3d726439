//! What a client is told that is locked out: the same for a name that somebody has and for one that nobody has.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use crate::exceptions::ApiException;

/// As django-axes says it.
pub const LOCKED: &str = "Account locked: too many login attempts. Please try again later.";
const CODE: &str = "locked_out";

/// 429 `locked_out`, with the time to wait.
#[must_use]
pub fn locked_out(wait: Duration) -> ApiException {
    let detail = json!({ "detail": LOCKED, "code": CODE });
    ApiException::new(StatusCode::TOO_MANY_REQUESTS, CODE, detail).with_retry_after(wait)
}

/// Whether a failure is that of somebody who is locked out.
#[must_use]
pub fn is_locked_out(failure: &ApiException) -> bool {
    failure.code() == CODE
}
