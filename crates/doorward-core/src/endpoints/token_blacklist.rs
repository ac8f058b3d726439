//! `POST /api/token/blacklist/`: a refresh token is taken back.

use axum::Json;
use axum::routing::post;
use serde_json::{Value, json};

use super::credentials::read_token;
use super::token_answers::policy;
use crate::exceptions::Result;
use crate::extract::RequestContext;
use crate::parsers::Data;
use crate::policy::{GuardedRoute, RouteExt};
use crate::tokens::blacklist;

/// `{}` once the refresh token is taken back (`TokenBlacklistView`).
#[must_use]
pub fn token_blacklist() -> GuardedRoute {
    post(answer).policy(policy()).describe(
        "Token Blacklist",
        "Takes a token and blacklists it. Must be used with the\n\
         `rest_framework_simplejwt.token_blacklist` app installed.",
    )
}

async fn answer(request: RequestContext, data: Data) -> Result<Json<Value>> {
    let token = read_token(&data, "refresh")?;
    blacklist::blacklist(request.context().door(), &token).await?;
    Ok(Json(json!({})))
}
