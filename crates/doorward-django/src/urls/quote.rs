use std::fmt::Write;

/// `iri` with all but ASCII escaped, for a `Location` header (`django.utils.encoding.iri_to_uri`).
///
/// What is escaped already stays as it is, and so do the characters that have a meaning in an address.
///
/// ```
/// assert_eq!(doorward_django::urls::iri_to_uri("/é?a=b c%20"), "/%C3%A9?a=b%20c%20");
/// ```
#[must_use]
pub fn iri_to_uri(iri: &str) -> String {
    quote(iri, b"/#%[]=:;$&()+,!?*@'~")
}

/// `path` with all escaped that may not stand in a path (`django.utils.encoding.escape_uri_path`).
#[must_use]
pub fn escape_uri_path(path: &str) -> String {
    quote(path, b"/:@&+$,-_.!~*'()")
}

/// `url` with the second of two leading slashes escaped, so that no browser takes what follows for a host
/// (`django.utils.http.escape_leading_slashes`).
#[must_use]
pub fn escape_leading_slashes(url: &str) -> String {
    match url.strip_prefix("//") {
        Some(rest) => format!("/%2F{rest}"),
        None => url.to_owned(),
    }
}

/// `urllib.parse.quote`: letters, digits and `_.-~` are always safe.
fn quote(text: &str, safe: &[u8]) -> String {
    text.bytes()
        .fold(String::with_capacity(text.len()), |mut quoted, byte| {
            if byte.is_ascii_alphanumeric() || b"_.-~".contains(&byte) || safe.contains(&byte) {
                quoted.push(char::from(byte));
            } else {
                let _ = write!(quoted, "%{byte:02X}");
            }
            quoted
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;
    use proptest::prelude::*;

    #[test]
    fn quoting_is_django_s() {
        for case in golden::cases("quoted") {
            let text = case["text"].as_str().unwrap();
            assert_eq!(iri_to_uri(text), case["iri_to_uri"]);
            assert_eq!(escape_uri_path(text), case["escape_uri_path"]);
            assert_eq!(escape_leading_slashes(text), case["escape_leading_slashes"]);
        }
    }

    proptest! {
        #[test]
        fn quoted_text_is_visible_ascii(text: String) {
            prop_assert!(iri_to_uri(&text).bytes().all(|byte| byte.is_ascii_graphic()));
            prop_assert!(escape_uri_path(&text).bytes().all(|byte| byte.is_ascii_graphic()));
            let twice = iri_to_uri(&iri_to_uri(&text));
            prop_assert_eq!(twice, iri_to_uri(&text));
        }
    }
}
