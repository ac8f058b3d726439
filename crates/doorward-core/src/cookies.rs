//! Cookies, read and written as Django does (`django.http.cookie`, `django.http.response`).

use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use doorward_django::timestamp::Timestamp;
use http::header::{COOKIE, SET_COOKIE, VARY};
use http::{HeaderMap, HeaderValue};

use crate::headers::Headers;
use crate::settings::{CsrfSettings, SameSite, SessionSettings};

/// 9999-12-31T23:59:59, the last second that an HTTP date can tell.
const LAST_DATE: i64 = 253_402_300_799;

/// The cookies that a request brought; nothing is kept where it brought none.
#[derive(Clone, Default)]
pub(crate) struct Cookies(Vec<HeaderValue>);

impl Cookies {
    /// Those of a request's headers.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        match Headers::of(headers, &COOKIE) {
            Headers::None => Self::default(),
            Headers::One(_) | Headers::Several => Self(headers.get_all(COOKIE).iter().cloned().collect()),
        }
    }

    /// Whether the request has no `Cookie` header.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of the cookie of that name; of several the last one counts (`django.http.cookie.parse_cookie`).
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        let mut headers = self.0.iter().rev();
        headers.find_map(|header| find(&String::from_utf8_lossy(header.as_bytes()), name))
    }

    /// The values of all cookies of that name, in their order.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let headers = self.0.iter();
        headers
            .flat_map(|header| {
                let header = String::from_utf8_lossy(header.as_bytes());
                named(&header, name).map(unquote).collect::<Vec<_>>()
            })
            .collect()
    }
}

impl fmt::Debug for Cookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cookies(…)")
    }
}

fn find(header: &str, name: &str) -> Option<String> {
    named(header, name).next_back().map(unquote)
}

fn named<'h>(header: &'h str, name: &'h str) -> impl DoubleEndedIterator<Item = &'h str> {
    header
        .split(';')
        .map(|chunk| chunk.split_once('=').unwrap_or(("", chunk)))
        .map(|(key, value)| (key.trim(), value.trim()))
        .filter(move |(key, value)| *key == name && !(key.is_empty() && value.is_empty()))
        .map(|(_, value)| value)
}

/// Quoted text as it was before Python's `http.cookies` quoted it: `"a\054b"` is `a,b`.
fn unquote(value: &str) -> String {
    let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let Some(mut rest) = inner else {
        return value.to_owned();
    };
    let mut text = String::with_capacity(rest.len());
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let (character, left) = unescape(after);
        text.push(character);
        rest = left;
    }
    text.push_str(rest);
    text
}

/// What stands for a backslash and what follows it, and the rest.
fn unescape(after: &str) -> (char, &str) {
    let octal = after.split_at_checked(3).and_then(|(digits, rest)| {
        let valid =
            digits.starts_with(['0', '1', '2', '3']) && digits.bytes().all(|byte| byte.is_ascii_digit());
        let code = valid.then(|| u8::from_str_radix(digits, 8).ok()).flatten()?;
        Some((char::from(code), rest))
    });
    octal.unwrap_or_else(|| {
        let mut characters = after.chars();
        (characters.next().unwrap_or('\\'), characters.as_str())
    })
}

/// A `Set-Cookie` header, its attributes in the order of Python's `http.cookies`.
#[derive(Clone, Copy)]
pub struct SetCookie<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it says; it may be a secret.
    pub value: &'a str,
    /// How long it lasts.
    pub lifetime: Lifetime,
    /// Where browsers send it, and who may read it there.
    pub attributes: Attributes<'a>,
}

/// Shows no value.
impl fmt::Debug for SetCookie<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SetCookie({})", self.name)
    }
}

/// What the settings say of a cookie.
#[derive(Clone, Copy, Debug)]
pub struct Attributes<'a> {
    /// The domain whose hosts get it; the host that set it alone, where there is none.
    pub domain: Option<&'a str>,
    /// What the paths begin with at which it is sent.
    pub path: &'a str,
    /// Whether scripts are kept from reading it.
    pub httponly: bool,
    /// Whether it is sent over TLS only.
    pub secure: bool,
    /// Whether it comes along from other sites.
    pub samesite: SameSite,
}

/// How long a cookie lasts.
#[derive(Clone, Copy, Debug)]
pub enum Lifetime {
    /// Until the browser closes.
    Browser,
    /// That many seconds, from that moment.
    Seconds(i64, Timestamp),
    /// No longer: the cookie is removed.
    Over,
}

