//! `POST /api/token/verify/`: whether a JSON web token is good.

use axum::Json;
use axum::routing::post;
use doorward_core::exceptions::Result;
use doorward_core::extract::RequestContext;
use doorward_core::parsers::Data;
use doorward_core::policy::{GuardedRoute, RouteExt};
use doorward_django::bounds::MAX_CREDENTIALS_BODY;
use serde_json::{Value, json};

use super::answers::policy;
use crate::jwt::cookies::{self, Carried};
use crate::jwt::verification;

/// `{}` for a good token of any type (`TokenVerifyView`).
#[must_use]
pub fn token_verify() -> GuardedRoute {
    post(verify)
        .policy(policy())
        .describe(
            "Token Verify",
            "Takes a token and indicates if it is valid.  This view provides no\n\
         information about a token's fitness for a particular use.",
        )
        .takes(cookies::serializer("token"))
        .max_body(MAX_CREDENTIALS_BODY)
}

async fn verify(request: RequestContext, data: Data) -> Result<Json<Value>> {
    let cx = request.context();
    let presented = cookies::present(&cx, data, "token", &[Carried::Access, Carried::Refresh])?;
    verification::verify(cx.door(), &presented.token).await?;
    Ok(Json(json!({})))
}
