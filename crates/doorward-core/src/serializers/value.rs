//! [`ValidatedValue`]: what a field made of what was sent.

use doorward_django::dateparse::{Date, Duration, Time};
use doorward_django::decimal::Decimal;
use doorward_django::integer::Integer;
use doorward_django::json::Value;
use doorward_django::timestamp::Timestamp;
use uuid::Uuid;

use super::ValidatedData;
use crate::parsers::UploadedFile;

/// What a field made of what was sent: a value of its own type.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ValidatedValue {
    /// No value, where a field may be null.
    Null,
    /// Of a `BooleanField`.
    Bool(bool),
    /// Of an `IntegerField`.
    Integer(Integer),
    /// Of a `FloatField`; always finite.
    Float(f64),
    /// Of a `DecimalField`.
    Decimal(Decimal),
    /// Of a `CharField` and its kin.
    Text(String),
    /// Of a `UUIDField`.
    Uuid(Uuid),
    /// Of a `DateField`.
    Date(Date),
    /// Of a `TimeField`.
    Time(Time),
    /// Of a `DateTimeField`.
    DateTime(Timestamp),
    /// Of a `DurationField`.
    Duration(Duration),
    /// Of a list.
    List(Vec<Self>),
    /// Of a dictionary, or of a nested serializer.
    Dict(ValidatedData),
    /// Of a `JSONField`.
    Json(Value),
    /// Of a `FileField`.
    File(UploadedFile),
}

impl ValidatedValue {
    /// The text, where it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, where it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(bool) => Some(*bool),
            _ => None,
        }
    }

    /// The integer, where it is one and fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(integer) => integer.as_i64(),
            _ => None,
        }
    }

    /// The decimal, where it is one.
    #[must_use]
    pub fn as_decimal(&self) -> Option<&Decimal> {
        match self {
            Self::Decimal(decimal) => Some(decimal),
            _ => None,
        }
    }

    /// The value in JSON: what is no JSON by itself is its text, as DRF writes it; a file is its name.
    #[must_use]
    pub fn into_json(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(bool) => bool.into(),
            Self::Integer(integer) => Value::Number(integer.into()),
            Self::Float(float) => float.into(),
            Self::Decimal(decimal) => decimal.to_string().into(),
            Self::Text(text) => text.into(),
            Self::Uuid(uuid) => uuid.to_string().into(),
            Self::Date(date) => date.to_string().into(),
            Self::Time(time) => time.to_string().into(),
            Self::DateTime(moment) => moment.to_iso().into(),
            Self::Duration(duration) => duration.to_string().into(),
            Self::List(items) => items.into_iter().map(Self::into_json).collect(),
            Self::Dict(data) => data.into_json(),
            Self::Json(value) => value,
            Self::File(file) => file.name.into(),
        }
    }
}

/// One conversion a line: what a default is written as.
macro_rules! from {
    ($($type:ty => $variant:ident),* $(,)?) => {
        $(impl From<$type> for ValidatedValue {
            fn from(value: $type) -> Self {
                Self::$variant(value.into())
            }
        })*
    };
}

from! {
    bool => Bool,
    i64 => Integer,
    i32 => Integer,
    Integer => Integer,
    f64 => Float,
    Decimal => Decimal,
    &str => Text,
    String => Text,
    Uuid => Uuid,
    Date => Date,
    Time => Time,
    Timestamp => DateTime,
    Duration => Duration,
    ValidatedData => Dict,
    Value => Json,
    UploadedFile => File,
}

impl<T: Into<Self>> From<Vec<T>> for ValidatedValue {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Self>> From<Option<T>> for ValidatedValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
