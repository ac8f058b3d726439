//! [`FurtherColumns`]: columns of the user table that only the project knows.

use std::fmt;
use std::sync::Arc;

use doorward_db::Value;
use serde::de::value::{Error, MapDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

/// What a user has in the columns that `[user] fields` names, in that order.
///
/// Its `Debug` shows the names only. Cheap to clone.
#[derive(Clone, Default)]
pub struct FurtherColumns {
    names: Arc<[String]>,
    values: Arc<[Value]>,
}

impl FurtherColumns {
    /// Values, and the columns that they are from.
    #[must_use]
    pub fn new(names: Arc<[String]>, values: Vec<Value>) -> Self {
        Self {
            names,
            values: values.into(),
        }
    }

    /// What is in a column; `None` for one that is not read.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&Value> {
        let place = self.names.iter().position(|name| name == column)?;
        self.values.get(place)
    }

    /// What is in the column of that place in `[user] fields`, from 0.
    #[must_use]
    pub fn at(&self, place: usize) -> Option<&Value> {
        self.values.get(place)
    }

    /// The same, as Python's `str` writes what Django reads there; empty where it is not read.
    #[must_use]
    pub fn text_at(&self, place: usize) -> String {
        self.at(place).map(python_text).unwrap_or_default()
    }

    /// How much memory they take, in bytes; the names are everybody's.
    pub(crate) fn heap(&self) -> usize {
        let text = |value: &Value| match value {
            Value::Text(text) => text.len() + 16,
            _ => 0,
        };
        self.values
            .iter()
            .map(|value| size_of::<Value>() + text(value))
            .sum()
    }

    /// All of them as a type of one's own, whose fields are called as the columns.
    ///
    /// A text in which a map or a list is expected is read as JSON (`JSONField`); a moment is a text, as Django keeps it on
    /// SQLite.
    ///
    /// ```
    /// use doorward_core::user::FurtherColumns;
    /// use doorward_db::Value;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Extra {
    ///     plan: String,
    ///     seats: u32,
    ///     is_trial: bool,
    /// }
    ///
    /// let names = ["plan", "seats", "is_trial"].map(str::to_owned);
    /// let values = vec![Value::from("pro"), Value::from(3), Value::from(0)];
    /// let extra: Extra = FurtherColumns::new(names.into(), values).decode().unwrap();
    /// assert_eq!((extra.plan.as_str(), extra.seats, extra.is_trial), ("pro", 3, false));
    /// ```
    ///
    /// # Errors
    /// A column that is not read, or holds something else than the field: the message names the field, and no value.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        let columns = self.names.iter().map(String::as_str).zip(self.values.iter());
        let columns = columns.map(|(name, value)| (name, Column(value)));
        T::deserialize(MapDeserializer::new(columns)).map_err(DecodeError)
    }
}

impl fmt::Debug for FurtherColumns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names.iter()).finish()
    }
}

/// A value of a column as Python's `str` writes what Django reads from it.
pub(super) fn python_text(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Uuid(uuid) => uuid.hyphenated().to_string(),
        _ => String::new(),
    }
}

/// Why further columns of a user are not what a program expects: a fault of the program or of the settings.
#[derive(Debug, thiserror::Error)]
#[error("the columns of `[user] fields` do not fit the type that they are read as: {0}")]
pub struct DecodeError(#[source] Error);

/// The value of one column, on its way into a field.
#[derive(Clone, Copy)]
struct Column<'v>(&'v Value);

impl<'v> IntoDeserializer<'v, Error> for Column<'v> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl Column<'_> {
    fn json<'de, V: Visitor<'de>>(text: &str, visitor: V) -> Result<V::Value, Error> {
        let json: serde_json::Value = serde_json::from_str(text).map_err(|_| mismatch("JSON"))?;
        json.deserialize_any(visitor).map_err(|_| mismatch("other JSON"))
    }
}

/// An error that shows no value.
fn mismatch(expected: &str) -> Error {
    serde::de::Error::custom(format_args!("a column holds no {expected}"))
}

impl<'de> Deserializer<'de> for Column<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(*truth),
            Value::Int(number) => visitor.visit_i64(*number),
            Value::Real(number) => visitor.visit_f64(*number),
            Value::Text(text) => visitor.visit_str(text),
            Value::Bytes(bytes) => visitor.visit_bytes(bytes),
            Value::Timestamp(moment) => visitor.visit_string(moment.to_sqlite()),
            Value::LocalTime(time) => visitor.visit_string(time.moment.to_sqlite()),
            Value::Uuid(uuid) => visitor.visit_string(uuid.hyphenated().to_string()),
            _ => Err(mismatch("known value")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Int(number) => visitor.visit_bool(*number != 0),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Text(text) => Self::json(text, visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct
        enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    fn columns(columns: &[(&str, Value)]) -> FurtherColumns {
        let names: Vec<_> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        let values = columns.iter().map(|(_, value)| value.clone()).collect();
        FurtherColumns::new(names.into(), values)
    }

    #[test]
    fn json_and_nothing_are_read() {
        #[derive(Deserialize)]
        struct Extra {
            tags: Vec<String>,
            phone: Option<String>,
        }
        let read = columns(&[("tags", r#"["a","b"]"#.into()), ("phone", Value::Null)]);
        let extra: Extra = read.decode().expect("it fits");
        assert_eq!((extra.tags.len(), extra.phone), (2, None));
    }

    #[test]
    fn what_does_not_fit_is_told_without_its_value() {
        #[derive(Debug, Deserialize)]
        struct Extra {
            #[expect(dead_code, reason = "it is never read")]
            plan: i64,
        }
        let error = columns(&[("other", 1.into())])
            .decode::<Extra>()
            .expect_err("no plan");
        assert!(error.to_string().contains("plan"), "{error}");
        let error = columns(&[("plan", Value::from("[canary"))]).decode::<Vec<i64>>();
        assert!(error.is_err_and(|error| !error.to_string().contains("canary")));
    }

    #[test]
    fn debug_shows_no_value() {
        assert_eq!(
            format!("{:?}", columns(&[("plan", "canary".into())])),
            r#"["plan"]"#
        );
    }
}
