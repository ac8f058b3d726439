//! A panic is one failed request and one line in the log, nothing more.

use std::any::Any;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use tower::{Service, ServiceExt};

use crate::exceptions::ApiException;

/// The answer of `service`, or a 500 where it panics.
pub(super) async fn caught<S>(service: S, request: Request) -> Response
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    // Nothing of the request is looked at after a panic, so nothing half-changed is seen.
    let answer = AssertUnwindSafe(service.oneshot(request)).catch_unwind();
    match answer.await {
        Ok(Ok(response)) => response,
        Err(panic) => ApiException::server_error(Panicked::new(&*panic)).into_response(),
    }
}

/// What a panic said.
#[derive(Debug, thiserror::Error)]
#[error("a handler panicked: {0}")]
struct Panicked(String);

impl Panicked {
    fn new(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Self(text.unwrap_or("no message").to_owned())
    }
}
