//! A dashboard for those who logged in with a browser: the tutorial's `DashboardAPI`.
//! `cargo run -p session-dashboard`, with `DOORWARD_SECRET_KEY` set.
//!
//! ```text
//! # Not logged in: 403
//! curl -i http://127.0.0.1:8000/dashboard/
//!
//! # Log in at http://127.0.0.1:8000/api-auth/login/?next=/dashboard/, or as a browser does:
//! # the form sets the CSRF cookie, and the login sends it back
//! curl -s -o /dev/null -c jar http://127.0.0.1:8000/api-auth/login/
//! csrf=$(awk '$6 == "csrftoken" { print $7 }' jar)
//! curl -b jar -c jar http://127.0.0.1:8000/api-auth/login/ -d "username=root&password=toor&csrfmiddlewaretoken=$csrf"
//!
//! # Only logged-in users can access
//! curl -b jar http://127.0.0.1:8000/dashboard/
//!
//! # Log out; the token has changed with the login
//! csrf=$(awk '$6 == "csrftoken" { print $7 }' jar)
//! curl -b jar -c jar -X POST -H "X-CSRFToken: $csrf" http://127.0.0.1:8000/api-auth/logout/
//! ```

use axum::Json;
use axum::routing::get;
use doorward::Door;
use doorward::endpoints::{login, logout};
use doorward::prelude::*;
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> doorward::Result {
    let door = Doorward::open("doorward.toml").await?;
    door.serve(routes(&door)).await
}

fn routes(door: &Door) -> Router {
    let with_session = Policy::from(IsAuthenticated).authenticate(SessionAuthentication);
    door.router()
        .route("/dashboard/", get(dashboard).policy(with_session))
        .route("/api-auth/login/", login())
        .route("/api-auth/logout/", logout())
}

/// `DashboardAPI`: `user` is `request.user`, the current authenticated user.
async fn dashboard(user: User) -> Json<Value> {
    Json(json!({ "message": format!("Hello {}, welcome to your dashboard", user.username()) }))
}

#[cfg(test)]
mod tests;
