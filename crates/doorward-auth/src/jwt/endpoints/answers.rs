//! What the views of tokens have in common (`rest_framework_simplejwt.views.TokenViewBase`).

use doorward_core::exceptions::{ApiException, Result};
use doorward_core::parsers::Data;
use doorward_core::policy::Policy;
use doorward_django::secret::Secret;
use http::StatusCode;
use serde_json::json;

use crate::jwt::introspection::TokenHint;
use crate::jwt::schemes::JwtAuthentication;

/// Open to everyone, whatever the Authorization header says; a 401 has the challenge of JSON web tokens.
pub(super) fn policy() -> Policy {
    Policy::open().challenged_by(JwtAuthentication)
}

/// A token and what a service says of it.
pub(super) struct PostedToken {
    pub(super) token: Secret<String>,
    pub(super) hint: TokenHint,
}

/// The parameters `token` and `token_type_hint` of RFC 7009 §2.1 and RFC 7662 §2.1, and nothing else of the data;
/// without a token 400 `invalid_request` (RFC 6749 §5.2).
pub(super) fn posted_token(data: Data) -> Result<PostedToken> {
    let token = data.text("token").filter(|token| !token.is_empty());
    let token = token.map(|token| Secret::new(token.to_owned()));
    let hint = match data.text("token_type_hint") {
        Some("refresh_token") => TokenHint::Refresh,
        _ => TokenHint::Access,
    };
    drop(data);
    let token = token.ok_or_else(|| {
        let body =
            json!({ "error": "invalid_request", "error_description": "The parameter token is missing." });
        ApiException::new(StatusCode::BAD_REQUEST, "invalid_request", "").with_detail(body)
    })?;
    Ok(PostedToken { token, hint })
}
