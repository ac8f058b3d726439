//! Dates, times and durations in text, as Django reads and writes them (`django.utils.dateparse`,
//! `django.utils.duration`).
//!
//! ```
//! use doorward_django::dateparse::{parse_date, parse_datetime, parse_duration, parse_time};
//!
//! assert_eq!(parse_date("2024-2-9").unwrap().to_string(), "2024-02-09");
//! assert_eq!(parse_time("9:30").unwrap().to_string(), "09:30:00");
//! assert_eq!(parse_datetime("2024-02-29T12:00+02:00").unwrap().to_iso(), "2024-02-29T10:00:00Z");
//! assert_eq!(parse_duration("P1DT2H").unwrap().unwrap().to_string(), "1 02:00:00");
//! ```

mod duration;
mod isoformat;
mod lenient;
mod moment;
mod scanner;

use std::fmt;

pub use duration::{Duration, DurationOverflow, parse_duration};
pub(crate) use moment::offset_text;
pub use moment::{Moment, OutOfRange};

use crate::calendar::{MICROS_PER_SECOND, civil_from_days, days_from_civil, days_in};
use crate::time_zone::TimeZone;
use crate::timestamp::Timestamp;

const SECONDS_PER_DAY: i64 = 86_400;

/// A day of the proleptic Gregorian calendar, from year 1 to 9999 (`datetime.date`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i64,
    month: i64,
    day: i64,
}

impl Date {
    /// The day of those numbers, from 1; `None` where there is none.
    #[must_use]
    pub fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        let exists = (1..=9999).contains(&year) && (1..=12).contains(&month);
        let exists = exists && (1..=days_in(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> i64 {
        self.year
    }

    /// The month, from 1.
    #[must_use]
    pub const fn month(self) -> i64 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> i64 {
        self.day
    }

    /// Days since 1970-01-01, negative before it.
    pub(crate) fn days(self) -> i64 {
        days_from_civil(self.year, self.month, self.day)
    }

    /// The day that many days after 1970-01-01; `None` outside the years 1 to 9999.
    pub(crate) fn from_days(days: i64) -> Option<Self> {
        let (year, month, day) = civil_from_days(days);
        Self::new(year, month, day)
    }
}

/// `2024-02-29`
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A time of day without a zone (`datetime.time`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    /// Since midnight.
    micros: i64,
}

impl Time {
    /// The time of those numbers; `None` where there is none.
    #[must_use]
    pub fn new(hour: i64, minute: i64, second: i64, micros: i64) -> Option<Self> {
        let exists = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..60).contains(&second);
        let exists = exists && (0..MICROS_PER_SECOND).contains(&micros);
        let seconds = || hour * 3600 + minute * 60 + second;
        exists.then(|| Self {
            micros: seconds() * MICROS_PER_SECOND + micros,
        })
    }

    /// Microseconds since midnight.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.micros
    }

    /// Midnight.
    pub const MIDNIGHT: Self = Self { micros: 0 };
}

/// `09:30:00`, with six digits of a second where they are not zero.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, micros) = (self.micros / MICROS_PER_SECOND, self.micros % MICROS_PER_SECOND);
        write!(
            f,
            "{:02}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        )?;
        match micros {
            0 => Ok(()),
            micros => write!(f, ".{micros:06}"),
        }
    }
}

/// A day as Django reads it: ISO 8601 in all its forms, or numbers of one or two digits.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    isoformat::date(text).or_else(|| lenient::date(text))
}

/// A time of day as Django reads it; an offset from UTC is dropped.
#[must_use]
pub fn parse_time(text: &str) -> Option<Time> {
    isoformat::time(text).or_else(|| lenient::time(text))
}

/// A moment as Django reads it; without an offset, in UTC.
#[must_use]
pub fn parse_datetime(text: &str) -> Option<Timestamp> {
    parse_moment(text)?.timestamp(&TimeZone::UTC).ok()
}

/// A day and a time of day as Django reads them, with the offset that the text says.
#[must_use]
pub fn parse_moment(text: &str) -> Option<Moment> {
    isoformat::moment(text).or_else(|| lenient::moment(text))
}
