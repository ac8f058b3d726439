//! Headers as a WSGI server reads them (PEP 3333).

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue};

/// A header's bytes; several headers of that name are joined by a comma, as a WSGI server joins them, and judged as
/// one (difference 5).
pub(crate) fn joined<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<Cow<'h, [u8]>> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.as_bytes();
    let Some(second) = values.next() else {
        return Some(Cow::Borrowed(first));
    };
    let rest = std::iter::once(second).chain(values).map(HeaderValue::as_bytes);
    let all: Vec<&[u8]> = std::iter::once(first).chain(rest).collect();
    Some(Cow::Owned(all.join(b",".as_slice())))
}
