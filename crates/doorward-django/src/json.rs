//! JSON as Python's `json.dumps(value, separators=(",", ":"))` writes it.
//!
//! Django signs these very bytes, so they are reproduced: pure ASCII with `\uXXXX` escapes, keys in the
//! order of insertion, and floating point numbers in the form of Python's `repr`.

mod convert;
mod float;
mod number;
mod object;
mod value;
mod writer;

pub use number::Number;
pub use object::{Iter, Object};
pub use value::Value;
pub use writer::{dumps as dumps_value, dumps_object as dumps_members};

use std::fmt::Write;

use serde_json::{Map, Value as SerdeValue};

/// The text that `json.dumps(value, separators=(",", ":"))` gives in Python.
///
/// ```
/// let value = serde_json::json!({"b": "é", "a": [1.0, null]});
/// assert_eq!(doorward_django::json::dumps(&value), r#"{"b":"\u00e9","a":[1.0,null]}"#);
/// ```
#[must_use]
pub fn dumps(value: &SerdeValue) -> String {
    let mut text = String::new();
    write_value(value, &mut text);
    text
}

/// The text that `json.dumps` gives for an object, member by member.
#[must_use]
pub fn dumps_object(object: &Map<String, SerdeValue>) -> String {
    let mut text = String::new();
    write_object(object, &mut text);
    text
}

fn write_value(value: &SerdeValue, text: &mut String) {
    match value {
        SerdeValue::Null => text.push_str("null"),
        SerdeValue::Bool(true) => text.push_str("true"),
        SerdeValue::Bool(false) => text.push_str("false"),
        SerdeValue::Number(number) => write_number(number, text),
        SerdeValue::String(string) => write_string(string, text),
        SerdeValue::Array(items) => write_array(items, text),
        SerdeValue::Object(object) => write_object(object, text),
    }
}

fn write_array(items: &[SerdeValue], text: &mut String) {
    text.push('[');
    for (position, item) in items.iter().enumerate() {
        separate(position, text);
        write_value(item, text);
    }
    text.push(']');
}

fn write_object(object: &Map<String, SerdeValue>, text: &mut String) {
    text.push('{');
    for (position, (name, value)) in object.iter().enumerate() {
        separate(position, text);
        write_string(name, text);
        text.push(':');
        write_value(value, text);
    }
    text.push('}');
}

fn separate(position: usize, text: &mut String) {
    if position > 0 {
        text.push(',');
    }
}

fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for character in string.chars() {
        write_character(character, text);
    }
    text.push('"');
}

fn write_character(character: char, text: &mut String) {
    match character {
        '"' => text.push_str("\\\""),
        '\\' => text.push_str("\\\\"),
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        '\u{8}' => text.push_str("\\b"),
        '\u{c}' => text.push_str("\\f"),
        ' '..='~' => text.push(character),
        _ => write_escape(character, text),
    }
}

/// Characters outside the basic plane become two escapes, a surrogate pair (RFC 8259 §7).
fn write_escape(character: char, text: &mut String) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        let _ = write!(text, "\\u{unit:04x}");
    }
}

fn write_number(number: &serde_json::Number, text: &mut String) {
    match number.as_f64() {
        Some(float) if number.is_f64() => text.push_str(&repr(float)),
        _ => text.push_str(&number.to_string()),
    }
}

/// Python's `repr(float)`: the shortest digits that read back, with an exponent below 1e-4 and from 1e16 on.
fn repr(float: f64) -> String {
    let scientific = format!("{float:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let Ok(exponent) = exponent.parse::<i32>() else {
        return scientific;
    };
    if (-4..16).contains(&exponent) {
        return format!("{float:?}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;
    use proptest::prelude::*;
    use serde_json::Value;
    use serde_json::json;

    #[test]
    fn floats_are_python_s() {
        let cases = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
            (0.0001, "0.0001"),
            (0.000_01, "1e-05"),
            (5e-324, "5e-324"),
            (-1.234_567_890_123_456_7e-7, "-1.2345678901234566e-07"),
            (123_456_789.125, "123456789.125"),
        ];
        for (float, text) in cases {
            assert_eq!(dumps(&json!(float)), text);
        }
    }

    #[test]
    fn strings_are_ascii() {
        assert_eq!(
            dumps(&json!("\u{7f}\u{0}é😀\u{2028}/\"\\\n\r\t\u{8}\u{c}")),
            r#""\u007f\u0000\u00e9\ud83d\ude00\u2028/\"\\\n\r\t\b\f""#
        );
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            prop::num::f64::NORMAL.prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map(any::<String>(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    #[test]
    fn texts_are_python_s() {
        for case in golden::cases("json_texts") {
            assert_eq!(dumps(&case["value"]), case["text"]);
        }
    }

    proptest! {
        #[test]
        fn text_reads_back(value in any_json()) {
            let text = dumps(&value);
            prop_assert!(text.is_ascii());
            let back: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(dumps(&back), text);
        }
    }
}
