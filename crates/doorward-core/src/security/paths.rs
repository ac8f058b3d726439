//! One spelling for each path: `/%68ome/` is `/home/` (RFC 3986 §6.2.2.2).

use http::Uri;
use http::uri::PathAndQuery;

/// The address with every escape in its path undone that stands for a letter, a digit, `-`, `_` or `~`; `None`
/// where there is none such. A dot stays escaped: nothing here may become a `..` that was not one before.
pub(crate) fn normalized(uri: &Uri) -> Option<Uri> {
    uri.path().bytes().position(|byte| byte == b'%')?;
    with_path(uri, unescaped(uri.path())?)
}

/// The address with that path; `None` where that is none.
pub(crate) fn with_path(uri: &Uri, path: String) -> Option<Uri> {
    let path_and_query = match uri.query() {
        Some(query) => PathAndQuery::try_from(format!("{path}?{query}")),
        None => PathAndQuery::try_from(path),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path_and_query.ok()?);
    Uri::from_parts(parts).ok()
}

/// `None` where a `%` begins no escape: undoing the next one could make it one.
fn unescaped(path: &str) -> Option<String> {
    let mut pieces = path.split('%');
    let mut text = pieces.next()?.to_owned();
    for piece in pieces {
        let (byte, rest) = split_escape(piece)?;
        match char::from(byte) {
            letter if letter.is_ascii_alphanumeric() || "-_~".contains(letter) => {
                text.push(letter);
                text.push_str(rest);
            }
            _ => {
                text.push('%');
                text.push_str(piece);
            }
        }
    }
    Some(text)
}

/// The byte that two hexadecimal digits stand for, and what follows.
fn split_escape(piece: &str) -> Option<(u8, &str)> {
    let (digits, rest) = piece.split_at_checked(2)?;
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    Some((u8::from_str_radix(digits, 16).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_letters_and_digits_are_unescaped() {
        let cases = [
            ("/%68%6Fme/%7e?%68=%68", "/home/~?%68=%68"),
            ("/%2e%2E/%2F/%25", "/%2e%2E/%2F/%25"),
            ("/%25%30", "/%250"),
            ("/%C3%A9/%2568", "/%C3%A9/%2568"),
        ];
        for (raw, normal) in cases {
            assert_eq!(normalized(&raw.parse().unwrap()).unwrap(), normal);
        }
        for raw in ["/home/?%68", "/%68/%zz", "/%68/%6", "/%0%30"] {
            assert_eq!(normalized(&raw.parse().unwrap()), None, "{raw}");
        }
    }

    proptest! {
        #[test]
        fn any_path_keeps_its_meaning(path in "/[a-zA-Z0-9%/._-]{0,30}") {
            let Ok(uri) = path.parse::<Uri>() else { return Ok(()) };
            let Some(normal) = normalized(&uri) else { return Ok(()) };
            let decoded = |path: &str| percent_encoding::percent_decode_str(path).collect::<Vec<u8>>();
            prop_assert_eq!(decoded(normal.path()), decoded(uri.path()));
        }
    }
}
