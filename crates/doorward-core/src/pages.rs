//! Pages for browsers: Django's plain views, with HTML where something fails
//! (`django.views.View`, `django.views.defaults`, `django.views.csrf`); and the [document] that they all are.

use std::sync::Arc;

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use crate::context::{Context, RequestState, View};
use crate::door::Door;
use crate::exceptions::{self, ApiException, Result};
use crate::handlers::{Handlers, handle};
use crate::parsers::is_json;
use crate::policy::{Invitation, Rules};
use crate::{csrf, negotiation, throttling};

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// As `django.views.decorators.cache.never_cache`, which stands on every page that knows who is asking.
const NEVER_CACHE: HeaderValue =
    HeaderValue::from_static("max-age=0, no-cache, no-store, must-revalidate, private");

/// The style sheet of the pages that come with Doorward. It stands inside of them, and `security.content_security_policy`
/// names it by its hash.
pub const PAGE_STYLE: &str = include_str!("../templates/page.css");

/// A page of this site, whole: `main` is what it shows, a fragment of HTML in which all that is not ours was escaped.
///
/// # Errors
/// 500 where it cannot be written.
pub fn document(title: &str, main: &impl Template) -> Result<String> {
    let main = main.render().map_err(ApiException::server_error)?;
    let style = PAGE_STYLE;
    let page = PageTemplate {
        title,
        style,
        main: &main,
    };
    page.render().map_err(ApiException::server_error)
}

/// The answer of a page, which no cache may keep unless the page itself says so.
pub(crate) async fn answer(
    parts: Parts,
    state: &Arc<RequestState>,
    rules: &Rules,
    handlers: &Handlers,
) -> Response {
    let mut response = dispatch(parts, state, rules, handlers).await;
    throttling::tell(state, &mut response);
    as_page(&state.door, response)
}

/// A failure before any page was found.
pub(crate) fn failed(door: &Door, headers: &HeaderMap, refusal: ApiException) -> Response {
    as_page(door, Client::of(headers).settled(refusal.into_response()))
}

/// A failure before any page was found, with what is to be done about it: for developers (`DEBUG`).
pub(crate) fn explained(door: &Door, headers: &HeaderMap, refusal: ApiException) -> Response {
    let response = match Client::of(headers) {
        Client::Browser => {
            let detail = refusal.detail().as_str().unwrap_or_default();
            page(refusal.status(), "Bad Request (400)", detail)
        }
        Client::Script => refusal.into_response(),
    };
    as_page(door, response)
}

fn as_page(door: &Door, mut response: Response) -> Response {
    door.security().restrict_page(&mut response);
    response.headers_mut().entry(CACHE_CONTROL).or_insert(NEVER_CACHE);
    response
}

/// Counted by address, then the CSRF check, then the method.
async fn dispatch(parts: Parts, state: &Arc<RequestState>, rules: &Rules, handlers: &Handlers) -> Response {
    let client = Client::of(&parts.headers);
    let cx = Context::new(&parts, state);
    if let Err(refusal) = throttling::check(&cx, &rules.early_throttles).await {
        return client.settled(refusal.into_response());
    }
    if let Err(refusal) = csrf::enforce_csrf(&cx).await {
        return client.forged(&cx, refusal);
    }
    match handlers.of(&parts.method) {
        Some(handler) => client.settled(handle(parts, state, handler).await),
        None if parts.method == Method::OPTIONS => methods(StatusCode::OK, &state.view),
        None => client.method_not_allowed(&cx, rules.invitation),
    }
}

/// What a failure is told in.
#[derive(Clone, Copy, Debug)]
enum Client {
    Browser,
    Script,
}

impl Client {
    /// Who sends JSON, or would take JSON and no page, is a script.
    fn of(headers: &HeaderMap) -> Self {
        let takes_pages = negotiation::accepts(headers, |media_type| media_type.matches("text", "html"));
        let takes_json = negotiation::accepts(headers, |media_type| media_type.matches_json());
        match is_json(headers) || (takes_json && !takes_pages) {
            true => Self::Script,
            false => Self::Browser,
        }
    }