impl<'a> Attributes<'a> {
    pub(crate) fn of_session(settings: &'a SessionSettings) -> Self {
        Self {
            domain: settings.cookie_domain.as_deref(),
            path: &settings.cookie_path,
            httponly: settings.cookie_httponly,
            secure: settings.cookie_secure,
            samesite: settings.cookie_samesite,
        }
    }

    pub(crate) fn of_csrf(settings: &'a CsrfSettings) -> Self {
        Self {
            domain: settings.cookie_domain.as_deref(),
            path: &settings.cookie_path,
            httponly: settings.cookie_httponly,
            secure: settings.cookie_secure,
            samesite: settings.cookie_samesite,
        }
    }

    /// Of a cookie that scripts have no use for, and that comes along when a link leads here.
    #[must_use]
    pub fn of_device(settings: &'a SessionSettings) -> Self {
        Self {
            httponly: true,
            samesite: SameSite::Lax,
            ..Self::of_session(settings)
        }
    }

    /// The attributes with which browsers accept the removal of a cookie (`HttpResponseBase.delete_cookie`).
    #[must_use]
    pub fn for_removal(self, name: &str) -> Self {
        let prefixed = name.starts_with("__Secure-") || name.starts_with("__Host-");
        Self {
            httponly: false,
            secure: prefixed || self.samesite == SameSite::None,
            ..self
        }
    }
}

impl SetCookie<'_> {
    /// Adds the header; a name or value that no header can hold is left out.
    pub(crate) fn append_to(self, headers: &mut HeaderMap) {
        if let Some(value) = self.header_value() {
            headers.append(SET_COOKIE, value);
        }
    }

    /// What the header says; `None`, and a line in the log, for a name or value that no header can hold.
    pub(crate) fn header_value(self) -> Option<HeaderValue> {
        let Ok(mut value) = HeaderValue::try_from(self.text()) else {
            tracing::error!(
                cookie.name = self.name,
                "a cookie cannot be written: its name or attributes are no header text"
            );
            return None;
        };
        value.set_sensitive(true);
        Some(value)
    }

    fn text(self) -> String {
        let value = if self.value.is_empty() { "\"\"" } else { self.value };
        let mut parts = vec![format!("{}={value}", self.name)];
        let Attributes {
            domain,
            path,
            httponly,
            secure,
            samesite,
        } = self.attributes;
        parts.extend(
            domain
                .filter(|domain| !domain.is_empty())
                .map(|domain| format!("Domain={domain}")),
        );
        parts.extend(self.lifetime.expires().map(|date| format!("expires={date}")));
        parts.extend(httponly.then(|| "HttpOnly".to_owned()));
        parts.extend(
            self.lifetime
                .max_age()
                .map(|seconds| format!("Max-Age={seconds}")),
        );
        parts.push(format!("Path={path}"));
        parts.push(format!("SameSite={samesite:?}"));
        parts.extend(secure.then(|| "Secure".to_owned()));
        parts.join("; ")
    }
}

impl Lifetime {
    fn max_age(self) -> Option<i64> {
        match self {
            Self::Browser => None,
            Self::Seconds(seconds, _) => Some(seconds),
            Self::Over => Some(0),
        }
    }

    fn expires(self) -> Option<String> {
        match self {
            Self::Browser => None,
            Self::Seconds(seconds, now) => Some(http_date(now.as_secs().saturating_add(seconds))),
            Self::Over => Some(http_date(0)),
        }
    }
}

/// `django.utils.http.http_date`; what lies outside the dates that HTTP has stops at their ends.
#[must_use]
pub fn http_date(seconds: i64) -> String {
    let seconds = u64::try_from(seconds.clamp(0, LAST_DATE)).unwrap_or_default();
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}

/// Says that the answer depends on that request header (`django.utils.cache.patch_vary_headers`).
pub(crate) fn vary_on(headers: &mut HeaderMap, name: &'static str) {
    let each_stands_once = headers.len() == headers.keys_len();
    match headers.get_mut(VARY) {
        None => {
            headers.insert(VARY, HeaderValue::from_static(name));
        }
        // What most answers vary on is not put together each time.
        Some(value) if each_stands_once && name == "origin" && *value == "Cookie" => {
            *value = HeaderValue::from_static("Cookie, origin");
        }
        Some(_) => {
            if let Some(value) = with_name(headers, name) {
                headers.insert(VARY, value);
            }
        }
    }
}

