//! What Django reads besides ISO 8601: numbers of one or two digits, white space before an offset, digits of any script
//! (`date_re`, `time_re`, `datetime_re`).

use std::borrow::Cow;

use super::scanner::{Scanner, micros};
use super::{Date, Moment, Time};
use crate::calendar::MICROS_PER_SECOND;
use crate::python_numbers::ascii_digits;
use crate::python_text::is_space;

pub(super) fn date(text: &str) -> Option<Date> {
    let text = line(text);
    let mut reader = Scanner(text.as_bytes());
    let date = day(&mut reader)?;
    reader.is_empty().then_some(date)
}

pub(super) fn time(text: &str) -> Option<Time> {
    let text = line(text);
    let mut reader = Scanner(text.as_bytes());
    let time = clock(&mut reader)?;
    reader.is_empty().then_some(time)
}

pub(super) fn moment(text: &str) -> Option<Moment> {
    let text = line(text);
    let mut reader = Scanner(text.as_bytes());
    let date = day(&mut reader)?;
    reader.one_of(b"T ")?;
    let time = clock(&mut reader)?;
    let zone = std::str::from_utf8(reader.0).ok()?.trim_start_matches(is_space);
    let offset = offset(Scanner(zone.as_bytes()))?;
    Some(Moment::new(date, time, offset))
}

/// The text without the end of its line, which `$` does not look at; its digits as ASCII.
fn line(text: &str) -> Cow<'_, str> {
    ascii_digits(text.strip_suffix('\n').unwrap_or(text))
}

fn day(reader: &mut Scanner<'_>) -> Option<Date> {
    let year = reader.number(4)?;
    reader.one_of(b"-")?;
    let (month, _) = reader.digits(1, 2)?;
    reader.one_of(b"-")?;
    let (day, _) = reader.digits(1, 2)?;
    Date::new(year, month, day)
}

fn clock(reader: &mut Scanner<'_>) -> Option<Time> {
    let (hour, _) = reader.digits(1, 2)?;
    reader.one_of(b":")?;
    let (minute, _) = reader.digits(1, 2)?;
    if reader.one_of(b":").is_none() {
        return Time::new(hour, minute, 0, 0);
    }
    let (second, _) = reader.digits(1, 2)?;
    let fraction = match reader.one_of(b".,") {
        None => 0,
        Some(_) => micros(reader.digits(1, 6)?),
    };
    reader.skip_digits(6);
    Time::new(hour, minute, second, fraction)
}

/// `Z`, `+01`, `+0130`, `+01:30` or nothing.
fn offset(mut reader: Scanner<'_>) -> Option<Option<i64>> {
    let sign = match reader.one_of(b"Z+-") {
        None => return reader.is_empty().then_some(None),
        Some(b'Z') => return reader.is_empty().then_some(Some(0)),
        Some(b'-') => -1,
        Some(_) => 1,
    };
    let hours = reader.number(2)?;
    let has_separator = reader.one_of(b":").is_some();
    let minutes = match reader.is_empty() && !has_separator {
        true => 0,
        false => reader.number(2)?,
    };
    let minutes = hours * 60 + minutes;
    let fits = minutes < 24 * 60 && reader.is_empty();
    fits.then_some(Some(sign * minutes * 60 * MICROS_PER_SECOND))
}
