//! Values compared with what Rust has, and with those of `serde_json`.

use super::{Number, Object, Value};

/// Compared as what `same` says, from both sides.
macro_rules! compared {
    ($($other:ty: $same:expr),* $(,)?) => {$(
        impl PartialEq<$other> for Value {
            fn eq(&self, other: &$other) -> bool {
                let same: fn(&Self, &$other) -> bool = $same;
                same(self, other)
            }
        }

        impl PartialEq<Value> for $other {
            fn eq(&self, other: &Value) -> bool {
                other == self
            }
        }
    )*};
}

compared!(
    bool: |value, truth| value.as_bool() == Some(*truth),
    str: |value, text| value.as_str() == Some(text),
    &str: |value, text| value.as_str() == Some(*text),
    String: |value, text| value.as_str() == Some(text),
    serde_json::Value: |value, theirs| *value == Value::from(theirs.clone()),
);

/// Compared with numbers of a type.
macro_rules! numbers {
    ($($number:ty),*) => {
        compared!($($number: |value, number| value.as_number() == Some(&Number::from(*number))),*);
    };
}

numbers!(
    i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64
);

impl PartialEq<serde_json::Map<String, serde_json::Value>> for Object {
    fn eq(&self, other: &serde_json::Map<String, serde_json::Value>) -> bool {
        *self == Self::from(other.clone())
    }
}
