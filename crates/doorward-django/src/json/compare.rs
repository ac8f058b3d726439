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
    serde_json::Value: is_same,
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
        are_same(self, other)
    }
}

fn is_same(value: &Value, theirs: &serde_json::Value) -> bool {
    match (value, theirs) {
        (Value::Null, serde_json::Value::Null) => true,
        (Value::Bool(ours), serde_json::Value::Bool(theirs)) => ours == theirs,
        (Value::Number(ours), serde_json::Value::Number(theirs)) => Number::from(theirs.clone()).eq(ours),
        (Value::String(ours), serde_json::Value::String(theirs)) => ours == theirs,
        (Value::Array(ours), serde_json::Value::Array(theirs)) => ours == theirs,
        (Value::Object(ours), serde_json::Value::Object(theirs)) => are_same(ours, theirs),
        _ => false,
    }
}

fn are_same(object: &Object, theirs: &serde_json::Map<String, serde_json::Value>) -> bool {
    let has = |(name, value): (&String, &Value)| theirs.get(name).is_some_and(|other| value == other);
    object.len() == theirs.len() && object.iter().all(has)
}
