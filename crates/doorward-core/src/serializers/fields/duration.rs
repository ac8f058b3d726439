//! [`DurationField`] (`rest_framework.fields.DurationField`).

use std::sync::Arc;

use doorward_django::dateparse::{Duration, parse_duration};
use doorward_django::json::Value;

use super::TimeFormats;
use super::limits::{Bound, Range};
use crate::serializers::{
    ErrorDetail, FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError,
};

/// How long something lasts: `[DD] [HH:[MM:]]ss[.uuuuuu]`, or ISO 8601.
pub type DurationField = TypedField<DurationType>;

/// The type of a [`DurationField`].
#[derive(Clone, Debug, Default)]
pub struct DurationType {
    range: Range<Span>,
    format: Option<DurationFormat>,
}

/// How answers write a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurationFormat {
    /// `1 02:00:00` (`django`).
    Django,
    /// `P1DT02H00M00S` (`iso-8601`).
    Iso8601,
}

/// A bound, which is written as Python writes it.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Span(Duration);

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.to_python())
    }
}

impl Bound for Span {
    fn to_json(&self) -> Value {
        self.to_string().into()
    }
}

impl TypedField<DurationType> {
    /// A duration of any length.
    #[must_use]
    pub fn new() -> Self {
        Self::of(DurationType::default())
    }

    /// At least so long.
    #[must_use]
    pub fn min_value(mut self, min: Duration) -> Self {
        self.kind.range.min = Some(Span(min));
        self
    }

    /// How answers write it; else as Django does.
    #[must_use]
    pub fn format(mut self, format: DurationFormat) -> Self {
        self.kind.format = Some(format);
        self
    }

    /// At most so long.
    #[must_use]
    pub fn max_value(mut self, max: Duration) -> Self {
        self.kind.range.max = Some(Span(max));
        self
    }
}

impl Default for TypedField<DurationType> {
    fn default() -> Self {
        Self::new()
    }
}

impl FieldType for DurationType {
    fn type_name(&self) -> &'static str {
        "duration"
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        let message = "Duration has wrong format. Use one of these formats instead: {format}.";
        let invalid = || cx.fail("invalid", message, &[("format", &"[DD] [HH:[MM:]]ss[.uuuuuu]")]);
        let (Primitive::Text(_) | Primitive::Number(_)) = data else {
            return Err(invalid());
        };
        match parse_duration(&data.to_text()) {
            Ok(duration) => duration.map(ValidatedValue::Duration).ok_or_else(invalid),
            Err(_) => {
                let message = "The number of days must be between {min_days} and {max_days}.";
                let days: [(&str, &dyn std::fmt::Display); 2] =
                    [("min_days", &-999_999_999), ("max_days", &999_999_999)];
                Err(cx.fail("overflow", message, &days))
            }
        }
    }

    fn validate(&self, value: &ValidatedValue, cx: &FieldContext<'_>, errors: &mut Vec<ErrorDetail>) {
        if let ValidatedValue::Duration(duration) = value {
            self.range.check(&Span(*duration), cx, errors);
        }
    }

    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        if self.format != Some(DurationFormat::Iso8601) {
            return value;
        }
        let duration = value.as_str().and_then(|text| parse_duration(text).ok()?);
        duration.map_or(value, |duration| duration.to_iso().into())
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        self.range.attributes()
    }

    fn with_time_formats(&self, formats: &TimeFormats) -> Option<Arc<dyn FieldType>> {
        let format = self.format.or(formats.duration);
        Some(Arc::new(Self {
            format,
            ..self.clone()
        }))
    }
}
