//! `/healthz` and `/readyz`: whether this process lives, and whether it can answer.

mod readiness;

use std::sync::Arc;

use axum::http::header::{ALLOW, CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use doorward::Doorward;
use doorward::exceptions::ApiException;
use doorward::serve::Draining;

use crate::access_log::NoFailure;
use readiness::Readiness;
pub(crate) use readiness::tell;

/// 200 as long as the process answers at all.
pub(crate) fn healthz() -> MethodRouter {
    get(|| async { told(StatusCode::OK, "ok") }).fallback(not_allowed)
}

/// 200 where requests can be answered, logins too; 503 and a reason where not, and when the server is about to end.
pub(crate) fn readyz(door: &Doorward, draining: &Draining) -> MethodRouter {
    let (readiness, draining) = (Arc::new(Readiness::new(door)), draining.clone());
    get(move || async move { ready(&readiness, &draining).await }).fallback(not_allowed)
}

const LOCAL_TIMES: &str = "ok\nDjango seems to keep local times in this database (USE_TZ = False)";

async fn ready(readiness: &Readiness, draining: &Draining) -> Response {
    if draining.begun() {
        let mut response = told(StatusCode::SERVICE_UNAVAILABLE, "draining");
        response.extensions_mut().insert(NoFailure);
        return response;
    }
    match readiness.reason().await {
        None if readiness.finds_local_times().await => told(StatusCode::OK, LOCAL_TIMES),
        None => told(StatusCode::OK, "ok"),
        Some(reason) => told(StatusCode::SERVICE_UNAVAILABLE, reason),
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
