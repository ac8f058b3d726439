//! What the views of tokens have in common (`rest_framework_simplejwt.views.TokenViewBase`).

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::CACHE_CONTROL;
use serde_json::Value;

use crate::authentication::JwtAuthentication;
use crate::policy::Policy;

/// Open to everyone, whatever the Authorization header says; a 401 has the challenge of JSON web tokens.
pub(super) fn policy() -> Policy {
    Policy::open().challenged_by(JwtAuthentication)
}

/// 200 with credentials in it, which no cache may keep (difference 16).
pub(super) fn credentials(body: Value) -> Response {
    let mut response = Json(body).into_response();
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    response
}
