//! Sessions and the CSRF cookie of one exchange (`django.contrib.sessions`, `django.middleware.csrf`).

use std::sync::Arc;

use axum::response::Response;
use doorward_django::timestamp::Timestamp;
use http::HeaderMap;

use crate::context::RequestState;
use crate::door::Door;

/// The session of one exchange; loaded when it is first asked for.
#[derive(Clone, Debug)]
pub struct Session {}

impl Session {
    pub(crate) fn from_request(_: &Door, _: &HeaderMap, _: Timestamp) -> Self {
        Self {}
    }
}

/// The CSRF cookie of one exchange.
#[derive(Debug)]
pub struct CsrfCookie {}

impl CsrfCookie {
    pub(crate) fn from_request(_: &Door, _: &HeaderMap) -> Self {
        Self {}
    }
}

/// Saves the session and sets the cookies that the exchange asks for.
pub(crate) async fn finish(_: &Arc<RequestState>, response: Response) -> Response {
    response
}
