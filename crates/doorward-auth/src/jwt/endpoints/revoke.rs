//! `POST /api/token/revoke/`: a service takes a token back (RFC 7009).

use axum::routing::post;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::extract::RequestContext;
use doorward_core::parsers::Data;
use doorward_core::permissions::IsAdminUser;
use doorward_core::policy::{GuardedRoute, RouteExt};
use doorward_django::bounds::MAX_CREDENTIALS_BODY;
use http::StatusCode;
use serde_json::json;

use super::answers::{PostedToken, posted_token};
use crate::jwt::revocation::{Revocation, revoke};

/// 200 once the `token` is worth nothing, and for one that never was; off unless `[urls]` names it.
///
/// With a refresh token falls its family. An access token is 400 `unsupported_token_type` (RFC 7009 §2.2.1).
#[must_use]
pub fn token_revoke() -> GuardedRoute {
    post(answer)
        .policy(IsAdminUser)
        .describe("Token Revoke", "Takes a token back (RFC 7009).")
        .max_body(MAX_CREDENTIALS_BODY)
}

async fn answer(request: RequestContext, data: Data) -> Result<StatusCode> {
    let PostedToken { token, .. } = posted_token(data)?;
    match revoke(request.context().door(), &token).await? {
        Revocation::Revoked(_) | Revocation::Nothing => Ok(StatusCode::OK),
        Revocation::NotTracked => Err(unsupported()),
    }
}

fn unsupported() -> ApiException {
    let body = json!({ "error": "unsupported_token_type" });
    ApiException::new(StatusCode::BAD_REQUEST, "unsupported_token_type", "").with_detail(body)
}
