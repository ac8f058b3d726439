//! [`TokenCookies`]: the cookies of one exchange that carry tokens, as they came and as they go; [`Cargo`]: a token that
//! fits into one.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderValue};

use super::rules::{Carried, CookieRule};
use crate::context::Context;
use crate::cookies::{Lifetime, SetCookie, texts, vary_on};
use crate::door::Door;
use crate::exceptions::{ApiException, Result};

/// What browsers keep of a cookie's name and value together (RFC 6265bis §5.6).
const MAX_SIZE: usize = 4096;

/// What becomes of the cookies that carry tokens; they stay as they are unless somebody says otherwise.
#[derive(Default)]
pub(crate) struct TokenCookies(Mutex<State>);

#[derive(Default)]
struct State {
    /// Whether anybody looked: the answer then varies with the cookie.
    looked: bool,
    changes: Vec<(Carried, Change)>,
}

enum Change {
    Set(Secret<String>),
    Delete,
}

/// A token that its cookie can carry. That is looked at before anything is written for the token, so that whoever logs
/// in is told, and not left a stranger.
pub(super) struct Cargo {
    carried: Carried,
    token: Secret<String>,
}

impl Cargo {
    /// # Errors
    /// 500 for a token that browsers would not keep.
    pub(super) fn new(rule: &CookieRule, carried: Carried, token: Secret<String>) -> Result<Self> {
        match rule.name.len() + token.expose().len() > MAX_SIZE {
            true => Err(ApiException::server_error(TooLong(rule.name.clone()))),
            false => Ok(Self { carried, token }),
        }
    }
}

/// A token with claims that no browser keeps.
#[derive(Debug, thiserror::Error)]
#[error(
    "a token is too long for the cookie `{0}`: browsers drop one of more than 4096 bytes; give it fewer claims"
)]
struct TooLong(String);

impl TokenCookies {
    /// The token in that cookie. Two cookies of one name count as none: one may have been planted by a site beside ours.
    pub(super) fn received(&self, cx: &Context<'_>, carried: Carried) -> Option<Secret<String>> {
        let rule = cx.door().tokens().cookies()?.rule(carried)?;
        self.state().looked = true;
        let mut texts = texts(cx.headers(), &rule.name).into_iter();
        let text = texts.next().filter(|text| !text.is_empty())?;
        if texts.next().is_some() {
            tracing::warn!(
                cookie.name = rule.name,
                "two cookies of that name came, and neither counts"
            );
            return None;
        }
        Some(Secret::new(text))
    }

    pub(super) fn set(&self, cargo: Cargo) {
        self.change(cargo.carried, Change::Set(cargo.token));
    }

    pub(super) fn delete(&self, carried: Carried) {
        self.change(carried, Change::Delete);
    }

    /// The last word stands.
    fn change(&self, carried: Carried, change: Change) {
        let mut state = self.state();
        state.changes.retain(|(other, _)| *other != carried);
        state.changes.push((carried, change));
    }

    /// Adds the cookies that changed to an answer, which then no cache may keep.
    pub(crate) fn write(&self, door: &Door, headers: &mut HeaderMap) {
        let Some(rules) = door.tokens().cookies() else {
            return;
        };
        let state = self.state();
        for (carried, change) in &state.changes {
            if let Some(rule) = rules.rule(*carried) {
                change.cookie(rule, door).append_to(headers);
            }
        }
        if state.looked || !state.changes.is_empty() {
            vary_on(headers, "Cookie");
        }
        if !state.changes.is_empty() {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Change {
    /// A removal has every attribute that the cookie was set with.
    fn cookie<'a>(&'a self, rule: &'a CookieRule, door: &Door) -> SetCookie<'a> {
        let (value, lifetime) = match self {
            Self::Set(token) => (token.expose().as_str(), lifetime(door, token)),
            Self::Delete => ("", Lifetime::Over),
        };
        SetCookie {
            name: &rule.name,
            value,
            lifetime,
            attributes: rule.attributes(),
        }
    }
}

/// As long as the token lasts. One that we have just signed can be read.
fn lifetime(door: &Door, token: &Secret<String>) -> Lifetime {
    let now = door.now();
    let claims = door.tokens().keyring().decode(token.expose(), door.jwt(), now);
    match claims.ok().and_then(|claims| claims.exp()) {
        Some(end) => Lifetime::Seconds(seconds_between(now, end), now),
        None => Lifetime::Browser,
    }
}

fn seconds_between(now: Timestamp, end: Timestamp) -> i64 {
    end.as_secs().saturating_sub(now.as_secs()).max(0)
}

impl fmt::Debug for TokenCookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenCookies(…)")
    }
}
