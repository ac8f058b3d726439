//! A [`Value`] out of any `serde` format, with nothing lost where that is one of ours.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::json::number::Kind;
use crate::json::{Error, Number, Object, Value};

/// The name under which a [`Value`] is asked for, so that our own deserializer may give what `serde` has no type for.
pub(super) const ANY_VALUE: &str = "$doorward::json::value";

/// A number for a [`Value`]: the digits of one beyond 128 bits as bytes, a float whatever it is.
pub(super) fn visit_number<'de, V: Visitor<'de>>(number: &'de Number, visitor: V) -> Result<V::Value, Error> {
    match number.kind() {
        Kind::Integer(integer) => visitor.visit_i64(integer),
        Kind::Big(digits) => visitor.visit_borrowed_bytes(digits.as_bytes()),
        Kind::Float(float) => visitor.visit_f64(float),
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(ANY_VALUE, ValueVisitor)
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Object(object) => Ok(object),
            _ => Err(D::Error::custom("Expected an object.")),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Number(number) => Ok(number),
            _ => Err(D::Error::custom(super::NOT_A_NUMBER)),
        }
    }
}

struct ValueVisitor;

/// What is a number.
macro_rules! numbers {
    ($($method:ident: $number:ty),*) => {$(
        fn $method<E>(self, number: $number) -> Result<Value, E> {
            Ok(Value::from(number))
        }
    )*};
}

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    numbers!(visit_i64: i64, visit_u64: u64, visit_i128: i128, visit_u128: u128, visit_f64: f64);

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::from(text))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    /// Digits, by [`visit_number`].
    fn visit_bytes<E: serde::de::Error>(self, digits: &[u8]) -> Result<Value, E> {
        let number = std::str::from_utf8(digits).ok().and_then(Number::from_digits);
        number
            .map(Value::Number)
            .ok_or_else(|| E::custom(super::NOT_A_NUMBER))
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Object::new();
        while let Some(name) = members.next_key()? {
            object.insert(name, members.next_value()?);
        }
        Ok(Value::Object(object))
    }
}