    fn forged(self, cx: &Context<'_>, refusal: ApiException) -> Response {
        match self {
            Self::Browser if refusal.status() == StatusCode::FORBIDDEN => forbidden(cx, &refusal),
            _ => self.settled(refusal.into_response()),
        }
    }

    /// `View.http_method_not_allowed`, whose body is empty; a person is shown more.
    fn method_not_allowed(self, cx: &Context<'_>, invitation: Option<Invitation>) -> Response {
        let view = cx.view();
        let mut response = match self {
            Self::Browser if negotiation::prefers_html(cx.headers()) => wrong_method(cx, invitation),
            Self::Browser => return methods(StatusCode::METHOD_NOT_ALLOWED, view),
            Self::Script => ApiException::method_not_allowed(cx.method()).into_response(),
        };
        response.headers_mut().insert(ALLOW, view.allow.clone());
        response
    }

    /// A failure in this client's language; nothing on a page has a challenge.
    fn settled(self, mut response: Response) -> Response {
        match self {
            Self::Script => exceptions::challenge(&mut response, None),
            Self::Browser if exceptions::was_refused(&mut response) => return error_page(&response),
            Self::Browser => {}
        }
        response
    }
}

/// An empty answer that tells the methods (`View.options`).
fn methods(status: StatusCode, view: &View) -> Response {
    (status, [(CONTENT_TYPE, HTML), (ALLOW, view.allow.clone())]).into_response()
}

/// What the page shows to who should have sent a form, or else the failure; either way it is one.
fn wrong_method(cx: &Context<'_>, invitation: Option<Invitation>) -> Response {
    let status = StatusCode::METHOD_NOT_ALLOWED;
    let invitation = invitation.filter(|_| cx.is_safe_method());
    match invitation.map(|invitation| invitation(cx)) {
        None => page(status, "Method Not Allowed", "This page cannot be used that way."),
        Some(Ok(shown)) => (status, shown).into_response(),
        Some(Err(failure)) => error_page(&failure.into_response()),
    }
}

/// `django.views.csrf.csrf_failure`, which tells the reason to developers only.
fn forbidden(cx: &Context<'_>, refusal: &ApiException) -> Response {
    let mut details = "CSRF verification failed. Request aborted.".to_owned();
    if cx.door().settings().debug {
        let reason = refusal.detail().as_str().unwrap_or_default();
        let reason = reason.trim_start_matches("CSRF Failed: ");
        details.push_str(&format!(" Reason given for failure: {reason}"));
    }
    page(StatusCode::FORBIDDEN, "403 Forbidden", &details)
}

/// `django.views.defaults`; how long to wait is told as it was.
fn error_page(refusal: &Response) -> Response {
    let status = refusal.status();
    let (status, title, details) = match status {
        StatusCode::NOT_FOUND => (
            status,
            "Not Found",
            "The requested resource was not found on this server.",
        ),
        StatusCode::BAD_REQUEST => (status, "Bad Request (400)", ""),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => (StatusCode::FORBIDDEN, "403 Forbidden", ""),
        StatusCode::INTERNAL_SERVER_ERROR => (status, "Server Error (500)", ""),
        other => (other, other.canonical_reason().unwrap_or("Error"), ""),
    };
    let mut response = page(status, title, details);
    if let Some(wait) = refusal.headers().get(RETRY_AFTER) {
        response.headers_mut().insert(RETRY_AFTER, wait.clone());
    }
    response
}

/// As Django's `ERROR_PAGE_TEMPLATE`, in this site's dress. Nothing in it comes from a client, but where `debug` explains.
fn page(status: StatusCode, title: &'static str, details: &str) -> Response {
    match document(title, &ErrorTemplate { title, details }) {
        Ok(text) => (status, [(CONTENT_TYPE, HTML)], text).into_response(),
        Err(failure) => failure.into_response(),
    }
}

#[derive(Template)]
#[template(path = "page.html")]
struct PageTemplate<'p> {
    title: &'p str,
    style: &'static str,
    main: &'p str,
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorTemplate<'p> {
    title: &'static str,
    details: &'p str,
}
