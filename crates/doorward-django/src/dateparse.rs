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
mod scanner;

use std::fmt;

pub use duration::{Duration, DurationOverflow, parse_duration};

use crate::calendar::{MICROS_PER_SECOND, days_from_civil, days_in};
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
    parse_moment(text)?.timestamp()
}

/// As [`parse_datetime`]; `Err` where the text is a moment that lies outside the years 1 to 9999 in UTC.
///
/// # Errors
/// [`OutOfRange`] for such a moment.
pub fn parse_datetime_in_range(text: &str) -> Result<Option<Timestamp>, OutOfRange> {
    let Some(moment) = parse_moment(text) else {
        return Ok(None);
    };
    moment.timestamp().ok_or(OutOfRange).map(Some)
}

/// A moment before the year 1, or after 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a moment outside the years 1 to 9999")]
pub struct OutOfRange;

fn parse_moment(text: &str) -> Option<Moment> {
    isoformat::moment(text).or_else(|| lenient::moment(text))
}

/// A day, a time, and the offset from UTC in microseconds.
#[derive(Clone, Copy, Debug)]
struct Moment {
    date: Date,
    time: Time,
    offset: i64,
}

impl Moment {
    /// `None` outside the years 1 to 9999.
    fn timestamp(self) -> Option<Timestamp> {
        let Date { year, month, day } = self.date;
        let days = days_from_civil(year, month, day);
        let micros = days * SECONDS_PER_DAY * MICROS_PER_SECOND + self.time.micros - self.offset;
        let moment = Timestamp::from_micros(micros);
        (FIRST..=LAST).contains(&micros).then_some(moment)
    }
}

/// 0001-01-01T00:00:00 and 9999-12-31T23:59:59.999999.
const FIRST: i64 = -62_135_596_800_000_000;
const LAST: i64 = 253_402_300_799_999_999;
