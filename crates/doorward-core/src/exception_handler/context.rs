//! [`ExceptionContext`]: what is known of a request that failed.

use std::fmt;

use axum::extract::Request;
use http::{Extensions, HeaderMap, HeaderName, Method, Uri};

use crate::user::User;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What is known of a request that failed (DRF's `context`).
#[derive(Clone, Copy, Debug)]
pub struct ExceptionContext<'r> {
    pub(crate) request: &'r RequestCopy,
    pub(crate) route: Option<&'r str>,
    pub(crate) user: Option<&'r User>,
    pub(crate) default_headers: &'r HeaderMap,
}

impl<'r> ExceptionContext<'r> {
    /// The method.
    #[must_use]
    pub fn method(&self) -> &'r Method {
        &self.request.method
    }

    /// The address as it was asked for.
    #[must_use]
    pub fn uri(&self) -> &'r Uri {
        &self.request.uri
    }

    /// The path as it was asked for.
    #[must_use]
    pub fn path(&self) -> &'r str {
        self.request.uri.path()
    }

    /// The path of the route that answered, as it was registered, such as `/products/{id}/`; `None` where none was found, and
    /// where the server refused before one had answered.
    #[must_use]
    pub fn route(&self) -> Option<&'r str> {
        self.route
    }

    /// The headers of the request. Credentials are among them.
    #[must_use]
    pub fn headers(&self) -> &'r HeaderMap {
        &self.request.headers
    }

    /// The caller, as far as one was known when the request failed.
    #[must_use]
    pub fn user(&self) -> Option<&'r User> {
        self.user
    }

    /// What the request is called in the log: its `X-Request-Id`, which the access log has put there. Where none stands around
    /// the door it is what the client wrote, if it wrote any.
    #[must_use]
    pub fn request_id(&self) -> Option<&'r str> {
        self.headers().get(REQUEST_ID)?.to_str().ok()
    }

    /// What layers around the door attached to the request, by type.
    #[must_use]
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<&'r T> {
        self.request.extensions.get()
    }

    /// The headers of the default answer, such as `WWW-Authenticate`, `Retry-After` and `Allow`; those of all answers and
    /// cookies come besides.
    #[must_use]
    pub fn default_headers(&self) -> &'r HeaderMap {
        self.default_headers
    }
}

/// What is kept of a request where an exception handler is set.
#[derive(Clone)]
pub(crate) struct RequestCopy {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    extensions: Extensions,
}

/// Shows no header and no query: they hold secrets.
impl fmt::Debug for RequestCopy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestCopy")
            .field("method", &self.method)
            .field("path", &self.uri.path())
            .finish_non_exhaustive()
    }
}

impl RequestCopy {
    pub(crate) fn new(request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            headers: request.headers().clone(),
            extensions: request.extensions().clone(),
        }
    }
}
