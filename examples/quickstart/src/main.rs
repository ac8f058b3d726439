//! Doorward in one page: `cargo run -p quickstart`, with `DOORWARD_SECRET_KEY` set.

use axum::{
    Json,
    http::StatusCode,
    routing::{get, post},
};
use doorward::prelude::*;
use serde_json::{Value, json};

async fn profile(user: User) -> Json<Value> {
    Json(json!({ "username": user.username(), "email": user.email() }))
}

async fn report(user: User) -> Json<Value> {
    Json(json!({ "title": "Takings", "for": user.username() }))
}

async fn create(_: User) -> StatusCode {
    StatusCode::CREATED
}

#[tokio::main]
async fn main() -> doorward::Result {
    let door = Doorward::open("doorward.toml").await?; // Django's database, or a new one
    let app = door
        .router()
        .route("/api/profile/", get(profile)) // IsAuthenticated, the default
        .route(
            "/api/reports/",
            get(report).policy(IsAuthenticatedOrReadOnly.and(IsAuthenticated)),
        )
        .route("/api/reports/new/", post(create).policy(IsAdminUser))
        .public("/healthz", get(|| async { "ok" }))
        .merge(door.endpoints()); // obtain, refresh, verify, blacklist, login, logout
    door.serve(app).await
}
