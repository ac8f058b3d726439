//! Values as Python writes them (`json.dumps`, `rest_framework.renderers.JSONRenderer`).

use std::fmt::Write;

use super::number::Kind;
use super::scan::{Also, SEPARATOR, plain_length};
use super::{Number, Object, Value, float};

/// The text that `json.dumps(value, separators=(",", ":"))` gives in Python: pure ASCII.
///
/// ```
/// use doorward_django::json::{Value, dumps};
///
/// let value = Value::from(serde_json::json!({"b": "é", "a": [1.0, null]}));
/// assert_eq!(dumps(&value), r#"{"b":"\u00e9","a":[1.0,null]}"#);
/// ```
#[must_use]
pub fn dumps(value: &Value) -> String {
    let mut text = String::new();
    write_value(value, Charset::Ascii, &mut text);
    text
}

/// The text that `json.dumps` gives for an object.
#[must_use]
pub fn dumps_object(object: &Object) -> String {
    let mut text = String::new();
    write_object(object, Charset::Ascii, &mut text);
    text
}

/// The text of a value as REST framework renders it.
pub(super) fn text_of(value: &Value) -> String {
    let mut text = String::new();
    write_value(value, Charset::Unicode, &mut text);
    text
}

/// Which characters stand in a text as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// The printable ones of ASCII (`ensure_ascii`).
    Ascii,
    /// All but control characters and the two line separators that JavaScript once stumbled over.
    Unicode,
}

fn write_value(value: &Value, charset: Charset, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => write_number(number, text),
        Value::String(string) => write_string(string, charset, text),
        Value::Array(items) => write_array(items, charset, text),
        Value::Object(object) => write_object(object, charset, text),
    }
}

fn write_array(items: &[Value], charset: Charset, text: &mut String) {
    text.push('[');
    for (position, item) in items.iter().enumerate() {
        separate(position, text);
        write_value(item, charset, text);
    }
    text.push(']');
}

fn write_object(object: &Object, charset: Charset, text: &mut String) {
    text.push('{');
    for (position, (name, value)) in object.iter().enumerate() {
        separate(position, text);
        write_string(name, charset, text);
        text.push(':');
        write_value(value, charset, text);
    }
    text.push('}');
}

fn separate(position: usize, text: &mut String) {
    if position > 0 {
        text.push(',');
    }
}

fn write_number(number: &Number, text: &mut String) {
    match number.kind() {
        Kind::Integer(integer) => write_integer(integer, text),
        Kind::Big(digits) => text.push_str(digits),
        Kind::Float(float) if float.is_finite() => float::write(float, text),
        Kind::Float(float) => text.push_str(&float::constant(float)),
    }
}

/// An integer of any type.
pub(super) fn write_integer(integer: impl std::fmt::Display, text: &mut String) {
    let _ = write!(text, "{integer}");
}

/// A text in quotation marks: what stands as it is goes over in one piece.
pub(super) fn write_string(string: &str, charset: Charset, text: &mut String) {
    text.reserve(string.len() + 2);
    text.push('"');
    let mut rest = string;
    while let Some((before, character, after)) = split_at_escape(rest, charset) {
        text.push_str(before);
        write_escape(character, text);
        rest = after;
    }
    text.push_str(rest);
    text.push('"');
}

/// What stands before the first character that is escaped, that character, and what follows.
fn split_at_escape(text: &str, charset: Charset) -> Option<(&str, char, &str)> {
    let place = match charset {
        Charset::Ascii => plain_length(text.as_bytes(), Also::NotPrintable),
        Charset::Unicode => unicode_length(text.as_bytes()),
    };
    let (before, rest) = text.split_at_checked(place)?;
    let mut characters = rest.chars();
    Some((before, characters.next()?, characters.as_str()))
}

/// How many bytes stand before the first character that is escaped in UTF-8.
fn unicode_length(bytes: &[u8]) -> usize {
    let mut length = 0;
    loop {
        let rest = bytes.get(length..).unwrap_or_default();
        length += plain_length(rest, Also::Separators);
        match bytes.get(length..) {
            Some([SEPARATOR, 0x80, 0xa8 | 0xa9, ..]) => return length,
            Some([SEPARATOR, ..]) => length += 1,
            _ => return length,
        }
    }
}

fn write_escape(character: char, text: &mut String) {
    match character {
        '"' => text.push_str("\\\""),
        '\\' => text.push_str("\\\\"),
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        '\u{8}' => text.push_str("\\b"),
        '\u{c}' => text.push_str("\\f"),
        other => write_units(other, text),
    }
}

/// Characters outside the basic plane become two escapes, a surrogate pair (RFC 8259 §7).
fn write_units(character: char, text: &mut String) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        let _ = write!(text, "\\u{unit:04x}");
    }
}
