//! [`DateTimeField`]: moments (`rest_framework.fields.DateTimeField`).

use std::sync::Arc;

use doorward_django::dateparse::{Moment, parse_datetime, parse_moment};
use doorward_django::json::Value;
use doorward_django::strftime::strftime;
use doorward_django::time_zone::TimeZone;
use doorward_django::timestamp::Timestamp;

use super::{Formats, Formatted, TimeFormats};
use crate::serializers::{FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError};

/// A moment: `2024-02-29T09:30:00+01:00`, and what else Django's `parse_datetime` reads, or other formats; without an offset
/// it is in the time zone of the field, which is UTC unless it is told another one. Answers have it in that zone.
pub type DateTimeField = TypedField<DateTimeType>;

/// The type of a [`DateTimeField`].
#[derive(Clone, Debug, Default)]
pub struct DateTimeType {
    formats: Formats,
    zone: Option<TimeZone>,
}

impl TypedField<DateTimeType> {
    /// A moment in ISO 8601.
    #[must_use]
    pub fn new() -> Self {
        Self::of(DateTimeType::default())
    }

    /// The time zone of moments that say no offset, and of answers.
    #[must_use]
    pub fn default_timezone(mut self, zone: TimeZone) -> Self {
        self.kind.zone = Some(zone);
        self
    }
}

impl Default for TypedField<DateTimeType> {
    fn default() -> Self {
        Self::new()
    }
}

impl Formatted for DateTimeType {
    fn formats_mut(&mut self) -> &mut Formats {
        &mut self.formats
    }
}

impl DateTimeType {
    fn zone(&self) -> &TimeZone {
        static UTC: TimeZone = TimeZone::UTC;
        self.zone.as_ref().unwrap_or(&UTC)
    }

    /// The moment as answers have it.
    fn written(&self, at: Timestamp) -> Option<String> {
        let shown = Moment::local(at, self.zone())?;
        Some(match self.formats.output() {
            None => shown.to_iso(),
            Some(format) => strftime(format, shown, &self.zone().abbreviation(at)),
        })
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
        let iso = "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]";
        let message = "Datetime has wrong format. Use one of these formats instead: {format}.";
        let moment = self.formats.read(&data, parse_moment, |moment| moment);
        let moment = moment.ok_or_else(|| self.formats.wrong(message, iso, cx))?;
        let at = moment.timestamp(self.zone());
        at.map(ValidatedValue::DateTime)
            .map_err(|_| cx.fail("overflow", "Datetime value out of range.", &[]))
    }

    /// What serde wrote of a moment is shown in the zone of the field, in UTC with `Z`.
    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        let at = value.as_str().and_then(parse_datetime);
        at.and_then(|at| self.written(at)).map_or(value, Value::from)
    }

    fn with_time_formats(&self, formats: &TimeFormats) -> Option<Arc<dyn FieldType>> {
        Some(Arc::new(Self {
            formats: self.formats.or(&formats.datetime),
            zone: self.zone.clone().or_else(|| formats.zone.clone()),
        }))
    }
}
