//! What an `Authorization` header carries: Basic, Token and Bearer credentials.
//!
//! The header comes as bytes, several headers joined by a comma before. It is split at ASCII white space,
//! as `bytes.split()` does in Python. Each parser answers `Ok(None)` where the scheme is another one, and
//! an error, in DRF's words, where it is its own but malformed.
//!
//! Sources: `rest_framework.authentication`, `rest_framework_simplejwt.authentication`.

mod basic;
mod bearer;
mod token;

pub use basic::{BasicCredentials, BasicHeaderError};
pub use bearer::{BadAuthorizationHeader, bearer_token};
pub use token::{TokenHeaderError, header_token};

/// What follows a scheme.
enum Credentials<'header> {
    None,
    One(&'header [u8]),
    Several,
}

/// What follows the scheme of a header; `None` where that is another one, or the header is blank. What stands after
/// another's scheme is not looked at.
fn credentials(header: &[u8], is_own: impl FnOnce(&[u8]) -> bool) -> Option<Credentials<'_>> {
    let (scheme, rest) = first_word(header);
    if scheme.is_empty() || !is_own(scheme) {
        return None;
    }
    let rest = trim_start(rest);
    // A credential is long, and mostly the last word: for visible bytes alone, several are looked at at once.
    let others = rest.iter().fold(0, |any, byte| any | u8::from(*byte <= b' '));
    let (one, more) = match others {
        0 => (rest, &[][..]),
        _ => first_word(rest),
    };
    Some(match (one.is_empty(), trim_start(more).is_empty()) {
        (true, _) => Credentials::None,
        (false, true) => Credentials::One(one),
        (false, false) => Credentials::Several,
    })
}

/// The first word, and what follows it; an empty one where there is none.
fn first_word(text: &[u8]) -> (&[u8], &[u8]) {
    let text = trim_start(text);
    let end = text.iter().position(|byte| is_space(*byte));
    text.split_at_checked(end.unwrap_or(text.len()))
        .unwrap_or_default()
}

fn trim_start(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !is_space(*byte));
    start.and_then(|start| text.get(start..)).unwrap_or_default()
}

/// Python's ASCII white space; Rust's own leaves the vertical tab out.
fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;
    use crate::golden::json;
    use crate::json::Value;
    use proptest::prelude::*;

    #[test]
    fn answers_are_drf_s() {
        for case in golden::cases("authorizations") {
            let header = latin1(case["header"].as_str().unwrap());
            let basic = BasicCredentials::parse(&header)
                .map(|found| found.map(|found| json!([found.username, found.password.expose()])));
            assert_eq!(answer(basic), case["basic"], "{case}");
            let token = header_token(&header, "Token");
            assert_eq!(
                answer(token.map(|found| found.map(|token| json!(token)))),
                case["token"],
                "{case}"
            );
            let bearer = bearer_token(&header, &["Bearer"]);
            let text = |token: &[u8]| json!(token.iter().map(|byte| char::from(*byte)).collect::<String>());
            assert_eq!(
                answer(bearer.map(|found| found.map(text))),
                case["bearer"],
                "{case}"
            );
        }
    }

    #[test]
    fn the_case_of_bearer_does_not_matter() {
        for header in ["bearer x", "BEARER x", "jwt x"] {
            assert_eq!(
                bearer_token(header.as_bytes(), &["Bearer", "JWT"]),
                Ok(Some(b"x".as_slice()))
            );
        }
    }

    fn latin1(text: &str) -> Vec<u8> {
        text.chars()
            .map(|character| u8::try_from(character).unwrap())
            .collect()
    }

    fn answer<E: std::error::Error>(found: Result<Option<Value>, E>) -> Value {
        match found {
            Ok(found) => json!({"ok": found}),
            Err(error) => json!({"error": error.to_string()}),
        }
    }

    proptest! {
        #[test]
        fn any_bytes_have_an_answer(bytes: Vec<u8>) {
            for scheme in ["", "Basic ", "Token\t", "bearer "] {
                let header = [scheme.as_bytes(), &bytes].concat();
                let _ = BasicCredentials::parse(&header);
                let _ = header_token(&header, "Token");
                let _ = bearer_token(&header, &["Bearer"]);
            }
        }

        #[test]
        fn a_blank_header_is_nobody_s(header in "[ \t\n\r\x0b\x0c]*") {
            prop_assert!(BasicCredentials::parse(header.as_bytes()).unwrap().is_none());
            prop_assert!(header_token(header.as_bytes(), "Token").unwrap().is_none());
            prop_assert!(bearer_token(header.as_bytes(), &["Bearer"]).unwrap().is_none());
        }
    }
}
