//! Whether a request comes from this site's own pages (`CsrfViewMiddleware.process_view`).

mod rules;

use doorward_django::bounds::MAX_URL;
use doorward_django::csrf::{
    CSRF_FORM_FIELD, CsrfSecret, CsrfSource, CsrfTokens, RejectReason, check_page, check_source, check_token,
    is_safe_method,
};
use doorward_django::urls::Scheme;
use http::header::{ORIGIN, REFERER, UPGRADE};
use http::{HeaderName, Method, Uri};

use crate::answer::Answer;
use crate::context::Context;
use crate::exceptions::{ApiException, Result};
use crate::headers::joined;
use crate::log_text::log_text;
use crate::parsers::{self, Data};

pub(crate) use rules::CsrfRules;

/// W3C Fetch Metadata §2.4.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses a request that may have been forged by another site. Methods that change nothing pass, but for a WebSocket's
/// opening: browsers let any page open one, send their cookies along, and let it read what comes.
///
/// # Errors
/// 403 `CSRF Failed: …` with Django's reason; 400 or 413 where a form must be read and cannot be.
pub fn enforce_csrf<'a>(cx: &'a Context<'_>) -> Answer<'a, Result> {
    match is_safe_method(cx.method().as_str()) {
        true if opens_websocket(cx) => Answer::ready(refuse_foreign_page(cx)),
        true => Answer::ready(Ok(())),
        false => Answer::pending(enforce_for_change(cx)),
    }
}

/// As [`enforce_csrf`], for a method that may change something.
async fn enforce_for_change(cx: &Context<'_>) -> Result {
    check_origin(cx).map_err(|reason| failed(cx, &reason))?;
    let field = form_field(cx).await?;
    check_copies(cx, field.as_deref()).map_err(|reason| failed(cx, &reason))
}

/// As [`enforce_csrf`], for a handler that has read the body.
///
/// # Errors
/// 403 as [`enforce_csrf`].
pub fn enforce_csrf_of(cx: &Context<'_>, data: &Data) -> Result {
    if is_safe_method(cx.method().as_str()) {
        return Ok(());
    }
    let field = match data {
        Data::Form(form) if cx.method() == Method::POST => form.text(CSRF_FORM_FIELD),
        _ => None,
    };
    let checked = check_origin(cx).and_then(|()| check_copies(cx, field));
    checked.map_err(|reason| failed(cx, &reason))
}

/// RFC 6455 §4.1. A browser's page cannot set that header by other means.
fn opens_websocket(cx: &Context<'_>) -> bool {
    let upgrades = cx.headers().get_all(UPGRADE).iter();
    let mut names = upgrades
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    names.any(|name| name.trim().eq_ignore_ascii_case("websocket"))
}

/// Refuses what a page of another site sent, as far as the browser tells where it comes from. For logins, which have
/// no secret yet that a token could repeat, and for WebSockets, whose opening carries none.
///
/// # Errors
/// 403 `CSRF Failed: …`.
pub fn refuse_foreign_page(cx: &Context<'_>) -> Result {
    check_sender(cx, |origin| cx.door().csrf_rules().trusted.has_origin(origin))
}

/// Refuses to do what a page of another site wants where the browser itself proved who calls (HTTP Basic, a name that
/// the server in front vouches for): there is no cookie, and so no token. Sites that may call by `[cors]` pass as well.
///
/// # Errors
/// 403 `CSRF Failed: …`.
pub fn refuse_foreign_use(cx: &Context<'_>) -> Result {
    if is_safe_method(cx.method().as_str()) && !opens_websocket(cx) {
        return Ok(());
    }
    let door = cx.door();
    check_sender(cx, |origin| {
        door.csrf_rules().trusted.has_origin(origin) || door.is_named_origin(origin)
    })
}

fn check_sender(cx: &Context<'_>, is_trusted: impl Fn(&str) -> bool) -> Result {
    let (origin, referer) = (header(cx, &ORIGIN), header(cx, &REFERER));
    let source = source(cx, origin.as_deref(), referer.as_deref());
    let fetch_site = header(cx, &SEC_FETCH_SITE);
    check_page(&source, fetch_site.as_deref(), is_trusted).map_err(|reason| failed(cx, &reason))
}

