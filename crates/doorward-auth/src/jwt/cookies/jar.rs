//! The cookies of one exchange that carry tokens, as they came and as they go; [`Cargo`]: a token that fits into one.

use doorward_core::context::Context;
use doorward_core::cookies::{Lifetime, SetCookie};
use doorward_core::exceptions::{ApiException, Result};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use http::HeaderValue;
use http::header::CACHE_CONTROL;

use super::rules::{Carried, CookieRule};
use crate::jwt::{JwtDoorExt, Signed};

/// What browsers keep of a cookie's name and value together (RFC 6265bis §5.6).
const MAX_SIZE: usize = 4096;

/// A token that its cookie can carry. That is looked at before anything is written for the token, so that whoever logs
/// in is told, and not left a stranger.
pub(super) struct Cargo {
    carried: Carried,
    token: Signed,
}

impl Cargo {
    /// # Errors
    /// 500 for a token that browsers would not keep.
    pub(super) fn new(rule: &CookieRule, carried: Carried, token: &Signed) -> Result<Self> {
        let token = token.clone();
        match rule.name.len() + token.text.expose().len() > MAX_SIZE {
            true => Err(ApiException::server_error(TooLong(rule.name.clone()))),
            false => Ok(Self { carried, token }),
        }
    }

    /// Whether it is the token that opens the API.
    pub(super) fn is_access(&self) -> bool {
        self.carried == Carried::Access
    }
}

/// A token with claims that no browser keeps.
#[derive(Debug, thiserror::Error)]
#[error(
    "a token is too long for the cookie `{0}`: browsers drop one of more than 4096 bytes; give it fewer claims"
)]
struct TooLong(String);

/// The token in that cookie. Two cookies of one name count as none: one may have been planted by a site beside ours.
/// The answer then varies with the cookie.
pub(super) fn received(cx: &Context<'_>, carried: Carried) -> Option<Secret<String>> {
    let rule = cx.door().tokens().cookies()?.rule(carried)?;
    cx.sole_cookie(&rule.name)
}

/// Sets a token's cookie.
pub(super) fn set(cx: &Context<'_>, cargo: &Cargo) {
    let lifetime = lifetime(cx.door().now(), cargo.token.ends_at);
    change(cx, cargo.carried, cargo.token.text.expose(), lifetime);
}

/// Removes the cookie, where there is such a one.
pub(super) fn delete(cx: &Context<'_>, carried: Carried) {
    change(cx, carried, "", Lifetime::Over);
}

/// A removal has every attribute that the cookie was set with. No cache may keep an answer that does either.
fn change(cx: &Context<'_>, carried: Carried, value: &str, lifetime: Lifetime) {
    let rules = cx.door().tokens().cookies();
    let Some(rule) = rules.and_then(|rules| rules.rule(carried)) else {
        return;
    };
    cx.set_cookie(SetCookie {
        name: &rule.name,
        value,
        lifetime,
        attributes: rule.attributes(),
    });
    cx.vary_on_cookie();
    cx.set_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// As long as the token lasts.
fn lifetime(now: Timestamp, ends_at: Option<Timestamp>) -> Lifetime {
    match ends_at {
        Some(end) => Lifetime::Seconds(seconds_between(now, end), now),
        None => Lifetime::Browser,
    }
}

fn seconds_between(now: Timestamp, end: Timestamp) -> i64 {
    end.as_secs().saturating_sub(now.as_secs()).max(0)
}
