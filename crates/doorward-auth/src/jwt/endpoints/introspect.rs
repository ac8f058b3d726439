//! `POST /api/token/introspect/`: a service asks what a token is worth (RFC 7662).

use axum::response::Response;
use axum::routing::post;
use doorward_core::exceptions::Result;
use doorward_core::extract::RequestContext;
use doorward_core::parsers::Data;
use doorward_core::permissions::IsAdminUser;
use doorward_core::policy::{GuardedRoute, RouteExt};
use doorward_django::bounds::MAX_CREDENTIALS_BODY;
use doorward_django::json::{Value, json};

use super::answers::{PostedToken, posted_token};
use crate::accounts::credentials;
use crate::jwt::introspection::introspect;

/// What the `token` says, with `"active": true`; `{"active": false}` and nothing more for one that is worth nothing,
/// whatever the reason. Off unless `[urls]` names it.
///
/// Refresh tokens are told of with `token_type_hint=refresh_token` only.
#[must_use]
pub fn token_introspect() -> GuardedRoute {
    post(answer)
        .policy(IsAdminUser)
        .describe("Token Introspect", "Tells what a token is worth (RFC 7662).")
        .max_body(MAX_CREDENTIALS_BODY)
}

async fn answer(request: RequestContext, data: Data) -> Result<Response> {
    let PostedToken { token, hint } = posted_token(data)?;
    let told = introspect(request.context().door(), &token, hint).await?;
    let told = told.map_or_else(|| json!({ "active": false }), Value::from);
    Ok(credentials::answer(told))
}