fn check_origin(cx: &Context<'_>) -> Result<(), RejectReason> {
    let (origin, referer) = (header(cx, &ORIGIN), header(cx, &REFERER));
    let source = source(cx, origin.as_deref(), referer.as_deref());
    check_source(&source, &cx.door().csrf_rules().trusted)
}

fn source<'a>(cx: &Context<'a>, origin: Option<&'a str>, referer: Option<&'a str>) -> CsrfSource<'a> {
    CsrfSource {
        origin,
        referer,
        scheme: cx.scheme(),
        host: cx.host(),
        server_port: cx.port().unwrap_or(match cx.scheme() {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }),
        cookie_domain: cx.door().csrf_rules().cookie_domain.as_deref(),
    }
}

fn check_copies(cx: &Context<'_>, field: Option<&str>) -> Result<(), RejectReason> {
    let rules = cx.door().csrf_rules();
    let header = header(cx, &rules.header);
    let tokens = CsrfTokens {
        cookie: cx.csrf().received(),
        post: field,
        header: header.as_deref(),
        header_name: &rules.shown_header,
    };
    check_token(&tokens).map(drop)
}

/// The token in the body of a posted form, where there is a secret that it could repeat. The body is kept for the
/// handler.
async fn form_field(cx: &Context<'_>) -> Result<Option<String>> {
    let has_secret = cx
        .csrf()
        .received()
        .is_some_and(|text| CsrfSecret::parse(text).is_ok());
    if cx.method() != Method::POST || !has_secret || !parsers::is_form(cx.headers()) {
        return Ok(None);
    }
    let form = parsers::posted_form(cx.headers(), cx.body().await?, cx.door().parser_rules()).await?;
    Ok(form.text(CSRF_FORM_FIELD).map(str::to_owned))
}

/// A header's text, each byte a character, as WSGI has it (PEP 3333); of a long one the beginning, which is too long for
/// an origin or a token as well, and holds the host of a referer.
fn header(cx: &Context<'_>, name: &HeaderName) -> Option<String> {
    let bytes = joined(cx.headers(), name)?;
    Some(bytes.iter().take(MAX_URL).copied().map(char::from).collect())
}

fn failed(cx: &Context<'_>, reason: &RejectReason) -> ApiException {
    let logged = without_paths(reason);
    let path = log_text(cx.uri().path());
    tracing::warn!(url.path = path, reason = log_text(logged), "CSRF check failed");
    ApiException::permission_denied().with_detail(format!("CSRF Failed: {reason}"))
}

/// The reason as it may be logged: the rest of an address may be a secret, such as a link for a new password.
fn without_paths(reason: &RejectReason) -> RejectReason {
    match reason {
        RejectReason::BadOrigin(address) => RejectReason::BadOrigin(site(address)),
        RejectReason::BadReferer(address) => RejectReason::BadReferer(site(address)),
        other => other.clone(),
    }
}

/// Scheme, host and port of an address; nothing of what is none.
fn site(address: &str) -> String {
    let uri = address.parse::<Uri>().unwrap_or_default();
    match (uri.scheme_str(), uri.host(), uri.port()) {
        (Some(scheme), Some(host), Some(port)) => format!("{scheme}://{host}:{port}"),
        (Some(scheme), Some(host), None) => format!("{scheme}://{host}"),
        _ => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_site_of_an_address_is_logged() {
        for (address, logged) in [
            ("https://app.example/reset/MQ/secret/?a=b", "https://app.example"),
            ("http://name:secret@app.example:8000", "http://app.example:8000"),
            ("secret", "…"),
            ("/secret", "…"),
            ("https://[secret", "…"),
            ("", "…"),
        ] {
            assert_eq!(site(address), logged);
            let reason = RejectReason::BadReferer(address.to_owned());
            assert!(!without_paths(&reason).to_string().contains("secret"));
        }
    }
}
