//! [`ExceptionHandler`]: the body of every failure, in a site's own shape (`EXCEPTION_HANDLER`,
//! `rest_framework.views.exception_handler`).
//!
//! A handler is a closure, or a type of one's own. It gets the exception and what is known of the request, and gives the
//! answer; [`exception_handler`] is what it would be without one.
//!
//! ```
//! use doorward_core::exception_handler::{ErrorResponse, ExceptionContext, exception_handler};
//! use doorward_core::exceptions::ApiException;
//! use serde_json::json;
//!
//! fn envelope(exception: &ApiException, cx: &ExceptionContext<'_>) -> ErrorResponse {
//!     let mut response = exception_handler(exception, cx);
//!     response.data = json!({
//!         "success": false,
//!         "code": exception.code(),
//!         "error": response.data,
//!         "request_id": cx.request_id(),
//!     });
//!     response
//! }
//! ```
//!
//! It words all that is JSON: refusals of the guard and of the forms around it, unknown paths, what handlers raise, what the
//! server refuses. Pages stay HTML. A handler that panics, or gives what no client can be sent, is told in the log, and
//! the default is sent.

mod context;
mod problem_details;
mod response;

use std::fmt;
use std::sync::Arc;

pub use context::ExceptionContext;
pub(crate) use context::RequestCopy;
pub(crate) use problem_details::ProblemDetails;
pub(crate) use response::default_headers;
pub use response::{ErrorResponse, default_status};

use crate::door::Door;
use crate::exceptions::ApiException;

/// Words failures (`EXCEPTION_HANDLER`). A closure or a function of the two arguments is one.
pub trait ExceptionHandler: Send + Sync {
    /// The answer to a request that failed. It is called once for each; it waits for nothing.
    fn handle(&self, exception: &ApiException, cx: &ExceptionContext<'_>) -> ErrorResponse;

    /// Whether it words the 500 of a panic too: see [`WithPanics`]. What panicked may have left something half done, so that
    /// the default is the shortest way out.
    fn handles_panics(&self) -> bool {
        false
    }
}

impl<F> ExceptionHandler for F
where
    F: Fn(&ApiException, &ExceptionContext<'_>) -> ErrorResponse + Send + Sync,
{
    fn handle(&self, exception: &ApiException, cx: &ExceptionContext<'_>) -> ErrorResponse {
        self(exception, cx)
    }
}

/// That handler, for the 500 of a panic too.
#[derive(Clone, Copy, Debug)]
pub struct WithPanics<H>(pub H);

impl<H: ExceptionHandler> ExceptionHandler for WithPanics<H> {
    fn handle(&self, exception: &ApiException, cx: &ExceptionContext<'_>) -> ErrorResponse {
        self.0.handle(exception, cx)
    }

    fn handles_panics(&self) -> bool {
        true
    }
}

/// What is answered where no handler is set (`rest_framework.views.exception_handler`): the exception's
/// [`data`](ApiException::data), with the status and the headers that its route gives it.
#[must_use]
pub fn exception_handler(exception: &ApiException, cx: &ExceptionContext<'_>) -> ErrorResponse {
    ErrorResponse {
        status: exception.status(),
        headers: cx.default_headers().clone(),
        data: exception.data(),
    }
}

/// The handler of a site, in its slot.
#[derive(Clone)]
pub(crate) struct SiteExceptionHandler(pub(crate) Arc<dyn ExceptionHandler>);

impl Door {
    /// What words failures; `None` for the default.
    pub(crate) fn exception_handler(&self) -> Option<Arc<dyn ExceptionHandler>> {
        let handler = self.slot::<SiteExceptionHandler>()?;
        Some(Arc::clone(&handler.0))
    }
}

impl fmt::Debug for SiteExceptionHandler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SiteExceptionHandler")
    }
}
