//! `GET /api/profile/`: who is calling.

use axum::Json;
use axum::routing::get;
use serde_json::{Value, json};

use super::arrived::Arrived;
use crate::exceptions::{ApiException, Result};
use crate::permissions::IsAuthenticated;
use crate::policy::{GuardedRoute, RouteExt};

/// The caller's user name and e-mail address, under every default authenticator.
#[must_use]
pub fn profile() -> GuardedRoute {
    get(answer).policy(IsAuthenticated).describe("Profile", "")
}

async fn answer(arrived: Arrived) -> Result<Json<Value>> {
    let identity = arrived.identity.get();
    let user = &identity.ok_or_else(ApiException::not_authenticated)?.user;
    Ok(Json(
        json!({ "username": user.username(), "email": user.email() }),
    ))
}
