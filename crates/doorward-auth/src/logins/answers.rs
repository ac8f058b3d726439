//! What the pages of this room answer with.

use axum::response::{Html, IntoResponse, Response};
use doorward_core::context::Context;
use doorward_core::cookies::http_date;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::pages::document;
use doorward_core::parsers::Data;
use doorward_django::timestamp::Timestamp;
use doorward_django::urls::{RequireHttps, Scheme, iri_to_uri, url_has_allowed_host_and_scheme};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, EXPIRES, LOCATION};
use http::{HeaderValue, StatusCode};

/// The query parameter and form field that names where to go next (`REDIRECT_FIELD_NAME`).
const NEXT: &str = "next";

/// Where the client wants to go next, if it is safe to send a browser there; the form is asked before the query
/// (`RedirectURLMixin.get_redirect_url`).
pub(super) fn next(cx: &Context<'_>, form: Option<&Data>) -> Option<String> {
    let from_form = form.and_then(|form| form.text(NEXT)).map(str::to_owned);
    let url = from_form.or_else(|| from_query(cx))?;
    let hosts: Vec<&str> = cx.host().into_iter().collect();
    let require_https = match cx.scheme() {
        Scheme::Http => RequireHttps::No,
        Scheme::Https => RequireHttps::Yes,
    };
    url_has_allowed_host_and_scheme(&url, &hosts, require_https).then_some(url)
}

fn from_query(cx: &Context<'_>) -> Option<String> {
    let pairs = form_urlencoded::parse(cx.uri().query()?.as_bytes());
    let values = pairs.filter(|(name, _)| name == NEXT);
    values.last().map(|(_, value)| value.into_owned())
}

/// 302 to an address that is known to be safe (`HttpResponseRedirect`).
pub(super) fn redirect(url: &str) -> Result<Response> {
    let location = HeaderValue::try_from(iri_to_uri(url)).map_err(ApiException::server_error)?;
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    Ok((StatusCode::FOUND, [(CONTENT_TYPE, html), (LOCATION, location)]).into_response())
}

/// A page, with 200.
pub(super) fn page(title: &str, main: &impl askama::Template) -> Result<Response> {
    Ok(Html(document(title, main)?).into_response())
}

/// Says that no cache may keep the answer (`django.views.decorators.cache.never_cache`).
pub(super) fn never_cached(mut response: Response, now: Timestamp) -> Response {
    let headers = response.headers_mut();
    if let Ok(date) = HeaderValue::try_from(http_date(now.as_secs())) {
        headers.insert(EXPIRES, date);
    }
    let directives = "max-age=0, no-cache, no-store, must-revalidate, private";
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(directives));
    response
}
