//! Authentication classes of one's own: one file for each kind that real projects have, and a route behind each.
//!
//! - `cookie`: a credential from a cookie, with a CSRF token and without
//! - `tokens`: tokens of one's own table, which expire, are revoked, and know when they were used
//! - `session`: a session without CSRF token, and one whose refusals are 401
//! - `checks`: a check after success: a version in the token, a device, a second factor
//! - `optional`: a bad credential means anonymous
//! - `issuer`: tokens of Keycloak, Firebase and their like
//! - `api_keys`: hashed keys with a prefix, upgraded when they are used
//! - `signed_requests`, `signed_urls`: callers who are no users
//!
//! Their tables are those of the app [`Keys`].

mod api_keys;
mod app;
mod checks;
mod cookie;
mod issuer;
mod optional;
mod session;
mod signed_requests;
mod signed_urls;
mod tables;
mod tokens;

use std::sync::Arc;

use axum::Json;
use axum::routing::{get, post};
use doorward::Door;
use doorward::prelude::*;
use serde_json::{Value, json};

pub use app::{Keys, KeysSettings};
pub use checks::Version;
pub use issuer::keycloak;

/// Every route: each behind one of the authentication classes.
#[must_use]
pub fn routes(door: &Door, keycloak: &Arc<IssuerAuthentication>) -> Router {
    let users = |policy: Policy| get(whoami).post(whoami).policy(policy.permit(IsAuthenticated));
    let by = |authenticator: Arc<dyn doorward::authentication::Authenticator>| {
        users(Policy::new().authenticators([authenticator]))
    };
    door.router()
        .route("/cookie/", users(cookie::with_csrf()))
        .route("/cookie-exempt/", users(cookie::csrf_exempt()))
        .route("/token/", users(tokens::policy()))
        .route("/session-exempt/", users(session::csrf_exempt()))
        .route("/session-401/", users(session::with_401()))
        .route("/version/", by(Arc::new(checks::current_version())))
        .route("/device/", by(Arc::new(checks::known_device())))
        .route("/second-factor/", by(Arc::new(checks::second_factor())))
        .route("/optional/", get(whoami).policy(optional::policy()))
        .route("/issuer/", by(Arc::clone(keycloak) as _))
        .route("/api-key/", users(api_keys::policy()))
        .route(
            "/readings/",
            post(signed_requests::take_reading)
                .policy(signed_requests::policy())
                .max_body(10_000),
        )
        .route(
            "/files/{name}/",
            get(signed_urls::download).policy(signed_urls::policy()),
        )
        .route(
            "/files/{name}/link/",
            get(signed_urls::share).policy(IsAuthenticated),
        )
}

/// Who calls, and by what.
async fn whoami(user: Option<User>, auth: Option<Auth>) -> Json<Value> {
    let auth = auth.as_ref().and_then(Auth::class_name);
    Json(json!({ "user": user.as_ref().map(User::username), "auth": auth }))
}
