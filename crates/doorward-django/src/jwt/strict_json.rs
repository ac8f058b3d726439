//! JSON read more strictly than Python's `json.loads` does.

use crate::json::{Constants, Object, Overflow, Reader, RepeatedNames, Value};

/// How the parts of a token are read. A token is too short for too many values.
const READER: Reader = Reader {
    max_values: usize::MAX,
    constants: Constants::Refused,
    overflow: Overflow::Refused,
    repeated_names: RepeatedNames::Refused,
};

/// Reads one JSON object in UTF-8.
///
/// `None` for anything else: other values, a byte order mark, a name that stands twice in an object, a lone
/// surrogate, `NaN`, a number beyond any float, a nesting deeper than 128 levels.
pub(super) fn parse_object(bytes: &[u8]) -> Option<Object> {
    let text = std::str::from_utf8(bytes).ok()?;
    match READER.read(text).ok()? {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laxities_are_refused() {
        for text in [
            "",
            " ",
            "[]",
            "null",
            "\"x\"",
            "1",
            "foo",
            "{",
            "{}{}",
            "\u{feff}{}",
            r#"{"a":1,"a":2}"#,
            r#"{"a":{"b":1,"b":1}}"#,
            r#"{"a":[{"b":1,"\u0062":1}]}"#,
            r#"{"a":NaN}"#,
            r#"{"a":Infinity}"#,
            r#"{"a":-Infinity}"#,
            r#"{"a":1e400}"#,
            r#"{"a":"\ud800"}"#,
            r#"{"a":"\udc00"}"#,
            r#"{"\ud800":1}"#,
            "{\"a\":\"\n\"}",
            r#"{"a":1,}"#,
        ] {
            assert_eq!(parse_object(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse_object(b"{\"a\":\"\xff\"}"), None);
        assert_eq!(parse_object(b"{\"a\":\"\xc0\xaf\"}"), None);
        assert!(parse_object(br#" {"a":"\ud83d\ude00"} "#).is_some());
    }

    #[test]
    fn nesting_ends_at_128() {
        let nested = |levels: usize| {
            let text = format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
            parse_object(text.as_bytes())
        };
        assert!(nested(128).is_some());
        assert!(nested(129).is_none());
        assert!(parse_object("[".repeat(1_000_000).as_bytes()).is_none());
        assert!(parse_object("{\"a\":".repeat(1_000_000).as_bytes()).is_none());
    }
}
