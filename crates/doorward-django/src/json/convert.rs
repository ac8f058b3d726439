//! Values made of what Rust has.

use std::borrow::Cow;

use super::{Number, Object, Value};

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<Cow<'_, str>> for Value {
    fn from(text: Cow<'_, str>) -> Self {
        Self::String(text.into_owned())
    }
}

impl From<()> for Value {
    fn from((): ()) -> Self {
        Self::Null
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Clone + Into<Self>> From<&[T]> for Value {
    fn from(items: &[T]) -> Self {
        items.iter().cloned().collect()
    }
}

impl<T: Into<Self>, const N: usize> From<[T; N]> for Value {
    fn from(items: [T; N]) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Into<Self>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::Array(items.into_iter().map(Into::into).collect())
    }
}

/// What is one variant.
macro_rules! from_parts {
    ($($part:ty => $variant:ident),*) => {$(
        impl From<$part> for Value {
            fn from(part: $part) -> Self {
                Self::$variant(part)
            }
        }
    )*};
}

from_parts!(bool => Bool, Number => Number, String => String, Object => Object);

/// What is a number.
macro_rules! from_numbers {
    ($($number:ty),*) => {$(
        impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Number(number.into())
            }
        }
    )*};
}

from_numbers!(
    i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64
);

impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(truth) => Self::Bool(truth),
            serde_json::Value::Number(number) => Self::Number(number.into()),
            serde_json::Value::String(text) => Self::String(text),
            serde_json::Value::Array(items) => items.into(),
            serde_json::Value::Object(object) => Self::Object(object.into()),
        }
    }
}

impl From<serde_json::Map<String, serde_json::Value>> for Object {
    fn from(object: serde_json::Map<String, serde_json::Value>) -> Self {
        object.into_iter().collect()
    }
}

/// An integer keeps its digits, whatever `serde_json` was told to keep of it.
impl From<serde_json::Number> for Number {
    fn from(number: serde_json::Number) -> Self {
        let integer = number.as_i64().map(Self::from);
        let large = || Self::from_digits(&number.to_string());
        integer
            .or_else(large)
            .unwrap_or_else(|| Self::from(number.as_f64().unwrap_or(f64::NAN)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_of_serde_json_are_taken_over() {
        let theirs = json!({"b": [1, -2, 1.0, u64::MAX, null, true], "a": "é"});
        let ours = Value::from(theirs.clone());
        assert_eq!(ours, theirs);
        assert_eq!(ours.to_string(), theirs.to_string());
        assert_ne!(Value::from(1), json!(1.0));
    }

    #[test]
    fn what_rust_has_is_a_value() {
        assert_eq!(Value::from(vec![Some("a"), None]), json!(["a", null]));
        assert_eq!(Value::from([1_u8, 2]), json!([1, 2]));
        assert_eq!(Value::from(u64::MAX), u64::MAX);
        assert_eq!(Value::from("a"), "a");
        assert_ne!(Value::from("1"), 1);
    }
}
