//! `GET /api/profile/`: who is calling.

use axum::routing::get;
use doorward_core::permissions::IsAuthenticated;
use doorward_core::policy::{GuardedRoute, RouteExt};
use doorward_core::renderers::Json;
use doorward_core::user::User;
use serde_json::{Value, json};

/// The caller's user name and e-mail address, under every default authenticator.
#[must_use]
pub fn profile() -> GuardedRoute {
    get(answer).policy(IsAuthenticated).describe("Profile", "")
}

async fn answer(user: User) -> Json<Value> {
    Json(json!({ "username": user.username(), "email": user.email() }))
}
