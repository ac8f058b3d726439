//! `POST /api/token/refresh/`, `/api/token/sliding/refresh/`: a token becomes a newer one.

use axum::response::Response;
use axum::routing::post;
use serde_json::json;

use super::credentials::read_token;
use super::token_answers::{self, policy};
use crate::exceptions::Result;
use crate::extract::RequestContext;
use crate::parsers::Data;
use crate::policy::{GuardedRoute, RouteExt};
use crate::tokens::{Client, rotation, sliding};

/// An access token, and with rotation a new refresh token, for a refresh token (`TokenRefreshView`).
#[must_use]
pub fn token_refresh() -> GuardedRoute {
    post(refresh).policy(policy()).describe(
        "Token Refresh",
        "Takes a refresh type JSON web token and returns an access type JSON web\n\
         token if the refresh token is valid.",
    )
}

async fn refresh(request: RequestContext, data: Data) -> Result<Response> {
    let token = read_token(&data, "refresh")?;
    let cx = request.context();
    let refreshed = rotation::refresh(cx.door(), &token, &Client::of(&cx)).await?;
    let access = refreshed.access.expose();
    Ok(token_answers::credentials(match &refreshed.refresh {
        None => json!({ "access": access }),
        Some(refresh) => json!({ "access": access, "refresh": refresh.expose() }),
    }))
}

/// A sliding token with a new expiry for a sliding token (`TokenRefreshSlidingView`).
#[must_use]
pub fn token_refresh_sliding() -> GuardedRoute {
    post(refresh_sliding).policy(policy()).describe(
        "Token Refresh Sliding",
        "Takes a sliding JSON web token and returns a new, refreshed version if the\n\
         token's refresh period has not expired.",
    )
}

async fn refresh_sliding(request: RequestContext, data: Data) -> Result<Response> {
    let token = read_token(&data, "token")?;
    let token = sliding::refresh(request.context().door(), &token).await?;
    Ok(token_answers::credentials(json!({ "token": token.expose() })))
}
