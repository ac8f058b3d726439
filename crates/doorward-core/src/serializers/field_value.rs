//! [`FieldValue`]: a type that says by which field it is read.

use doorward_django::dateparse::{Date, Duration, Time};
use doorward_django::decimal::Decimal;
use doorward_django::integer::Integer;
use doorward_django::json::Value;
use doorward_django::timestamp::Timestamp;
use uuid::Uuid;

use super::{
    BooleanField, CharField, DateField, DateTimeField, DecimalField, DurationField, Field, FieldType,
    FileField, FloatField, HasSerializer, IntegerField, JSONField, ListField, TimeField, TypedField,
    UUIDField, ValidatedData, ValidatedValue, fields,
};
use crate::exceptions::{ApiException, Result};
use crate::parsers::UploadedFile;

/// A type that says by which field it is read: what `#[derive(Serializer)]` finds in a struct.
pub trait FieldValue: Sized {
    /// The kind of its field.
    type Kind: FieldType;
    /// The kind of the field of several of them.
    type Many: FieldType;

    /// Its field.
    fn field() -> TypedField<Self::Kind>;

    /// The field of several of them.
    fn many() -> TypedField<Self::Many>;

    /// The value of what the field made of what was sent; `None` for what the field does not make.
    fn from_value(value: ValidatedValue) -> Option<Self>;

    /// What stands for a value that was not sent; `None` where nothing does.
    #[must_use]
    fn missing() -> Option<Self> {
        None
    }
}

/// The value of that name, out of validated data.
///
/// # Errors
/// 500 where it is not there, or is of another kind: that is a mistake in the program.
pub fn take<T: FieldValue>(data: &mut ValidatedData, name: &str) -> Result<T> {
    let value = match data.take(name) {
        Some(value) => T::from_value(value),
        None => T::missing(),
    };
    let mistake = || {
        format!(
            "the field `{name}` does not make what the struct holds; give it a default, or make it an Option"
        )
    };
    value.ok_or_else(|| ApiException::server_error(mistake()))
}

/// The value of a nested serializer's data.
#[must_use]
pub fn nested_value<T: HasSerializer>(value: ValidatedValue) -> Option<T> {
    match value {
        ValidatedValue::Dict(data) => T::from_validated(data).ok(),
        _ => None,
    }
}

/// A type and its field, and how its value is taken.
macro_rules! values {
    ($($value:ty, $field:ident, $kind:ident, $pattern:pat => $taken:expr;)*) => {$(
        impl FieldValue for $value {
            type Kind = fields::$kind;
            type Many = fields::ListType;

            fn field() -> TypedField<Self::Kind> {
                $field::new()
            }

            fn many() -> TypedField<Self::Many> {
                ListField::of_children(Self::field())
            }

            fn from_value(value: ValidatedValue) -> Option<Self> {
                match value {
                    $pattern => $taken,
                    _ => None,
                }
            }
        }
    )*};
}

values! {
    String, CharField, Char, ValidatedValue::Text(text) => Some(text);
    bool, BooleanField, Boolean, ValidatedValue::Bool(bool) => Some(bool);
    Integer, IntegerField, IntegerType, ValidatedValue::Integer(number) => Some(number);
    f64, FloatField, FloatType, ValidatedValue::Float(number) => Some(number);
    Uuid, UUIDField, UuidType, ValidatedValue::Uuid(uuid) => Some(uuid);
    Date, DateField, DateType, ValidatedValue::Date(date) => Some(date);
    Time, TimeField, TimeType, ValidatedValue::Time(time) => Some(time);
    Timestamp, DateTimeField, DateTimeType, ValidatedValue::DateTime(moment) => Some(moment);
    Duration, DurationField, DurationType, ValidatedValue::Duration(duration) => Some(duration);
    UploadedFile, FileField, FileType, ValidatedValue::File(file) => Some(file);
    Value, JSONField, JsonType, ValidatedValue::Json(value) => Some(value);
}

/// Integers of Rust, whose ends the field has.
macro_rules! integers {
    ($($integer:ty),*) => {$(
        impl FieldValue for $integer {
            type Kind = fields::IntegerType;
            type Many = fields::ListType;

            fn field() -> TypedField<Self::Kind> {
                IntegerField::new()
                    .min_value(i128::from(Self::MIN))
                    .max_value(i128::from(Self::MAX))
            }

            fn many() -> TypedField<Self::Many> {
                ListField::of_children(Self::field())
            }

            fn from_value(value: ValidatedValue) -> Option<Self> {
                match value {
                    ValidatedValue::Integer(number) => number.as_i128()?.try_into().ok(),
                    _ => None,
                }
            }
        }
    )*};
}

integers!(i8, i16, i32, i64, u8, u16, u32, u64);

impl FieldValue for Decimal {
    type Kind = fields::DecimalType;
    type Many = fields::ListType;

    fn field() -> TypedField<Self::Kind> {
        DecimalField::unlimited()
    }

    fn many() -> TypedField<Self::Many> {
        ListField::of_children(Self::field())
    }

    fn from_value(value: ValidatedValue) -> Option<Self> {
        match value {
            ValidatedValue::Decimal(number) => Some(number),
            _ => None,
        }
    }
}

/// May be missing, and may be null.
impl<T: FieldValue> FieldValue for Option<T> {
    type Kind = T::Kind;
    type Many = fields::ListType;

    fn field() -> TypedField<Self::Kind> {
        T::field().optional().allow_null()
    }

    fn many() -> TypedField<Self::Many> {
        ListField::of_children(Field::from(Self::field()))
    }

    fn from_value(value: ValidatedValue) -> Option<Self> {
        match value {
            ValidatedValue::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }

    fn missing() -> Option<Self> {
        Some(None)
    }
}

/// A list; of structs with a serializer, a list of those.
impl<T: FieldValue> FieldValue for Vec<T> {
    type Kind = T::Many;
    type Many = fields::ListType;

    fn field() -> TypedField<Self::Kind> {
        T::many()
    }

    fn many() -> TypedField<Self::Many> {
        ListField::of_children(Field::from(Self::field()))
    }

    fn from_value(value: ValidatedValue) -> Option<Self> {
        match value {
            ValidatedValue::List(items) => items.into_iter().map(T::from_value).collect(),
            _ => None,
        }
    }
}
