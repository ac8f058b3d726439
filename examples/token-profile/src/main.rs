//! A profile behind TokenAuthentication: the tutorials' `UserProfileView` and `ProfileAPI`.
//! `cargo run -p token-profile`, with `DOORWARD_SECRET_KEY` set.
//!
//! ```text
//! # Without a token: 401
//! curl -i http://127.0.0.1:8000/api/profile/
//!
//! # Generate a token on the server ...
//! doorward drf_create_token root
//! # ... or exchange username and password for it
//! curl -X POST http://127.0.0.1:8000/api/token/ -d "username=root&password=toor"
//!
//! # Authorization: Token <the_actual_token>
//! curl http://127.0.0.1:8000/api/profile/ -H 'Authorization: Token <TOKEN>'
//! ```

use axum::Json;
use axum::routing::get;
use doorward::Door;
use doorward::endpoints::obtain_auth_token;
use doorward::prelude::*;
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> doorward::Result {
    let door = Doorward::open("doorward.toml").await?;
    door.serve(routes(&door)).await
}

/// `myproject/urls.py`.
fn routes(door: &Door) -> Router {
    let with_token = Policy::from(IsAuthenticated).authenticate(TokenAuthentication::default());
    door.router()
        .route("/api/profile/", get(user_profile).policy(with_token))
        .route("/api/token/", obtain_auth_token())
}

/// `UserProfileView`: because of `IsAuthenticated` there is a user.
async fn user_profile(user: User) -> Json<Value> {
    Json(json!({ "username": user.username(), "email": user.email() }))
}

#[cfg(test)]
mod tests;
