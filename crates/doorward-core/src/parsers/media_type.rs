//! [`MediaType`]: what a Content-Type or one member of an Accept header names
//! (`rest_framework.utils.mediatypes`).

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use mime::Mime;
use std::borrow::Cow;

/// A media type without its parameters; malformed text is a type that matches nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MediaType<'t> {
    main: &'t str,
    sub: &'t str,
}

impl MediaType<'static> {
    /// What accepts anything.
    pub(crate) const ANY: Self = Self { main: "*", sub: "*" };
}

impl<'t> MediaType<'t> {
    pub(crate) fn parse(text: &'t str) -> Self {
        let full = text.split_once(';').map_or(text, |(full, _)| full).trim();
        let (main, sub) = full.split_once('/').unwrap_or((full, ""));
        Self { main, sub }
    }

    /// Whether that type is meant: case does not matter, and a star stands for anything.
    pub(crate) fn matches(self, main: &str, sub: &str) -> bool {
        let is = |mine: &str, other: &str| mine == "*" || mine.eq_ignore_ascii_case(other);
        is(self.main, main) && is(self.sub, sub)
    }

    /// How many of its two parts are left open.
    pub(crate) fn stars(self) -> usize {
        [self.main, self.sub].iter().filter(|part| **part == "*").count()
    }

    /// Whether it is `application/json` and nothing else.
    pub(crate) fn is_json(self) -> bool {
        self.main.eq_ignore_ascii_case("application") && self.sub.eq_ignore_ascii_case("json")
    }

    /// Whether it is `application/json`, or a pattern that JSON fits.
    pub(crate) fn matches_json(self) -> bool {
        self.matches("application", "json")
    }
}

/// Whether a body is JSON, as its type says.
#[must_use]
pub fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|text| MediaType::parse(text).is_json())
}

/// The request's Content-Type; empty where there is none. Each byte is a character, as in WSGI (PEP 3333).
pub(super) fn content_type(headers: &HeaderMap) -> Cow<'_, str> {
    let Some(value) = headers.get(CONTENT_TYPE) else {
        return Cow::Borrowed("");
    };
    match value.to_str() {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => value.as_bytes().iter().copied().map(char::from).collect(),
    }
}

/// The value of one parameter of a Content-Type.
pub(super) fn parameter(content_type: &str, name: &str) -> Option<String> {
    if !content_type.contains(';') {
        return None;
    }
    let parsed = content_type.parse::<Mime>().ok()?;
    parsed.get_param(name).map(|value| value.as_str().to_owned())
}
