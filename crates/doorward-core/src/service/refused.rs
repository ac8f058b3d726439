//! What a request is refused in before a route was found.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};

use crate::door::Door;
use crate::exceptions::ApiException;
use crate::paths::Paths;
use crate::{negotiation, pages};

/// HTML where pages are, JSON where the API is, and elsewhere what the client would rather have.
pub(super) fn refused(door: &Door, paths: &Paths, request: &Request, refusal: ApiException) -> Response {
    match is_for_page(paths, request) {
        true => pages::failed(door, request.headers(), refusal),
        false => refusal.into_response(),
    }
}

/// Whether an address is a page's, or who asks would rather have one.
pub(super) fn is_for_page(paths: &Paths, request: &Request) -> bool {
    let path = request.uri().path();
    let is_for_person = || !paths.is_near_api(path) && negotiation::prefers_html(request.headers());
    paths.is_near_page(path) || is_for_person()
}
