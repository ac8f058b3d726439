//! JSON bodies (`rest_framework.parsers.JSONParser`, strict).

use doorward_django::bounds::MAX_JSON_DEPTH;
use serde::Deserialize;
use serde_json::{Deserializer, Value};

use super::charset::Charset;
use super::media_type::parameter;
use crate::exceptions::{ApiException, Result};

/// The value of a body, of at most so many values and names. Of a name that stands twice in an object, the last value
/// counts.
pub(super) fn parse(content_type: &str, body: &[u8], max_values: usize) -> Result<Value> {
    let charset = parameter(content_type, "charset").unwrap_or_default();
    let text = Charset::of_name(&charset).decode(body).map_err(refused)?;
    Size::default().measure(text.as_bytes(), max_values)?;
    let mut deserializer = Deserializer::from_str(&text);
    deserializer.disable_recursion_limit();
    let value = Value::deserialize(&mut deserializer).map_err(refused)?;
    deserializer.end().map_err(refused)?;
    Ok(value)
}

fn refused(reason: impl std::fmt::Display) -> ApiException {
    ApiException::parse_error(format!("JSON parse error - {reason}"))
}

/// How deep and how large the value of a text is, found before any of it is made; of malformed text it says nothing.
#[derive(Debug, Default)]
struct Size {
    depth: usize,
    values: usize,
    place: Place,
}

#[derive(Clone, Copy, Debug, Default)]
enum Place {
    #[default]
    Between,
    InString,
    AfterBackslash,
}

impl Size {
    /// 400 as soon as brackets stand too deep, or there are too many values and names.
    fn measure(mut self, text: &[u8], max_values: usize) -> Result {
        for byte in text {
            self.add(*byte);
            if self.depth > MAX_JSON_DEPTH {
                return Err(refused("nested too deep"));
            }
            if self.values > max_values {
                return Err(refused(format_args!("more than {max_values} values")));
            }
        }
        Ok(())
    }

    /// A value stands after each bracket that opens, and each comma and colon; the outermost one is not counted.
    fn add(&mut self, byte: u8) {
        self.place = match (self.place, byte) {
            (Place::InString, b'\\') => Place::AfterBackslash,
            (Place::InString, b'"') => Place::Between,
            (Place::InString | Place::AfterBackslash, _) | (Place::Between, b'"') => Place::InString,
            (Place::Between, byte) => {
                self.values += usize::from(matches!(byte, b'[' | b'{' | b',' | b':'));
                self.depth += usize::from(matches!(byte, b'[' | b'{'));
                self.depth = self
                    .depth
                    .saturating_sub(usize::from(matches!(byte, b']' | b'}')));
                Place::Between
            }
        }
    }
}
