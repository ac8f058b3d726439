//! [`Text`]: one value from one text (`rest_framework.fields`, `django.urls.converters`).

use std::borrow::Cow;

use serde::de::{self, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::{Error, Spelling};

/// How long a number may be, in characters (`IntegerField.MAX_STRING_LENGTH`).
const MAX_NUMBER_LENGTH: usize = 1_000;

/// A text that becomes a value; `None` is something else than a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'t> {
    pub(super) text: Option<&'t str>,
    pub(super) spelling: Spelling,
}

impl<'t> Text<'t> {
    fn text(self) -> Result<&'t str, Error> {
        let text = self
            .text
            .ok_or_else(|| Error::new("invalid", "Not a valid string."))?;
        match text.contains('\0') {
            true => Err(Error::new(
                "null_characters_not_allowed",
                "Null characters are not allowed.",
            )),
            false => Ok(text),
        }
    }

    fn number(self) -> Result<&'t str, Error> {
        let text = self.text()?;
        match text.chars().nth(MAX_NUMBER_LENGTH) {
            Some(_) => Err(Error::new("max_string_length", "String value too large.")),
            None => Ok(text),
        }
    }

    /// An integer between those bounds.
    fn integer(self, least: i128, greatest: i128) -> Result<i128, Error> {
        let text = self.number()?;
        let written = match self.spelling {
            Spelling::Any => pythonic(text),
            Spelling::One => Some(Cow::Borrowed(text)),
        };
        let (is_negative, digits) = match written.as_deref().and_then(sign_and_digits) {
            Some((Some('+'), _)) if self.spelling == Spelling::One => return Err(no_integer()),
            Some((sign, digits)) => (sign == Some('-'), digits.to_owned()),
            None => return Err(no_integer()),
        };
        let too_great = || {
            let sentence = format!("Ensure this value is less than or equal to {greatest}.");
            Error::new("max_value", sentence)
        };
        let too_small = || {
            let sentence = format!("Ensure this value is greater than or equal to {least}.");
            Error::new("min_value", sentence)
        };
        match (digits.parse::<i128>(), is_negative) {
            // So many digits are past all bounds, whatever they are.
            (Err(_), true) => Err(too_small()),
            (Err(_), false) => Err(too_great()),
            (Ok(size), _) => match if is_negative { -size } else { size } {
                value if value > greatest => Err(too_great()),
                value if value < least => Err(too_small()),
                value => Ok(value),
            },
        }
    }

    /// A finite number, as Python's `float` reads it.
    fn float(self) -> Result<f64, Error> {
        let text = self.number()?;
        let text = match self.spelling {
            Spelling::Any => trimmed(text),
            Spelling::One => text,
        };
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
        value.ok_or_else(|| Error::new("invalid", "A valid number is required."))
    }

    /// `BooleanField.TRUE_VALUES` and `.FALSE_VALUES`.
    fn boolean(self) -> Result<bool, Error> {
        match self.text()?.to_lowercase().as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            "t" | "y" | "yes" | "on" | "1" if self.spelling == Spelling::Any => Ok(true),
            "f" | "n" | "no" | "off" | "0" if self.spelling == Spelling::Any => Ok(false),
            _ => Err(Error::new("invalid", "Must be a valid boolean.")),
        }
    }
}

/// A text where several fields were expected.
fn no_dictionary() -> Error {
    Error::new("invalid", "Invalid data. Expected a dictionary, but got str.").of_object()
}

fn no_integer() -> Error {
    Error::new("invalid", "A valid integer is required.")
}

/// What Python's `int` reads, when `IntegerField` has taken `.0` off its end; as it would be written without white space
/// and underscores. Digits of other scripts are not read.
fn pythonic(text: &str) -> Option<Cow<'_, str>> {
    let text = trimmed(text);
    let text = match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|byte| byte == b'0') => trimmed(whole),
        Some(_) => return None,
        None => text,
    };
    let digits = text.trim_start_matches(['+', '-']);
    let is_plain = !digits.starts_with('_') && !digits.ends_with('_') && !digits.contains("__");
    is_plain.then(|| match text.contains('_') {
        true => Cow::Owned(text.replace('_', "")),
        false => Cow::Borrowed(text),
    })
}

/// The sign, where there is one, and at least one digit.
fn sign_and_digits(text: &str) -> Option<(Option<char>, &str)> {
    let sign = text.chars().next().filter(|first| matches!(first, '+' | '-'));
    let digits = text.get(sign.map_or(0, char::len_utf8)..)?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some((sign, digits))
}

/// Python's `str.strip()`.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|character: char| {
        character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
    })
}

/// A method per type of integer: what is between its bounds converts into it.
macro_rules! integers {
    ($($deserialize:ident $visit:ident $type:ty,)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let greatest = i128::try_from(<$type>::MAX).unwrap_or(i128::MAX);
            let least = i128::try_from(<$type>::MIN).unwrap_or(i128::MIN);
            let value = self.integer(least, greatest)?;
            visitor.$visit(<$type>::try_from(value).map_err(de::Error::custom)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Text<'_> {
    type Error = Error;

    integers! {
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
        deserialize_i128 visit_i128 i128,
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
        deserialize_u128 visit_u128 u128,
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(self.boolean()?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = self.float()?;
        match value.abs() <= f64::from(f32::MAX) {
            true => visitor.visit_f64(value),
            false => Err(Error::new("invalid", "A valid number is required.")),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f64(self.float()?)
    }

    /// An empty field of a form is none (`Field.get_value`, where null is allowed).
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match (self.text, self.spelling) {
            (Some(""), Spelling::Any) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.text()?.into_deserializer())
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        Err(no_dictionary())
    }

    fn deserialize_map<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(no_dictionary())
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit_struct seq tuple tuple_struct identifier
    }
}
