//! Headers as a WSGI server reads them (PEP 3333).

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue};

/// The headers of one name.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Headers<'h> {
    None,
    One(&'h HeaderValue),
    Several,
}

impl<'h> Headers<'h> {
    /// Those of a request. In most requests no header stands twice, which is seen without a look at their values.
    #[inline]
    pub(crate) fn of(headers: &'h HeaderMap, name: &HeaderName) -> Self {
        if headers.len() == headers.keys_len() {
            return headers.get(name).map_or(Self::None, Self::One);
        }
        let mut values = headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (None, _) => Self::None,
            (Some(value), None) => Self::One(value),
            (Some(_), Some(_)) => Self::Several,
        }
    }
}

/// A header's bytes; several headers of that name are joined by a comma, as a WSGI server joins them, and judged as
/// one (difference 5).
#[must_use]
pub fn joined<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<Cow<'h, [u8]>> {
    match Headers::of(headers, name) {
        Headers::None => None,
        Headers::One(value) => Some(Cow::Borrowed(value.as_bytes())),
        Headers::Several => {
            let values = headers.get_all(name).iter().map(HeaderValue::as_bytes);
            Some(Cow::Owned(values.collect::<Vec<_>>().join(&b","[..])))
        }
    }
}
