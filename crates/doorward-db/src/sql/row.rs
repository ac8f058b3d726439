//! [`Row`]: what a statement gives.

use std::fmt;
use std::sync::Arc;

use doorward_django::timestamp::Timestamp;
use uuid::Uuid;

use super::{DatabaseError, Result, StoredTime, Value};

/// One row of a result.
pub struct Row {
    names: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(names: Arc<[String]>, values: Vec<Value>) -> Self {
        Self { names, values }
    }

    /// The value of a column, which is named, or numbered from 0.
    ///
    /// # Errors
    /// [`DatabaseError::Column`] when there is no such column, or it holds something else.
    pub fn read<T: FromValue>(&self, column: impl Column) -> Result<T> {
        let value = column.find(&self.names).and_then(|index| self.values.get(index));
        value
            .cloned()
            .and_then(T::from_value)
            .ok_or_else(|| wrong::<T>(column))
    }

    /// As [`read`](Self::read), without a copy: the column is `Null` afterwards.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn take<T: FromValue>(&mut self, column: impl Column) -> Result<T> {
        let value = column
            .find(&self.names)
            .and_then(|index| self.values.get_mut(index));
        value
            .map(|value| std::mem::replace(value, Value::Null))
            .and_then(T::from_value)
            .ok_or_else(|| wrong::<T>(column))
    }
}

fn wrong<T: FromValue>(column: impl Column) -> DatabaseError {
    DatabaseError::Column {
        column: column.to_string(),
        expected: T::NAME,
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.names.iter().zip(&self.values))
            .finish()
    }
}

/// The name of a column, or its number from 0.
pub trait Column: Copy + fmt::Display {
    /// Its place among `names`.
    fn find(&self, names: &[String]) -> Option<usize>;
}

impl Column for usize {
    fn find(&self, _: &[String]) -> Option<usize> {
        Some(*self)
    }
}

impl Column for &str {
    fn find(&self, names: &[String]) -> Option<usize> {
        names.iter().position(|name| name == self)
    }
}

/// A type that a column's value can be read as.
pub trait FromValue: Sized {
    /// Its name in an error.
    const NAME: &'static str;

    /// The value, if it is of that type.
    fn from_value(value: Value) -> Option<Self>;
}

impl FromValue for Value {
    const NAME: &'static str = "value";

    fn from_value(value: Value) -> Option<Self> {
        Some(value)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    const NAME: &'static str = T::NAME;

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl FromValue for bool {
    const NAME: &'static str = "truth value";

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Bool(value) => Some(value),
            Value::Int(number) => Some(number != 0),
            _ => None,
        }
    }
}

impl FromValue for i64 {
    const NAME: &'static str = "whole number";

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Int(number) => Some(number),
            _ => None,
        }
    }
}

impl FromValue for f64 {
    const NAME: &'static str = "number";

    #[expect(
        clippy::cast_precision_loss,
        reason = "SQLite keeps 2.0 in a decimal column as 2"
    )]
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Real(number) => Some(number),
            Value::Int(number) => Some(number as Self),
            // A `numeric` of PostgreSQL's.
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }
}

impl FromValue for String {
    const NAME: &'static str = "text";

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl FromValue for Vec<u8> {
    const NAME: &'static str = "bytes";

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl FromValue for Timestamp {
    const NAME: &'static str = "date and time";

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Timestamp(moment) => Some(moment),
            Value::LocalTime(time) => Some(time.moment),
            Value::Text(text) => Self::from_sqlite(&text),
            _ => None,
        }
    }
}

impl FromValue for StoredTime {
    const NAME: &'static str = Timestamp::NAME;

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Timestamp(moment) => Some(Self::Moment(moment)),
            Value::LocalTime(time) => Some(Self::Local(time.local)),
            Value::Text(text) => Timestamp::from_sqlite(&text).map(Self::Local),
            _ => None,
        }
    }
}

impl FromValue for Uuid {
    const NAME: &'static str = "UUID";

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Uuid(uuid) => Some(uuid),
            Value::Text(text) => Self::parse_str(&text).ok(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        let names = ["id", "name", "at", "gone"].map(str::to_owned);
        let values = vec![
            Value::Int(1),
            Value::from("Anvil"),
            Value::from("1970-01-01 00:00:07"),
            Value::Null,
        ];
        Row::new(names.into(), values)
    }

    #[test]
    fn columns_by_name_and_number() {
        let mut row = row();
        assert_eq!(row.read::<i64>("id").expect("id"), 1);
        assert!(row.read::<bool>(0).expect("id"));
        assert_eq!(row.read::<Timestamp>("at").expect("at"), Timestamp::from_secs(7));
        assert_eq!(row.read::<Option<String>>("gone").expect("gone"), None);
        assert_eq!(row.take::<String>("name").expect("name"), "Anvil");
        assert_eq!(row.read::<Option<String>>("name").expect("name"), None);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let row = row();
        assert!(row.read::<i64>("name").is_err());
        assert!(row.read::<String>("gone").is_err());
        assert!(row.read::<i64>(4).is_err());
        assert!(row.read::<Timestamp>("name").is_err());
        let error = row.read::<i64>("nothing").expect_err("no such column");
        assert_eq!(error.to_string(), "column nothing holds no whole number");
        assert!(!format!("{row:?}").contains("Anvil"));
    }
}
