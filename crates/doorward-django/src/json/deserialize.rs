//! Values read into other types: `serde` over a [`Value`], and a [`Value`] out of any `serde` format.

mod access;
mod value;

use serde::de::{DeserializeOwned, Deserializer, Visitor};

use super::number::Kind;
use super::{Error, Number, Object, Value};
use access::{Items, Members, Variant};
use value::ANY_VALUE;

/// A value, read into a type.
///
/// Integers are taken as far as the type reaches, up to 128 bits; a [`Value`] and a [`Number`] inside the type take all.
///
/// ```
/// use doorward_django::json::{from_value, loads};
///
/// let value = loads("[1, 18446744073709551616]").unwrap();
/// assert_eq!(from_value::<Vec<i128>>(&value).unwrap(), [1, 1 << 64]);
/// let refused = from_value::<Vec<i64>>(&value).unwrap_err();
/// assert_eq!(refused.message(), "Ensure this value is less than or equal to 9223372036854775807.");
/// ```
///
/// # Errors
/// Where it does not fit, with the field and REST framework's sentence.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, Error> {
    T::deserialize(value)
}

/// The sentences of REST framework's fields.
const NOT_A_BOOLEAN: &str = "Must be a valid boolean.";
const NOT_AN_INTEGER: &str = "A valid integer is required.";
const NOT_A_NUMBER: &str = "A valid number is required.";
const NOT_A_STRING: &str = "Not a valid string.";

/// 400 for what is null, else with that sentence.
fn refused(value: &Value, sentence: &str) -> Error {
    match value {
        Value::Null => Error::null(),
        _ => Error::new("invalid", sentence),
    }
}

/// The integer, if it lies between these two.
fn integer<T: TryFrom<i128>>(value: &Value, least: i128, most: i128) -> Result<T, Error> {
    let number = whole(value)?;
    let integer = number.as_i128();
    let fitting = integer.and_then(|integer| T::try_from(integer).ok());
    fitting.ok_or_else(|| match number.compare_integers(&Number::from(least)) {
        Some(std::cmp::Ordering::Less) => too_small(least),
        _ => too_large(most),
    })
}

fn whole(value: &Value) -> Result<&Number, Error> {
    let number = value.as_number().filter(|number| number.is_integer());
    number.ok_or_else(|| refused(value, NOT_AN_INTEGER))
}

fn too_small(least: impl std::fmt::Display) -> Error {
    let sentence = format!("Ensure this value is greater than or equal to {least}.");
    Error::new("min_value", sentence)
}

fn too_large(most: impl std::fmt::Display) -> Error {
    let sentence = format!("Ensure this value is less than or equal to {most}.");
    Error::new("max_value", sentence)
}

/// A float that is a number.
fn float(value: &Value) -> Result<f64, Error> {
    let float = value.as_f64().filter(|float| float.is_finite());
    float.ok_or_else(|| refused(value, NOT_A_NUMBER))
}

fn text(value: &Value) -> Result<&str, Error> {
    value.as_str().ok_or_else(|| refused(value, NOT_A_STRING))
}

fn items(value: &Value) -> Result<&[Value], Error> {
    let items = value.as_array().map(Vec::as_slice);
    items.ok_or_else(|| match value {
        Value::Null => Error::null(),
        _ => {
            let kind = value.python_type();
            Error::new(
                "not_a_list",
                format!("Expected a list of items but got type \"{kind}\"."),
            )
        }
    })
}

fn dict(value: &Value) -> Result<&Object, Error> {
    value.as_object().ok_or_else(|| match value {
        Value::Null => Error::null(),
        _ => {
            let kind = value.python_type();
            let sentence = format!("Expected a dictionary of items but got type \"{kind}\".");
            Error::new("not_a_dict", sentence)
        }
    })
}

/// The members for a struct, which is a serializer to REST framework.
fn fields(value: &Value) -> Result<&Object, Error> {
    value.as_object().ok_or_else(|| match value {
        Value::Null => Error::null(),
        _ => {
            let kind = value.python_type();
            let sentence = format!("Invalid data. Expected a dictionary, but got {kind}.");
            Error::new("invalid", sentence).of_object()
        }
    })
}

/// What a type of the size is given.
macro_rules! integers {
    ($($method:ident: $integer:ty => $visit:ident),*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(integer::<$integer>(self, <$integer>::MIN.into(), <$integer>::MAX.into())?)
        }
    )*};
}

impl<'de> Deserializer<'de> for &'de Value {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(*truth),
            Value::Number(number) => any_number(self, number, visitor),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => visitor.visit_seq(Items::new(items)),
            Value::Object(object) => visitor.visit_map(Members::new(object)),
        }
    }

    integers!(
        deserialize_i8: i8 => visit_i8, deserialize_i16: i16 => visit_i16, deserialize_i32: i32 => visit_i32,
        deserialize_i64: i64 => visit_i64, deserialize_i128: i128 => visit_i128,
        deserialize_u8: u8 => visit_u8, deserialize_u16: u16 => visit_u16, deserialize_u32: u32 => visit_u32,
        deserialize_u64: u64 => visit_u64
    );

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let number = whole(self)?;
        match (number.as_u128(), number.compare_integers(&Number::from(0))) {
            (Some(integer), _) => visitor.visit_u128(integer),
            (None, Some(std::cmp::Ordering::Less)) => Err(too_small(0)),
            (None, _) => Err(too_large(u128::MAX)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(self.as_bool().ok_or_else(|| refused(self, NOT_A_BOOLEAN))?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f64(float(self)?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f64(float(self)?)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(text(self)?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(text(self)?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(text(self)?)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Value::Number(number) if name == ANY_VALUE => value::visit_number(number, visitor),
            _ if name == ANY_VALUE => self.deserialize_any(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Items::new(items(self)?))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Members::new(dict(self)?))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_map(Members::new(fields(self)?))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(Variant::of(self)?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}

/// A number for who takes anything: of the size that `serde_json` gives, where there is one.
fn any_number<'de, V: Visitor<'de>>(value: &Value, number: &Number, visitor: V) -> Result<V::Value, Error> {
    match number.kind() {
        Kind::Float(_) => visitor.visit_f64(float(value)?),
        Kind::Integer(integer) => match u64::try_from(integer) {
            Ok(integer) => visitor.visit_u64(integer),
            Err(_) => visitor.visit_i64(integer),
        },
        Kind::Big(_) => match (number.as_u64(), number.as_i128(), number.as_u128()) {
            (Some(integer), ..) => visitor.visit_u64(integer),
            (_, Some(integer), _) => visitor.visit_i128(integer),
            (.., Some(integer)) => visitor.visit_u128(integer),
            _ => Err(Error::new("invalid", NOT_AN_INTEGER)),
        },
    }
}
