//! [`DateField`]: days (`rest_framework.fields.DateField`).

use std::sync::Arc;

use doorward_django::dateparse::{Moment, Time, parse_date};
use doorward_django::json::Value;
use doorward_django::strftime::strftime;

use super::{Formats, Formatted, TimeFormats};
use crate::serializers::{FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError};

/// A day: `2024-02-29`, and what else Django's `parse_date` reads; or other formats.
pub type DateField = TypedField<DateType>;

/// The type of a [`DateField`].
#[derive(Clone, Debug, Default)]
pub struct DateType {
    formats: Formats,
}

impl TypedField<DateType> {
    /// A day in ISO 8601.
    #[must_use]
    pub fn new() -> Self {
        Self::of(DateType::default())
    }
}

impl Default for TypedField<DateType> {
    fn default() -> Self {
        Self::new()
    }
}

impl Formatted for DateType {
    fn formats_mut(&mut self) -> &mut Formats {
        &mut self.formats
    }
}

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
        let date = self.formats.read(&data, parse_date, Moment::date);
        date.map(ValidatedValue::Date)
            .ok_or_else(|| self.formats.wrong(message, "YYYY-MM-DD", cx))
    }

    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        let Some(format) = self.formats.output() else {
            return value;
        };
        let date = value.as_str().and_then(parse_date);
        date.map_or(value, |date| {
            strftime(format, Moment::naive(date, Time::MIDNIGHT), "").into()
        })
    }

    fn with_time_formats(&self, formats: &TimeFormats) -> Option<Arc<dyn FieldType>> {
        Some(Arc::new(Self {
            formats: self.formats.or(&formats.date),
        }))
    }
}
