//! Values as Python's `repr` and `str` write them, for sentences that repeat what was sent.

use std::fmt::Write;

use doorward_django::json::Value;

use crate::parsers::is_printable;

/// `str(value)` of a value that `json.loads` gave.
pub(super) fn of_json(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => {
            let mut written = String::new();
            write(other, &mut written);
            written
        }
    }
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => write_text(text, out),
        Value::Array(items) => write_all(items.iter(), ('[', ']'), write, out),
        Value::Object(object) => write_all(object.iter(), ('{', '}'), write_member, out),
    }
}

fn write_member((name, value): (&String, &Value), out: &mut String) {
    write_text(name, out);
    out.push_str(": ");
    write(value, out);
}

fn write_all<T>(
    items: impl Iterator<Item = T>,
    (open, close): (char, char),
    mut write: impl FnMut(T, &mut String),
    out: &mut String,
) {
    out.push(open);
    for (position, item) in items.enumerate() {
        if position > 0 {
            out.push_str(", ");
        }
        write(item, out);
    }
    out.push(close);
}

/// Single quotes, unless the text holds some and no double ones.
fn write_text(text: &str, out: &mut String) {
    let quote = match text.contains('\'') && !text.contains('"') {
        true => '"',
        false => '\'',
    };
    out.push(quote);
    for character in text.chars() {
        write_character(character, quote, out);
    }
    out.push(quote);
}

fn write_character(character: char, quote: char, out: &mut String) {
    let code = u32::from(character);
    let _ = match character {
        '\\' => write!(out, "\\\\"),
        '\n' => write!(out, "\\n"),
        '\r' => write!(out, "\\r"),
        '\t' => write!(out, "\\t"),
        _ if character == quote => write!(out, "\\{quote}"),
        _ if is_printable(character) => write!(out, "{character}"),
        _ if code < 0x100 => write!(out, "\\x{code:02x}"),
        _ if code < 0x1_0000 => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}
