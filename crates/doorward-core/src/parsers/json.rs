//! JSON bodies (`rest_framework.parsers.JSONParser`, strict).

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Deserializer, Value};

use super::media_type::parameter;
use crate::exceptions::{ApiException, Result};

/// How many arrays and objects may stand inside each other (difference 19).
const MAX_DEPTH: usize = 128;

/// The value of a body. Of a name that stands twice in an object, the last value counts.
pub(super) fn parse(content_type: &str, body: &[u8]) -> Result<Value> {
    let text = decode(content_type, body)?;
    if is_too_deep(text.as_bytes()) {
        return Err(refused("nested too deep"));
    }
    let mut deserializer = Deserializer::from_str(&text);
    deserializer.disable_recursion_limit();
    let value = Value::deserialize(&mut deserializer).map_err(refused)?;
    deserializer.end().map_err(refused)?;
    Ok(value)
}

fn refused(reason: impl std::fmt::Display) -> ApiException {
    ApiException::parse_error(format!("JSON parse error - {reason}"))
}

/// The text of a body, in the charset of its type; Python knows more of them than these.
fn decode<'b>(content_type: &str, body: &'b [u8]) -> Result<Cow<'b, str>> {
    let charset = parameter(content_type, "charset").unwrap_or_default();
    match charset.to_ascii_lowercase().replace('_', "-").as_str() {
        "latin-1" | "latin1" | "l1" | "iso-8859-1" | "iso8859-1" => {
            Ok(body.iter().copied().map(char::from).collect())
        }
        "ascii" | "us-ascii" if !body.is_ascii() => Err(refused("'ascii' codec can't decode the body")),
        name if name.starts_with("utf-16") || name.starts_with("utf-32") => Err(unsupported(&charset)),
        _ => std::str::from_utf8(body)
            .map(Cow::Borrowed)
            .map_err(|error| not_utf8(body, error.valid_up_to())),
    }
}

fn unsupported(charset: &str) -> ApiException {
    let detail = format!("Unsupported charset \"{charset}\" in request Content-Type header.");
    ApiException::parse_error(detail)
}

fn not_utf8(body: &[u8], position: usize) -> ApiException {
    let byte = body.get(position).copied().unwrap_or_default();
    refused(format_args!(
        "'utf-8' codec can't decode byte 0x{byte:02x} in position {position}"
    ))
}

/// Whether brackets outside strings stand more than [`MAX_DEPTH`] deep; of malformed text it says nothing.
fn is_too_deep(text: &[u8]) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}
