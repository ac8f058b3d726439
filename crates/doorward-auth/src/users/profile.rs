//! `GET /api/profile/`: who is calling.

use axum::routing::get;
use serde_json::{Value, json};

use crate::permissions::IsAuthenticated;
use crate::policy::{GuardedRoute, RouteExt};
use crate::renderers::Json;
use crate::user::User;

/// The caller's user name and e-mail address, under every default authenticator.
#[must_use]
pub fn profile() -> GuardedRoute {
    get(answer).policy(IsAuthenticated).describe("Profile", "")
}

async fn answer(user: User) -> Json<Value> {
    Json(json!({ "username": user.username(), "email": user.email() }))
}
