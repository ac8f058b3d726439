//! A panic is one failed request and one line in the log, nothing more.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::exceptions::{self, ApiException, Result};

/// That answer, or a 500 where it panics on its way.
pub(super) async fn caught(answer: BoxFuture<'_, Response>) -> Response {
    match noticed(answer).await {
        Ok(response) => response,
        Err(failure) => exceptions::keeping_now(|| failure.into_response()),
    }
}

/// That answer, or what became of it where it panics on its way.
pub(super) async fn noticed(answer: BoxFuture<'_, Response>) -> Result<Response> {
    // Nothing of the request is looked at after a panic, so nothing half-changed is seen.
    let answer = AssertUnwindSafe(answer).catch_unwind().await;
    answer.map_err(|panic| ApiException::server_error(Panicked::new(&*panic)))
}

/// What a panic said.
#[derive(Debug, thiserror::Error)]
#[error("a handler panicked: {0}")]
pub(super) struct Panicked(String);

impl Panicked {
    fn new(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Self(text.unwrap_or("no message").to_owned())
    }
}
