//! Where a browser is sent on to (`django.middleware.common.CommonMiddleware`,
//! `django.middleware.security.SecurityMiddleware`).

use axum::response::{IntoResponse, Response};
use doorward_django::urls::{escape_leading_slashes, escape_uri_path, iri_to_uri};
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Method, StatusCode, Uri};
use percent_encoding::{percent_decode_str, percent_encode_byte};

use crate::exceptions::ApiException;

/// 301 to the same address with a slash (`CommonMiddleware.get_full_path_with_slash`).
pub(crate) fn to_slash(uri: &Uri) -> Response {
    let path = format!("{}/", escaped(uri.path()));
    permanent(&escape_leading_slashes(&with_query(path, uri)))
}

/// What a developer is told whose form would be sent on without its fields (`RuntimeError` of
/// `CommonMiddleware.get_full_path_with_slash`).
pub(crate) fn would_lose_the_body(method: &Method, uri: &Uri) -> ApiException {
    let path = uri.path();
    ApiException::parse_error(format!(
        "You called this URL via {method}, but the URL doesn't end in a slash and `append_slash` is set. Doorward can't \
         redirect to the slash URL while maintaining {method} data. Change your form to point to {path}/ (note the \
         trailing slash), or set `append_slash = false`."
    ))
    .with_code("missing_slash")
}

/// 301 to the same address over TLS (`SECURE_SSL_REDIRECT`).
pub(crate) fn to_https(host: &str, uri: &Uri) -> Response {
    let path = escaped(uri.path());
    permanent(&format!("https://{host}{}", with_query(path, uri)))
}

/// `HttpResponsePermanentRedirect`.
fn permanent(location: &str) -> Response {
    let location = match HeaderValue::from_str(&iri_to_uri(location)) {
        Ok(location) => location,
        Err(error) => return ApiException::server_error(error).into_response(),
    };
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    let headers = [(CONTENT_TYPE, html), (LOCATION, location)];
    (StatusCode::MOVED_PERMANENTLY, headers).into_response()
}

/// `HttpRequest.get_full_path`.
fn with_query(mut path: String, uri: &Uri) -> String {
    if let Some(query) = uri.query().filter(|query| !query.is_empty()) {
        path.push('?');
        path.push_str(&iri_to_uri(query));
    }
    path
}

/// The path as Django writes it; an escaped slash, which is no separator, stays one (RFC 3986 §2.2).
fn escaped(path: &str) -> String {
    let path = path.replace("%2f", "%2F");
    let parts = path.split("%2F").map(|part| escape_uri_path(&decoded(part)));
    parts.collect::<Vec<_>>().join("%2F")
}

/// The path as Django reads it: bytes that are no UTF-8 stay escaped (`repercent_broken_unicode`).
pub(crate) fn decoded(path: &str) -> String {
    let bytes = percent_decode_str(path).collect::<Vec<u8>>();
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().copied().map(percent_encode_byte));
    }
    text
}
