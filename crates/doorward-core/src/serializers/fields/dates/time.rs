//! [`TimeField`]: times of day (`rest_framework.fields.TimeField`).

use std::sync::Arc;

use doorward_django::dateparse::{Date, Moment, parse_time};
use doorward_django::json::Value;
use doorward_django::strftime::strftime;

use super::{Formats, Formatted, TimeFormats};
use crate::serializers::{FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError};

/// A time of day: `09:30`, and what else Django's `parse_time` reads, or other formats; an offset is dropped.
pub type TimeField = TypedField<TimeType>;

/// The type of a [`TimeField`].
#[derive(Clone, Debug, Default)]
pub struct TimeType {
    formats: Formats,
}

impl TypedField<TimeType> {
    /// A time of day in ISO 8601.
    #[must_use]
    pub fn new() -> Self {
        Self::of(TimeType::default())
    }
}

impl Default for TypedField<TimeType> {
    fn default() -> Self {
        Self::new()
    }
}

impl Formatted for TimeType {
    fn formats_mut(&mut self) -> &mut Formats {
        &mut self.formats
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
        let time = self.formats.read(&data, parse_time, Moment::time);
        time.map(ValidatedValue::Time)
            .ok_or_else(|| self.formats.wrong(message, "hh:mm[:ss[.uuuuuu]]", cx))
    }

    /// Python writes a time by a format as one of 1900-01-01.
    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        let (Some(format), Some(date)) = (self.formats.output(), Date::new(1900, 1, 1)) else {
            return value;
        };
        let time = value.as_str().and_then(parse_time);
        time.map_or(value, |time| {
            strftime(format, Moment::naive(date, time), "").into()
        })
    }

    fn with_time_formats(&self, formats: &TimeFormats) -> Option<Arc<dyn FieldType>> {
        Some(Arc::new(Self {
            formats: self.formats.or(&formats.time),
        }))
    }
}