/// The names that the header has, and that one, as one list; `None` where it varies so already.
fn with_name(headers: &HeaderMap, name: &'static str) -> Option<HeaderValue> {
    let values = headers.get_all(VARY).iter();
    let names = values.filter_map(|value| value.to_str().ok());
    let names = names.flat_map(|value| value.split(',')).map(str::trim);
    let mut names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    if names
        .iter()
        .any(|known| *known == "*" || known.eq_ignore_ascii_case(name))
    {
        return None;
    }
    names.push(name);
    HeaderValue::try_from(names.join(", ")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cookies(headers: &[&str]) -> Cookies {
        let values = headers.iter();
        Cookies(
            values
                .filter_map(|text| HeaderValue::from_bytes(text.as_bytes()).ok())
                .collect(),
        )
    }

    #[test]
    fn cookies_are_read_as_django_reads_them() {
        // `django.http.parse_cookie` of Django 5.2 for each.
        let cases = [
            ("a=1", Some("1")),
            ("a=1; a=2", Some("2")),
            (" a = 1 ;b=2", Some("1")),
            ("b=2", None),
            ("a", None),
            ("a=", Some("")),
            ("a=b=c", Some("b=c")),
            (r#"a="q""#, Some("q")),
            (r#"a="\054\"x\\""#, Some(",\"x\\")),
            (r#"a="\400""#, Some("400")),
            ("a=\"", Some("\"")),
            (";;=;a=1;;", Some("1")),
        ];
        for (header, expected) in cases {
            assert_eq!(cookies(&[header]).value("a").as_deref(), expected, "{header}");
        }
        assert_eq!(cookies(&["a=1", "b=2", "a=3"]).value("a").as_deref(), Some("3"));
    }

    #[test]
    fn attributes_stand_in_python_s_order() {
        let mut settings = SessionSettings::default();
        let now = Timestamp::from_secs(1_700_000_000);
        let text = |settings: &SessionSettings, lifetime| {
            let cookie = SetCookie {
                name: "sessionid",
                value: "abc",
                lifetime,
                attributes: Attributes::of_session(settings),
            };
            cookie.text()
        };
        assert_eq!(
            text(&settings, Lifetime::Seconds(1_209_600, now)),
            "sessionid=abc; expires=Tue, 28 Nov 2023 22:13:20 GMT; HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax"
        );
        settings.cookie_domain = Some("example.com".to_owned());
        settings.cookie_secure = true;
        assert_eq!(
            text(&settings, Lifetime::Browser),
            "sessionid=abc; Domain=example.com; HttpOnly; Path=/; SameSite=Lax; Secure"
        );
    }

    #[test]
    fn a_removed_cookie_is_django_s() {
        let settings = SessionSettings::default();
        let attributes = Attributes::of_session(&settings);
        let removed = |name| SetCookie {
            name,
            value: "",
            lifetime: Lifetime::Over,
            attributes: attributes.for_removal(name),
        };
        let date = "expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax";
        assert_eq!(removed("sessionid").text(), format!("sessionid=\"\"; {date}"));
        assert_eq!(
            removed("__Host-id").text(),
            format!("__Host-id=\"\"; {date}; Secure")
        );
    }

    #[test]
    fn vary_names_each_header_once() {
        let mut headers = HeaderMap::new();
        headers.append(VARY, HeaderValue::from_static("Accept"));
        headers.append(VARY, HeaderValue::from_static("origin"));
        vary_on(&mut headers, "Cookie");
        vary_on(&mut headers, "Cookie");
        assert_eq!(headers.get(VARY).unwrap(), "Accept, origin, Cookie");
        assert_eq!(headers.get_all(VARY).iter().count(), 1);
    }

    proptest! {
        #[test]
        fn any_header_is_read_without_panic(bytes: Vec<u8>, name: String) {
            if let Ok(header) = HeaderValue::from_bytes(&bytes) {
                let _ = Cookies(vec![header]).value(&name);
            }
        }

        #[test]
        fn any_quoted_text_is_read_without_panic(text in "\"[\\\\0-9é\"]{0,9}\"") {
            let _ = unquote(&text);
        }

        #[test]
        fn every_moment_is_a_date(seconds: i64) {
            prop_assert!(http_date(seconds).ends_with("GMT"));
        }
    }
}
