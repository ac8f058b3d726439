//! [`TimeFormats`]: what the fields of a serializer do that say nothing of formats themselves.

use std::borrow::Cow;

use doorward_django::time_zone::TimeZone;

use super::Formats;
use crate::serializers::DurationFormat;

type Text = Cow<'static, str>;

/// How dates and times are read and written where a field says nothing of it: DRF's settings of those names, and Django's
/// `TIME_ZONE`.
///
/// ```
/// use doorward_core::serializers::{DateField, DateTimeField, ISO_8601, Serializer, TimeFormats};
/// use doorward_core::serializers::TimeZone;
///
/// let german = TimeFormats::new()
///     .date_input_formats(["%d.%m.%Y", ISO_8601])
///     .date_format("%d.%m.%Y")
///     .time_zone(TimeZone::named("Europe/Berlin").ok_or("no such zone")?);
/// let serializer = Serializer::new()
///     .field("day", DateField::new())
///     .field("at", DateTimeField::new())
///     .time_formats(&german);
/// # let _ = serializer;
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TimeFormats {
    pub(super) date: Formats,
    pub(super) time: Formats,
    pub(super) datetime: Formats,
    pub(super) zone: Option<TimeZone>,
    pub(in crate::serializers) duration: Option<DurationFormat>,
}

/// A setting a line: what it says, its name, the formats that it is of, and what is done with them.
macro_rules! formats {
    ($($input_doc:literal $input:ident, $output_doc:literal $output:ident, $formats:ident;)*) => {$(
        #[doc = $input_doc]
        #[must_use]
        pub fn $input<F: Into<Text>>(mut self, formats: impl IntoIterator<Item = F>) -> Self {
            self.$formats.read_by(formats);
            self
        }

        #[doc = $output_doc]
        #[must_use]
        pub fn $output(mut self, format: impl Into<Text>) -> Self {
            self.$formats.write_by(format);
            self
        }
    )*};
}

impl TimeFormats {
    /// ISO 8601, and UTC.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    formats! {
        "How days are read (`DATE_INPUT_FORMATS`)." date_input_formats, "How days are written (`DATE_FORMAT`)." date_format, date;
        "How times of day are read (`TIME_INPUT_FORMATS`)." time_input_formats, "How times of day are written (`TIME_FORMAT`)." time_format, time;
        "How moments are read (`DATETIME_INPUT_FORMATS`)." datetime_input_formats, "How moments are written (`DATETIME_FORMAT`)." datetime_format, datetime;
    }

    /// How durations are written (`DURATION_FORMAT`).
    #[must_use]
    pub const fn duration_format(mut self, format: DurationFormat) -> Self {
        self.duration = Some(format);
        self
    }

    /// The time zone of moments that say no offset, and of those that are answered (`TIME_ZONE`).
    #[must_use]
    pub fn time_zone(mut self, zone: TimeZone) -> Self {
        self.zone = Some(zone);
        self
    }
}
