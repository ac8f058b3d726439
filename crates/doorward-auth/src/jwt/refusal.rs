//! SimpleJWT's refusals: a body of `detail` and `code` (`rest_framework_simplejwt.exceptions.DetailDictMixin`).

use std::fmt::Display;

use doorward_core::exceptions::ApiException;
use serde_json::json;

/// 401 with that sentence and the code `token_not_valid` (`InvalidToken`).
pub(crate) fn invalid_token(detail: impl Display) -> ApiException {
    refused(detail, "token_not_valid")
}

/// 401 with that sentence and code, both in the body (`AuthenticationFailed` of SimpleJWT).
pub(crate) fn refused(detail: impl Display, code: &'static str) -> ApiException {
    let detail = detail.to_string();
    let body = json!({ "detail": detail, "code": code });
    ApiException::authentication_failed(detail)
        .with_code(code)
        .with_detail(body)
}

/// 401 for a token that is older than its user's password.
pub(crate) fn password_changed() -> ApiException {
    refused("The user's password has been changed.", "password_changed")
}
