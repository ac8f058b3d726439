//! Failures in the site's own shape, where it has an exception handler.

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use axum::response::Response;
use http::header::CONTENT_TYPE;

use super::panics::Panicked;
use crate::exception_handler::{
    ErrorResponse, ExceptionContext, ExceptionHandler, RequestCopy, default_headers,
};
use crate::exceptions::{ApiException, Raised};
use crate::served::Served;

/// Has the handler word that response, if it was made from an [`ApiException`] and is JSON still. Where the handler fails, it
/// stays as it is.
pub(super) fn word(handler: &dyn ExceptionHandler, request: &RequestCopy, response: &mut Response) {
    let Some(Raised { exception, user }) = response.extensions_mut().remove() else {
        return;
    };
    // Nobody else has it, but for layers that copy responses.
    let exception = Arc::try_unwrap(exception).map(|exception| exception.with_status(response.status()));
    let exception = exception.map_or_else(|shared| shared, Arc::new);
    let has_failed = response.status().is_client_error() || response.status().is_server_error();
    if !has_failed || !is_json(response) || (is_panic(&exception) && !handler.handles_panics()) {
        return;
    }
    let served = response.extensions().get::<Served>().cloned();
    let cx = ExceptionContext {
        request,
        route: served.as_ref().map(Served::route),
        user: user.as_ref(),
        default_headers: &default_headers(response),
    };
    match worded(handler, &exception, &cx).map(|worded| worded.replace(response)) {
        Some(Ok(())) => {}
        Some(Err(problem)) => tracing::error!(%problem, "the exception handler's answer cannot be sent"),
        None => tracing::error!(error.code = exception.code(), "the exception handler panicked"),
    }
}

/// What the handler answers; `None` where it panics.
fn worded(
    handler: &dyn ExceptionHandler,
    exception: &ApiException,
    cx: &ExceptionContext<'_>,
) -> Option<ErrorResponse> {
    // It borrows what it is shown, and nothing of that is looked at after a panic.
    catch_unwind(AssertUnwindSafe(|| handler.handle(exception, cx))).ok()
}

fn is_json(response: &Response) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE);
    content_type.is_some_and(|value| value == "application/json")
}

fn is_panic(exception: &ApiException) -> bool {
    exception.source().is_some_and(|cause| cause.is::<Panicked>())
}
