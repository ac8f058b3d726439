//! JSON web tokens in HttpOnly cookies (`[jwt.cookie]`), as dj-rest-auth has them.
//!
//! Browsers send cookies whoever wrote the page. So what a cookie has proved wants a CSRF token, and a login that would
//! set one is refused to pages of other sites, of whom the browser tells (`Origin`, `Referer`).
//!
//! An answer takes the way that the token came: a token in a body is answered in the body, and no cookie is touched.
//! So nobody's cookie is exchanged for another's by a request that carries its own token.

mod jar;
mod rules;

use doorward_core::context::Context;
use doorward_core::csrf;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::log_text::log_text;
use doorward_core::parsers::Data;
use doorward_core::serializers::{CharField, Completeness, Serializer};
use doorward_core::user::UserRow;
use doorward_django::secret::Secret;
use serde_json::{Map, Value};

pub use rules::CookieRules;
pub(crate) use rules::{Carried, TOKEN_BLACKLIST, TOKEN_REFRESH, refresh_path};

use super::pair::{self, SignedPair};
use super::{JwtDoorExt, Signed, invalid_token};
use jar::{Cargo, received};

/// Where an answer writes a token, and which cookie takes it.
#[derive(Clone, Copy)]
pub(crate) struct Field {
    name: &'static str,
    carried: Carried,
}

impl Field {
    pub(crate) const REFRESH: Self = Self::new("refresh", Carried::Refresh);
    pub(crate) const ACCESS: Self = Self::new("access", Carried::Access);
    pub(crate) const SLIDING: Self = Self::new("token", Carried::Access);

    const fn new(name: &'static str, carried: Carried) -> Self {
        Self { name, carried }
    }
}

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
        Some(_) => csrf::refuse_foreign_page(cx),
    }
}

/// Logs a user in whose credentials were checked: issues a pair, sets the cookies that the settings ask for, with a new
/// CSRF cookie, and gives what the body tells, `refresh` and `access` without what the cookies carry.
///
/// For a login of one's own, such as one by a link. An answer that sets cookies is `no-store`; where the settings ask for
/// none, see to that yourself.
///
/// # Errors
/// As [`pair::obtain`]; 500 for a token that is too large for its cookie. Then nothing was written.
pub async fn hand_out(cx: &Context<'_>, user: &UserRow) -> Result<Map<String, Value>> {
    let outgoing = pair::obtain_for(cx.door(), user, |pair| Outgoing::of_pair(cx, pair)).await?;
    Ok(outgoing.log_in(cx))
}

/// Removes the cookies of whoever asks: the end of a login in this browser.
///
/// It is for the caller to know that the browser's user wants it: a CSRF token, or a credential in a header.
pub fn delete(cx: &Context<'_>) {
    for carried in [Carried::Access, Carried::Refresh] {
        jar::delete(cx, carried);
    }
}

/// Tokens on their way to a client, none of which is too large: what the cookies take, and what is left for the body.
///
/// It is made before anything is written for the tokens; after that nothing can fail any more.
pub(crate) struct Outgoing {
    carrier: Carrier,
    cookies: Vec<Cargo>,
    body: Map<String, Value>,
}

impl Outgoing {
    /// Tokens in the order of a body; those for which the settings name a cookie go into that instead.
    ///
    /// # Errors
    /// 500 for a token that is too large for its cookie.
    pub(crate) fn new(cx: &Context<'_>, carrier: Carrier, tokens: &[(Field, &Signed)]) -> Result<Self> {
        let rules = cx.door().tokens().cookies();
        let rules = rules.filter(|_| carrier == Carrier::Cookie);
        let mut outgoing = Self {
            carrier,
            cookies: Vec::new(),
            body: Map::new(),
        };
        for (field, token) in tokens {
            match rules.and_then(|rules| rules.rule(field.carried)) {
                Some(rule) => outgoing.cookies.push(Cargo::new(rule, field.carried, token)?),
                None => outgoing.write(*field, token),
            }
        }
        // The refresh token's cookie first, whatever the order of the body.
        outgoing.cookies.sort_by_key(Cargo::is_access);
        Ok(outgoing)
    }

    fn write(&mut self, field: Field, token: &Signed) {
        let text = token.text.expose().as_str();
        self.body.insert(field.name.to_owned(), text.into());
    }

    /// The tokens of a login, which take the cookies where there are some.
    pub(crate) fn of_login(cx: &Context<'_>, tokens: &[(Field, &Signed)]) -> Result<Self> {
        Self::new(cx, Carrier::Cookie, tokens)
    }

    fn of_pair(cx: &Context<'_>, pair: &SignedPair) -> Result<Self> {
        Self::of_login(
            cx,
            &[(Field::REFRESH, &pair.refresh), (Field::ACCESS, &pair.access)],
        )
    }

