//! [`Moment`]: a day and a time of day, as clocks somewhere show them (`datetime.datetime`).

use super::{Date, SECONDS_PER_DAY, Time};
use crate::calendar::MICROS_PER_SECOND;
use crate::time_zone::TimeZone;
use crate::timestamp::Timestamp;

const MICROS_PER_DAY: i64 = SECONDS_PER_DAY * MICROS_PER_SECOND;

/// 0001-01-01T00:00:00 and 9999-12-31T23:59:59.999999.
const FIRST: i64 = -62_135_596_800_000_000;
const LAST: i64 = 253_402_300_799_999_999;

/// A day and a time of day, and how far that clock is ahead of UTC, where that is said (`datetime.datetime`).
///
/// ```
/// use doorward_django::dateparse::parse_moment;
/// use doorward_django::time_zone::TimeZone;
///
/// let berlin = TimeZone::named("Europe/Berlin").unwrap();
/// let noon = parse_moment("2024-07-01 12:00").unwrap();
/// assert_eq!(noon.timestamp(&berlin).unwrap().to_iso(), "2024-07-01T10:00:00Z");
/// let elsewhere = parse_moment("2024-07-01T12:00Z").unwrap();
/// assert_eq!(elsewhere.timestamp(&berlin).unwrap().to_iso(), "2024-07-01T12:00:00Z");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    date: Date,
    time: Time,
    /// In microseconds.
    offset: Option<i64>,
}

/// A moment before the year 1, or after 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a moment outside the years 1 to 9999")]
pub struct OutOfRange;

impl Moment {
    /// What a clock shows that is so many microseconds ahead of UTC.
    pub(crate) const fn new(date: Date, time: Time, offset: Option<i64>) -> Self {
        Self { date, time, offset }
    }

    /// What a clock shows, nobody says where.
    #[must_use]
    pub const fn naive(date: Date, time: Time) -> Self {
        Self::new(date, time, None)
    }

    /// What a clock in that zone shows at that moment; `None` outside the years 1 to 9999.
    #[must_use]
    pub fn local(at: Timestamp, zone: &TimeZone) -> Option<Self> {
        let shown = zone.local(at).as_micros();
        let time = Time {
            micros: shown.rem_euclid(MICROS_PER_DAY),
        };
        let date = Date::from_days(shown.div_euclid(MICROS_PER_DAY))?;
        Some(Self::new(date, time, Some(shown - at.as_micros())))
    }

    /// The day.
    #[must_use]
    pub const fn date(self) -> Date {
        self.date
    }

    /// The time of day.
    #[must_use]
    pub const fn time(self) -> Time {
        self.time
    }

    /// How far the clock is ahead of UTC, in microseconds, where that is said.
    #[must_use]
    pub const fn offset(self) -> Option<i64> {
        self.offset
    }

    /// The moment in time; where no offset is said, by the clocks of that zone (`make_aware`).
    ///
    /// # Errors
    /// [`OutOfRange`] where it lies outside the years 1 to 9999, in UTC or in that zone.
    pub fn timestamp(self, zone: &TimeZone) -> Result<Timestamp, OutOfRange> {
        let shown = Timestamp::from_micros(self.date.days() * MICROS_PER_DAY + self.time.micros);
        let at = match self.offset {
            Some(offset) => Timestamp::from_micros(shown.as_micros() - offset),
            None => zone.moment(shown),
        };
        let exists = |at: Timestamp| (FIRST..=LAST).contains(&at.as_micros());
        (exists(at) && exists(zone.local(at)))
            .then_some(at)
            .ok_or(OutOfRange)
    }

    /// As ISO 8601 has it (`datetime.isoformat`), with `Z` for UTC, as DRF writes it.
    #[must_use]
    pub fn to_iso(self) -> String {
        let offset = match self.offset {
            None => String::new(),
            Some(0) => "Z".to_owned(),
            Some(offset) => offset_text(offset, ":"),
        };
        format!("{}T{}{offset}", self.date, self.time)
    }
}

/// `+01:00`, with seconds and microseconds where there are some.
pub(crate) fn offset_text(offset: i64, separator: &str) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let (seconds, micros) = (offset.abs() / MICROS_PER_SECOND, offset.abs() % MICROS_PER_SECOND);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let whole = format!("{sign}{hours:02}{separator}{minutes:02}");
    match (seconds, micros) {
        (0, 0) => whole,
        (seconds, 0) => format!("{whole}{separator}{seconds:02}"),
        (seconds, micros) => format!("{whole}{separator}{seconds:02}.{micros:06}"),
    }
}
