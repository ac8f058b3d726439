//! [`Begun`]: how far a request gets before anything is waited for.

use axum::response::Response;
use futures_util::future::BoxFuture;
use http::Uri;

use crate::exceptions;

/// How far a request gets before anything is waited for. It is kept small, for it is moved.
pub(super) enum Begun<'a> {
    /// It is a preflight, which has its answer.
    Preflight(Box<Response>),
    /// It is refused or sent on before a route is looked for.
    Refused(Box<Response>),
    /// Its route answers; with the address, where that may lack its slash.
    Routed(BoxFuture<'a, Response>, Option<Box<Uri>>),
}

impl Begun<'_> {
    /// The same, with exceptions kept for an exception handler.
    pub(super) fn keeping(self) -> Self {
        match self {
            Self::Routed(answer, slashless) => Self::Routed(Box::pin(exceptions::keeping(answer)), slashless),
            answered => answered,
        }
    }
}
