//! JSON web tokens in HttpOnly cookies (`[jwt.cookie]`), as dj-rest-auth has them.
//!
//! Browsers send cookies whoever wrote the page. So what a cookie has proved wants a CSRF token, and a login that would
//! set one is refused to pages of other sites, of whom the browser tells (`Origin`, `Referer`).
//!
//! An answer takes the way that the token came: a token in a body is answered in the body, and no cookie is touched.
//! So nobody's cookie is exchanged for another's by a request that carries its own token.

mod jar;
mod rules;

use doorward_django::secret::Secret;
use serde_json::{Map, Value, json};

pub(crate) use jar::TokenCookies;
pub use rules::CookieRules;
pub(crate) use rules::{Carried, refresh_path};

use super::invalid_token;
use super::pair::TokenPair;
use crate::context::Context;
use crate::exceptions::{ApiException, Result};
use crate::fields::{self, CharField};
use crate::parsers::Data;
use crate::security::log_text;
use crate::sessions;

/// Where the endpoints write a token, and which cookie takes it.
const FIELDS: [(&str, Carried); 3] = [
    ("refresh", Carried::Refresh),
    ("access", Carried::Access),
    ("token", Carried::Access),
];

/// A token that a client showed to an endpoint.
pub(crate) struct Presented {
    pub(crate) token: Secret<String>,
    pub(crate) carrier: Carrier,
}

/// How a token came, which is how its successor goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    Body,
    Cookie,
}

/// Whether a login may be answered with cookies: not where another site's page asks for it, which would make the
/// visitor somebody else. Without `[jwt.cookie]` every login may.
///
/// For a login of one's own, before [`hand_out`]: a POST, for the GET of a link may well come from another site.
///
/// # Errors
/// 403 `CSRF Failed: …`.
pub fn admit_login(cx: &Context<'_>) -> Result {
    match cx.door().tokens().cookies() {
        None => Ok(()),
        Some(_) => sessions::refuse_foreign_page(cx),
    }
}

/// Hands a pair to who has just logged in: sets the cookies that the settings ask for, with a new CSRF cookie, and gives
/// what the body tells, `refresh` and `access` without what the cookies carry.
///
/// For a login of one's own, such as one by a link. An answer that sets cookies is `no-store`; where the settings ask for
/// none, see to that yourself.
#[must_use]
pub fn hand_out(cx: &Context<'_>, pair: &TokenPair) -> Map<String, Value> {
    let body = json!({ "refresh": pair.refresh.expose(), "access": pair.access.expose() });
    log_in(cx, body)
}

/// Removes the cookies of whoever asks: the end of a login in this browser.
///
/// It is for the caller to know that the browser's user wants it: a CSRF token, or a credential in a header.
pub fn delete(cx: &Context<'_>) {
    let Some(rules) = cx.door().tokens().cookies() else {
        return;
    };
    for carried in [Carried::Access, Carried::Refresh] {
        if rules.rule(carried).is_some() {
            cx.token_cookies().delete(carried);
        }
    }
}

/// The body of a login's answer, once the cookies have taken their share.
pub(crate) fn log_in(cx: &Context<'_>, body: Value) -> Map<String, Value> {
    if cx.door().tokens().cookies().is_some() {
        cx.csrf().rotate();
    }
    carry(cx, body)
}

/// The body of a renewal's answer, which goes as the token came.
pub(crate) fn renew(cx: &Context<'_>, carrier: Carrier, body: Value) -> Map<String, Value> {
    match carrier {
        Carrier::Body => object(body),
        Carrier::Cookie => {
            // The CSRF cookie lasts as long as the login does.
            let _ = cx.csrf().token();
            carry(cx, body)
        }
    }
}

/// Moves tokens from a body to the cookies that the settings name for them.
fn carry(cx: &Context<'_>, body: Value) -> Map<String, Value> {
    let mut body = object(body);
    let Some(rules) = cx.door().tokens().cookies() else {
        return body;
    };
    for (field, carried) in FIELDS {
        if rules.rule(carried).is_none() {
            continue;
        }
        if let Some(Value::String(token)) = body.shift_remove(field) {
            cx.token_cookies().set(carried, Secret::new(token));
        }
    }
    body
}

fn object(body: Value) -> Map<String, Value> {
    match body {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

/// The token that opens the API, from its cookie.
pub(crate) fn access(cx: &Context<'_>) -> Option<Secret<String>> {
    cx.token_cookies().received(cx, Carried::Access)
}

/// The token of a request to an endpoint: the one in the field of the body, or else the first that a cookie carries,
/// which wants a CSRF token.
///
/// # Errors
/// 400 for a field that holds no text; 401 where neither is there; 403 `CSRF Failed: …`.
pub(crate) fn present(
    cx: &Context<'_>,
    data: &Data,
    field: &'static str,
    carried: &[Carried],
) -> Result<Presented> {
    if says(data, field) || !travels(cx, carried) {
        return Ok(Presented {
            token: in_body(data, field)?,
            carrier: Carrier::Body,
        });
    }
    let mut found = carried
        .iter()
        .filter_map(|carried| cx.token_cookies().received(cx, *carried));
    let token = found.next().ok_or_else(|| missing(cx, carried))?;
    sessions::enforce_csrf_of(cx, data)?;
    Ok(Presented {
        token,
        carrier: Carrier::Cookie,
    })
}

/// Whether the data names that field at all. What is no object has no fields, and is refused as such.
fn says(data: &Data, field: &str) -> bool {
    match data {
        Data::Form(form) => form.value(field).is_some(),
        Data::Json(Value::Object(object)) => object.contains_key(field),
        Data::Json(_) => true,
    }
}

fn travels(cx: &Context<'_>, carried: &[Carried]) -> bool {
    let rules = cx.door().tokens().cookies();
    rules.is_some_and(|rules| carried.iter().any(|carried| rules.rule(*carried).is_some()))
}

fn in_body(data: &Data, field: &'static str) -> Result<Secret<String>> {
    let texts = fields::read(data, &[CharField::trimmed(field)])?;
    Ok(Secret::new(texts.into_iter().next().unwrap_or_default()))
}

/// dj-rest-auth's sentence. Where no browser would send the cookie, the log says so.
fn missing(cx: &Context<'_>, carried: &[Carried]) -> ApiException {
    let rule = cx.door().tokens().cookies().zip(carried.last());
    let rule = rule.and_then(|(rules, carried)| rules.rule(*carried));
    if let Some(rule) = rule.filter(|rule| !rule.reaches(cx.uri().path())) {
        tracing::warn!(
            url.path = log_text(cx.uri().path()),
            cookie.path = rule.path,
            "browsers send no refresh cookie to this path; set `jwt.cookie.refresh_path`"
        );
    }
    invalid_token("No valid refresh token found.")
}
