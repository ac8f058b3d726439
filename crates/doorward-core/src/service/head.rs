//! HEAD is GET without the body (RFC 9110 §9.3.2).

use axum::body::HttpBody;
use axum::response::Response;
use http::HeaderValue;
use http::header::{CONTENT_LENGTH, Entry};

/// Leaves the body out; its length is still told.
pub(super) fn leave_body_out(response: &mut Response) {
    let body = std::mem::take(response.body_mut());
    if let (Some(length), Entry::Vacant(entry)) = (
        body.size_hint().exact(),
        response.headers_mut().entry(CONTENT_LENGTH),
    ) {
        entry.insert(HeaderValue::from(length));
    }
}
