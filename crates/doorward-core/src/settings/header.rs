//! Names of headers, in either spelling.

use std::borrow::Cow;

use http::HeaderName;
use http::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, EXPECT, HOST, TE, TRANSFER_ENCODING, UPGRADE,
};

/// Headers that have a meaning of their own in every request: nothing else can stand in them.
const TAKEN: [HeaderName; 9] = [
    CONNECTION,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    COOKIE,
    EXPECT,
    HOST,
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// The header that a setting names: as requests have it (`X-Forwarded-Proto`), or as WSGI and Django's settings do
/// (`HTTP_X_FORWARDED_PROTO`; PEP 3333). `None` where it is no name of a header, or
/// of one that says something else.
#[must_use]
pub fn header_name(setting: &str) -> Option<HeaderName> {
    let name = HeaderName::try_from(&*as_sent(setting)).ok();
    name.filter(|name| !TAKEN.contains(name))
}

/// That name as requests have it, in the letters of the setting (`HttpHeaders.parse_header_name`).
pub(crate) fn as_sent(setting: &str) -> Cow<'_, str> {
    match setting.strip_prefix("HTTP_") {
        Some(name) => name.replace('_', "-").into(),
        None => setting.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_name_one_header() {
        for setting in ["HTTP_X_FORWARDED_PROTO", "X-Forwarded-Proto", "x-forwarded-proto"] {
            assert_eq!(header_name(setting).unwrap(), "x-forwarded-proto", "{setting}");
        }
        assert_eq!(header_name("OIDC_CLAIM_email").unwrap(), "oidc_claim_email");
        for setting in [
            "",
            "HTTP_",
            "X-Name: value",
            "X Name",
            "HTTP_ä",
            "X-Name\r\n",
            "HTTP_HOST",
            "Cookie",
        ] {
            assert_eq!(header_name(setting), None, "{setting:?}");
        }
    }
}
