//! [`Value`]: what goes into a statement and comes out of a row.

use std::fmt;

use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use uuid::Uuid;

use super::LocalTime;

/// A value of a column, written into each kind of database as Django writes it.
///
/// Its `Debug` names the kind only: a value may be a password's hash or a token.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// `NULL`
    Null,
    /// A truth value; 0 or 1 on SQLite and MariaDB.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Real(f64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A moment; on SQLite the text of [`Timestamp::to_sqlite`].
    Timestamp(Timestamp),
    /// A moment that is written as a local time where the column keeps no zone.
    LocalTime(LocalTime),
    /// A UUID; on SQLite and MariaDB 32 hexadecimal digits.
    Uuid(Uuid),
}

impl Value {
    /// These values, where a database could not hold a text among them: one that goes beyond ASCII is like nothing that is
    /// stored, and so compared as `NULL` is. Nothing where there is none.
    #[cfg(any(feature = "mariadb", feature = "postgres"))]
    pub(crate) fn without_foreign(values: &[Self]) -> Option<Vec<Self>> {
        let is_foreign = |value: &Self| matches!(value, Self::Text(text) if !text.is_ascii());
        let known = |value: &Self| {
            if is_foreign(value) {
                Self::Null
            } else {
                value.clone()
            }
        };
        values
            .iter()
            .any(is_foreign)
            .then(|| values.iter().map(known).collect())
    }

    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "Null",
            Self::Bool(_) => "Bool",
            Self::Int(_) => "Int",
            Self::Real(_) => "Real",
            Self::Text(_) => "Text",
            Self::Bytes(_) => "Bytes",
            Self::Timestamp(_) => "Timestamp",
            Self::LocalTime(_) => "LocalTime",
            Self::Uuid(_) => "Uuid",
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Int(value.into())
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&Secret<String>> for Value {
    fn from(value: &Secret<String>) -> Self {
        Self::Text(value.expose().clone())
    }
}

impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Timestamp(value)
    }
}

impl From<LocalTime> for Value {
    fn from(value: LocalTime) -> Self {
        Self::LocalTime(value)
    }
}

impl From<Uuid> for Value {
    fn from(value: Uuid) -> Self {
        Self::Uuid(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_value() {
        let shown = format!(
            "{:?}",
            [Value::from("canary"), Value::from(7), Value::from(None::<i64>)]
        );
        assert_eq!(shown, "[Text, Int, Null]");
    }
}
