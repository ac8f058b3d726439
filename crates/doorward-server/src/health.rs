//! `/healthz` and `/readyz`: whether this process lives, and whether it can answer.

use axum::http::header::{ALLOW, CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use doorward::Doorward;
use doorward::exceptions::ApiException;
use doorward::serve::Draining;

/// 200 as long as the process answers at all.
pub(crate) fn healthz() -> MethodRouter {
    get(|| async { told(StatusCode::OK, "ok") }).fallback(not_allowed)
}

/// 200 where the database can be reached; 503 where not, and when the server is about to end.
pub(crate) fn readyz(door: &Doorward, draining: &Draining) -> MethodRouter {
    let (door, draining) = (door.clone(), draining.clone());
    get(move || async move { ready(&door, &draining).await }).fallback(not_allowed)
}

async fn ready(door: &Doorward, draining: &Draining) -> Response {
    if draining.begun() {
        return told(StatusCode::SERVICE_UNAVAILABLE, "draining");
    }
    // A table is read: without one SQLite would not look at its file, nor at the locks on it.
    let read = door
        .database()
        .fetch_optional("SELECT id FROM django_migrations LIMIT 1", []);
    match read.await {
        Ok(_) => told(StatusCode::OK, "ok"),
        Err(error) => {
            tracing::warn!(error.cause = %error, "not ready: the database cannot be reached");
            told(StatusCode::SERVICE_UNAVAILABLE, "the database cannot be reached")
        }
    }
}

/// 405 as every other route has it.
async fn not_allowed(method: Method) -> Response {
    let mut response = ApiException::method_not_allowed(&method).into_response();
    let allowed = HeaderValue::from_static("GET, HEAD");
    response.headers_mut().insert(ALLOW, allowed);
    response
}

fn told(status: StatusCode, text: &'static str) -> Response {
    let mut response = (status, [(CACHE_CONTROL, "no-store")], format!("{text}\n")).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, 1.into());
    }
    response
}