    /// The tokens of a refresh, which go as the one that was shown came.
    pub(crate) fn of_refresh(
        cx: &Context<'_>,
        carrier: Carrier,
        access: &Signed,
        refresh: Option<&Signed>,
    ) -> Result<Self> {
        match refresh {
            None => Self::new(cx, carrier, &[(Field::ACCESS, access)]),
            Some(refresh) => {
                let tokens = [(Field::ACCESS, access), (Field::REFRESH, refresh)];
                Self::new(cx, carrier, &tokens)
            }
        }
    }

    /// Sets the cookies of a login, and gives the body of its answer.
    pub(crate) fn log_in(self, cx: &Context<'_>) -> Map<String, Value> {
        if cx.door().tokens().cookies().is_some() {
            cx.csrf().rotate();
        }
        self.hand_out(cx)
    }

    /// Sets the cookies of a renewal, and gives the body of its answer.
    pub(crate) fn renew(self, cx: &Context<'_>) -> Map<String, Value> {
        if self.carrier == Carrier::Cookie {
            // The CSRF cookie lasts as long as the login does.
            let _ = cx.csrf().token();
        }
        self.hand_out(cx)
    }

    fn hand_out(self, cx: &Context<'_>) -> Map<String, Value> {
        for cargo in &self.cookies {
            jar::set(cx, cargo);
        }
        self.body
    }
}

/// The token that opens the API, from its cookie.
pub(crate) fn access(cx: &Context<'_>) -> Option<Secret<String>> {
    received(cx, Carried::Access)
}

/// The token of a request to an endpoint: the one in the field of the body, or else the first that a cookie carries,
/// which wants a CSRF token. The rest of the data is dropped before anybody waits.
///
/// # Errors
/// 400 for a field that holds no text; 401 where neither is there; 403 `CSRF Failed: …`.
pub(crate) fn present(
    cx: &Context<'_>,
    data: Data,
    field: &'static str,
    carried: &[Carried],
) -> Result<Presented> {
    if says(&data, field) || !travels(cx, carried) {
        return Ok(Presented {
            token: in_body(&data, field)?,
            carrier: Carrier::Body,
        });
    }
    let mut found = carried.iter().filter_map(|carried| received(cx, *carried));
    let token = found.next().ok_or_else(|| missing(cx, carried))?;
    csrf::enforce_csrf_of(cx, &data)?;
    drop(data);
    Ok(Presented {
        token,
        carrier: Carrier::Cookie,
    })
}

/// As [`present`], for a logout: the refresh token, or without one the sliding token. Cookies that came and hold no token
/// are removed, for who may log out.
pub(crate) fn present_at_logout(cx: &Context<'_>, data: Data, field: &'static str) -> Result<Presented> {
    const CARRIED: [Carried; 2] = [Carried::Refresh, Carried::Access];
    let found = |carried: &Carried| received(cx, *carried);
    if !says(&data, field) && came(cx, &CARRIED) && CARRIED.iter().find_map(found).is_none() {
        csrf::enforce_csrf_of(cx, &data)?;
        delete(cx);
    }
    present(cx, data, field, &CARRIED)
}

/// Whether any such cookie came, whatever is in it and however often.
fn came(cx: &Context<'_>, carried: &[Carried]) -> bool {
    let rules = cx.door().tokens().cookies().into_iter();
    let mut rules = rules.flat_map(|rules| carried.iter().filter_map(|carried| rules.rule(*carried)));
    rules.any(|rule| !cx.cookies_named(&rule.name).is_empty())
}

/// Whether the data names that field at all. What is no object has no fields, and is refused as such.
fn says(data: &Data, field: &str) -> bool {
    match data {
        Data::Form(form) => form.value(field).is_some(),
        Data::Json(value) => value.as_object().is_none_or(|object| object.contains_key(field)),
    }
}

fn travels(cx: &Context<'_>, carried: &[Carried]) -> bool {
    let rules = cx.door().tokens().cookies();
    rules.is_some_and(|rules| carried.iter().any(|carried| rules.rule(*carried).is_some()))
}

/// The description of a body with one token, under that name.
pub(crate) fn serializer(field: &'static str) -> Serializer {
    Serializer::new().field(field, CharField::new())
}

fn in_body(data: &Data, field: &'static str) -> Result<Secret<String>> {
    let mut validated = serializer(field).run(data, Completeness::Whole)?;
    Ok(Secret::new(validated.take_text(field).unwrap_or_default()))
}

/// dj-rest-auth's sentence. Where no browser would send the cookie, the log says so.
fn missing(cx: &Context<'_>, carried: &[Carried]) -> ApiException {
    let rules = cx.door().tokens().cookies().into_iter();
    let mut rules = rules.flat_map(|rules| carried.iter().filter_map(|carried| rules.rule(*carried)));
    if let Some(rule) = rules.find(|rule| !rule.reaches(cx.uri().path())) {
        tracing::warn!(
            url.path = log_text(cx.uri().path()),
            cookie.path = rule.path,
            "browsers send no refresh cookie to this path; set `jwt.cookie.refresh_path`"
        );
    }
    invalid_token("No valid refresh token found.")
}
