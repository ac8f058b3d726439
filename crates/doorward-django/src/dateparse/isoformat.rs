//! ISO 8601 as Python 3.11's `fromisoformat` reads it: with and without separators, weeks, any character between date
//! and time.

use super::scanner::{Scanner, micros};
use super::{Date, Moment, SECONDS_PER_DAY, Time};
use crate::calendar::{MICROS_PER_SECOND, civil_from_days, days_from_civil};

/// `datetime.date.fromisoformat`
pub(super) fn date(text: &str) -> Option<Date> {
    matches!(text.len(), 7 | 8 | 10).then_some(())?;
    whole_date(text.as_bytes())
}

/// `datetime.time.fromisoformat`, without its zone
pub(super) fn time(text: &str) -> Option<Time> {
    let text = text.strip_prefix('T').unwrap_or(text);
    clock_and_offset(text.as_bytes()).map(|(time, _)| time)
}

/// `datetime.datetime.fromisoformat`
pub(super) fn moment(text: &str) -> Option<Moment> {
    let bytes = text.as_bytes();
    if bytes.len() < 7 {
        return None;
    }
    let border = separator(bytes)?;
    let date = whole_date(bytes.get(..border)?)?;
    let mut rest = text.get(border..)?.chars();
    let (time, offset) = match (rest.next(), rest.as_str()) {
        (None, _) => (Time::MIDNIGHT, None),
        (Some(_), clock) => clock_and_offset(clock.as_bytes())?,
    };
    Some(Moment::new(date, time, offset))
}

/// Where the date ends (`_find_isoformat_datetime_separator`).
fn separator(text: &[u8]) -> Option<usize> {
    let at = |position: usize| text.get(position).copied().unwrap_or_default();
    let border = match (at(4), at(5)) {
        _ if text.len() == 7 => 7,
        (b'-', b'W') if at(8) != b'-' => 8,
        (b'-', b'W') if text.len() == 9 => return None,
        (b'-', b'W') if at(10).is_ascii_digit() => 8,
        (b'-', _) => 10,
        (b'W', _) => match text
            .iter()
            .skip(7)
            .take_while(|byte| byte.is_ascii_digit())
            .count()
        {
            digits @ 0..2 => 7 + digits,
            digits if digits % 2 == 1 => 7,
            _ => 8,
        },
        _ => 8,
    };
    Some(border)
}

/// `parse_isoformat_date`
fn whole_date(text: &[u8]) -> Option<Date> {
    let mut reader = Scanner(text);
    let year = reader.number(4)?;
    let has_separator = reader.one_of(b"-").is_some();
    if reader.one_of(b"W").is_some() {
        return week_date(year, has_separator, reader);
    }
    let month = reader.number(2)?;
    if has_separator {
        reader.one_of(b"-")?;
    }
    let day = reader.number(2)?;
    reader.is_empty().then(|| Date::new(year, month, day)).flatten()
}

/// What follows the day of the week is not looked at, as in Python 3.11.
fn week_date(year: i64, has_separator: bool, mut reader: Scanner<'_>) -> Option<Date> {
    let week = reader.number(2)?;
    let day = match reader.is_empty() {
        true => 1,
        false => {
            if has_separator {
                reader.one_of(b"-")?;
            }
            reader.number(1)?
        }
    };
    of_week(year, week, day)
}

/// `iso_to_ymd`
fn of_week(year: i64, week: i64, day: i64) -> Option<Date> {
    let exists = (1..=9999).contains(&year) && (1..=7).contains(&day);
    let exists = exists && (1..=weeks_in(year)).contains(&week);
    exists.then_some(())?;
    let days = first_monday(year) + (week - 1) * 7 + day - 1;
    let (year, month, day) = civil_from_days(days);
    Date::new(year, month, day)
}

/// Days since the epoch of the Monday of a year's first week, the one with its first Thursday.
fn first_monday(year: i64) -> i64 {
    let fourth = days_from_civil(year, 1, 4);
    fourth - (fourth + 3).rem_euclid(7)
}

fn weeks_in(year: i64) -> i64 {
    (first_monday(year + 1) - first_monday(year)) / 7
}

/// `parse_isoformat_time`: the time, and the offset from UTC in microseconds, where there is one.
fn clock_and_offset(text: &[u8]) -> Option<(Time, Option<i64>)> {
    let zone = text.iter().position(|byte| b"+-Z".contains(byte));
    let (clock, zone) = text.split_at(zone.unwrap_or(text.len()));
    let (hour, minute, second, micros) = numbers(clock)?;
    Some((Time::new(hour, minute, second, micros)?, offset(zone)?))
}

fn offset(zone: &[u8]) -> Option<Option<i64>> {
    let (sign, clock) = match zone {
        [] => return Some(None),
        b"Z" => return Some(Some(0)),
        [b'-', clock @ ..] => (-1, clock),
        [b'+', clock @ ..] => (1, clock),
        _ => return None,
    };
    let (hour, minute, second, micros) = numbers(clock)?;
    let offset = (hour * 3600 + minute * 60 + second) * MICROS_PER_SECOND + micros;
    (offset < SECONDS_PER_DAY * MICROS_PER_SECOND).then_some(Some(sign * offset))
}

/// `parse_hh_mm_ss_ff`
fn numbers(text: &[u8]) -> Option<(i64, i64, i64, i64)> {
    let mut reader = Scanner(text);
    let hour = reader.number(2)?;
    let has_separator = reader.peek() == Some(b':');
    let mut next = || {
        if reader.is_empty() || matches!(reader.peek(), Some(b'.' | b',')) {
            return Some(0);
        }
        if has_separator {
            reader.one_of(b":")?;
        }
        reader.number(2)
    };
    let (minute, second) = (next()?, next()?);
    if reader.is_empty() {
        return Some((hour, minute, second, 0));
    }
    reader.one_of(b".,")?;
    let fraction = micros(reader.digits(1, 6)?);
    reader.skip_digits(usize::MAX);
    reader.is_empty().then_some((hour, minute, second, fraction))
}
