//! `POST /api/token/revoke-all/`: every token of the caller is taken back.

use axum::Json;
use axum::routing::post;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::extract::RequestContext;
use doorward_core::permissions::IsAuthenticated;
use doorward_core::policy::{GuardedRoute, RouteExt};
use doorward_django::bounds::MAX_CREDENTIALS_BODY;
use serde_json::{Value, json};

use crate::jwt::{cookies, revocation};

/// `{}` once nothing that was issued to the caller opens the API any more: refresh, sliding and access tokens, and the
/// opaque token. Sessions stay.
#[must_use]
pub fn token_revoke_all() -> GuardedRoute {
    post(answer)
        .policy(IsAuthenticated)
        .describe("Token Revoke All", "Takes back every token of the caller.")
        .max_body(MAX_CREDENTIALS_BODY)
}

async fn answer(request: RequestContext) -> Result<Json<Value>> {
    let cx = request.context();
    // The bearer of a stateless token is nobody whom the database knows.
    let row = cx.user().and_then(|user| user.row());
    let user = row.ok_or_else(ApiException::permission_denied)?;
    revocation::revoke_all(cx.door(), &user.id).await?;
    cookies::delete(&cx);
    Ok(Json(json!({})))
}
