//! [`Outline`]: a request as far as its refusal depends on it.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use doorward_django::urls::Scheme;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, Method};

use super::Asked;
use crate::context::scheme;
use crate::door::Door;
use crate::exception_handler::RequestCopy;
use crate::exceptions::ApiException;
use crate::paths::Paths;
use crate::security::Security;
use crate::{negotiation, pages};

/// The headers that tell whether a page is wanted.
const LOOKED_AT: [HeaderName; 2] = [ACCEPT, CONTENT_TYPE];

/// What is kept of a request, so that it can still be refused in its own language when its handler has it.
#[derive(Debug)]
pub struct Outline {
    asker: Asker,
    pub(super) asked: Asked,
    pub(super) is_head: bool,
    /// As a trusted proxy tells it, else as the connection has it.
    pub(super) scheme: Scheme,
    /// Where an exception handler is set.
    pub(super) copy: Option<Box<RequestCopy>>,
}

/// Who may be asking at such an address.
#[derive(Debug)]
enum Asker {
    /// Where the API is: a program.
    Program,
    /// Where pages are: a browser, or a script beside it.
    Page(Box<HeaderMap>),
    /// Elsewhere: whoever.
    Anyone(Box<HeaderMap>),
}

impl Outline {
    pub(super) fn new(security: &Security, paths: &Paths, request: &Request) -> Self {
        let forwarded = security.forwarded.scheme(request);
        Self {
            asker: Asker::of(paths, request),
            asked: Asked::new(request),
            is_head: request.method() == Method::HEAD,
            scheme: forwarded.unwrap_or_else(|| scheme(request.extensions())),
            copy: None,
        }
    }

    /// The same, with what an exception handler is shown of the request.
    pub(super) fn with_copy(self, request: &Request) -> Self {
        Self {
            copy: Some(Box::new(RequestCopy::new(request))),
            ..self
        }
    }

    /// The refusal itself, without the headers of all answers.
    pub(super) fn refused(&self, door: &Door, refusal: ApiException) -> Response {
        match &self.asker {
            Asker::Page(headers) => pages::failed(door, headers, refusal),
            Asker::Anyone(headers) if negotiation::prefers_html(headers) => {
                pages::failed(door, headers, refusal)
            }
            Asker::Anyone(_) | Asker::Program => refusal.into_response(),
        }
    }
}

impl Asker {
    /// Nothing is copied for a program, whatever it would rather read.
    fn of(paths: &Paths, request: &Request) -> Self {
        let path = request.uri().path();
        match (paths.is_near_page(path), paths.is_near_api(path)) {
            (true, _) => Self::Page(looked_at(request.headers())),
            (false, true) => Self::Program,
            (false, false) => Self::Anyone(looked_at(request.headers())),
        }
    }
}

fn looked_at(headers: &HeaderMap) -> Box<HeaderMap> {
    let mut kept = HeaderMap::new();
    for name in LOOKED_AT {
        for value in headers.get_all(&name) {
            kept.append(&name, value.clone());
        }
    }
    Box::new(kept)
}
