//! [`DateField`], [`TimeField`], [`DateTimeField`] (`rest_framework.fields`): ISO 8601, in UTC.

use doorward_django::dateparse::{self, parse_date, parse_datetime_in_range, parse_time};
use doorward_django::json::Value;

use crate::serializers::{FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError};

/// A day: `2024-02-29`, and what else Django's `parse_date` reads.
pub type DateField = TypedField<DateType>;

/// A time of day: `09:30`, and what else Django's `parse_time` reads; an offset is dropped.
pub type TimeField = TypedField<TimeType>;

/// A moment: `2024-02-29T09:30:00+01:00`, and what else Django's `parse_datetime` reads; without an offset it is in
/// UTC.
pub type DateTimeField = TypedField<DateTimeType>;

/// The type of a [`DateField`].
#[derive(Clone, Copy, Debug)]
pub struct DateType;

/// The type of a [`TimeField`].
#[derive(Clone, Copy, Debug)]
pub struct TimeType;

/// The type of a [`DateTimeField`].
#[derive(Clone, Copy, Debug)]
pub struct DateTimeType;

/// `new` and `Default` of a type that is told nothing.
macro_rules! plain_field {
    ($kind:ident, $doc:literal) => {
        impl TypedField<$kind> {
            #[doc = $doc]
            #[must_use]
            pub fn new() -> Self {
                Self::of($kind)
            }
        }

        impl Default for TypedField<$kind> {
            fn default() -> Self {
                Self::new()
            }
        }
    };
}

plain_field!(DateType, "A day.");
plain_field!(TimeType, "A time of day.");
plain_field!(DateTimeType, "A moment.");

impl FieldType for DateType {
    fn type_name(&self) -> &'static str {
        "date"
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        let message = "Date has wrong format. Use one of these formats instead: {format}.";
        let date = text(&data).and_then(parse_date).map(ValidatedValue::Date);
        date.ok_or_else(|| cx.fail("invalid", message, &[("format", &"YYYY-MM-DD")]))
    }
}

impl FieldType for TimeType {
    fn type_name(&self) -> &'static str {
        "time"
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        let message = "Time has wrong format. Use one of these formats instead: {format}.";
        let time = text(&data).and_then(parse_time).map(ValidatedValue::Time);
        time.ok_or_else(|| cx.fail("invalid", message, &[("format", &"hh:mm[:ss[.uuuuuu]]")]))
    }
}

impl FieldType for DateTimeType {
    fn type_name(&self) -> &'static str {
        "datetime"
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        let format = "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]";
        let message = "Datetime has wrong format. Use one of these formats instead: {format}.";
        match text(&data).map_or(Ok(None), parse_datetime_in_range) {
            Ok(Some(moment)) => Ok(moment.into()),
            Ok(None) => Err(cx.fail("invalid", message, &[("format", &format)])),
            Err(dateparse::OutOfRange) => Err(cx.fail("overflow", "Datetime value out of range.", &[])),
        }
    }

    /// What serde wrote of a moment is shown in UTC, with `Z`.
    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        let moment = value.as_str().and_then(dateparse::parse_datetime);
        moment.map_or(value, |moment| moment.to_iso().into())
    }
}

fn text<'d>(data: &Primitive<'d>) -> Option<&'d str> {
    match data {
        Primitive::Text(text) => Some(text),
        _ => None,
    }
}
