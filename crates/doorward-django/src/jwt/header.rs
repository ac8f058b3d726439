//! The header of a token (RFC 7515 §4): what may stand in it.

use super::strict_json::parse_object;
use super::{Algorithm, TokenError};
use crate::json::{Object, Value};

/// Accepts a decoded header that names `algorithm` and asks for nothing that we do not do.
///
/// `typ`, `kid`, `jku`, `jwk` and the like are not obeyed: there is one key, and it is ours.
/// Source: `jwt.api_jws.PyJWS._load`, `_validate_headers`.
pub(super) fn check_header(json: &[u8], algorithm: Algorithm) -> Result<(), TokenError> {
    let names_it = Header::read(json)?.names(algorithm);
    names_it.then_some(()).ok_or(TokenError::Invalid)
}

/// A header that asks for nothing that we do not do.
pub(super) struct Header(Object);

impl Header {
    /// Reads a decoded header, whatever its algorithm.
    pub(super) fn read(json: &[u8]) -> Result<Self, TokenError> {
        let header = parse_object(json).ok_or(TokenError::Invalid)?;
        let accepted = header.get("kid").is_none_or(Value::is_string)
            && header.get("b64") != Some(&Value::Bool(false))
            && has_known_extensions(&header);
        accepted.then_some(Self(header)).ok_or(TokenError::Invalid)
    }

    /// Whether this is the algorithm it names.
    pub(super) fn names(&self, algorithm: Algorithm) -> bool {
        self.algorithm() == Some(algorithm.name())
    }

    /// The algorithm that it names.
    pub(super) fn algorithm(&self) -> Option<&str> {
        self.0.get("alg").and_then(Value::as_str)
    }

    /// The name of the key that signed, as the token says (RFC 7515 §4.1.4).
    pub(super) fn kid(&self) -> Option<&str> {
        self.0.get("kid").and_then(Value::as_str)
    }
}

/// RFC 7515 §4.1.11: where there is a `crit`, it lists what is there and understood, once each.
///
/// PyJWT understands `b64` (RFC 7797), which the caller has seen not to be switched off: so it says nothing.
fn has_known_extensions(header: &Object) -> bool {
    let Some(critical) = header.get("crit") else {
        return true;
    };
    critical.as_array().is_some_and(|names| match names.as_slice() {
        [name] => name == "b64" && header.contains_key("b64"),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_asked_for_is_ignored() {
        for json in [
            r#"{"typ":"JWT","alg":"HS256"}"#,
            r#"{"alg":"HS256"}"#,
            r#"{"alg":"HS256","typ":7,"cty":"JWT","kid":"../../dev/null"}"#,
            r#"{"alg":"HS256","jku":"http://x.example","jwk":{"kty":"oct"},"x5u":1,"zip":"DEF"}"#,
            r#"{"alg":"HS256","b64":true,"crit":["b64"]}"#,
            r#"{"alg":"HS256","b64":0}"#,
        ] {
            assert_eq!(check_header(json.as_bytes(), Algorithm::Hs256), Ok(()), "{json}");
        }
    }

    #[test]
    fn the_rest_is_refused() {
        for json in [
            "",
            "[]",
            "null",
            "1",
            r#""HS256""#,
            "{}",
            r#"{"typ":"JWT"}"#,
            r#"{"alg":"none"}"#,
            r#"{"alg":""}"#,
            r#"{"alg":"hs256"}"#,
            r#"{"alg":"HS256 "}"#,
            r#"{"alg":"HS384"}"#,
            r#"{"alg":["HS256"]}"#,
            r#"{"alg":null}"#,
            r#"{"alg":256}"#,
            r#"{"alg":"none","alg":"HS256"}"#,
            r#"{"alg":"HS256","alg":"HS256"}"#,
            r#"{"alg":"HS256","kid":1}"#,
            r#"{"alg":"HS256","kid":null}"#,
            r#"{"alg":"HS256","kid":{}}"#,
            r#"{"alg":"HS256","b64":false}"#,
            r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#,
            r#"{"alg":"HS256","crit":[]}"#,
            r#"{"alg":"HS256","crit":"exp"}"#,
            r#"{"alg":"HS256","crit":["alg"]}"#,
            r#"{"alg":"HS256","crit":["x"],"x":1}"#,
            r#"{"alg":"HS256","crit":["b64"]}"#,
            r#"{"alg":"HS256","crit":["b64","b64"],"b64":true}"#,
            r#"{"alg":"HS256","crit":null}"#,
        ] {
            let refused = check_header(json.as_bytes(), Algorithm::Hs256);
            assert_eq!(refused, Err(TokenError::Invalid), "{json}");
        }
    }
}
