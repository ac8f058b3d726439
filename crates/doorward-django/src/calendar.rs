//! Dates and clocks of the proleptic Gregorian calendar, as `datetime` in Python counts them.
//!
//! The day arithmetic is Howard Hinnant's `days_from_civil` and `civil_from_days`: years begin in March,
//! so that the leap day is the last of its year.

pub(crate) const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
const MICROS_PER_DAY: i64 = SECONDS_PER_DAY * MICROS_PER_SECOND;
/// Days from 0000-03-01 to 1970-01-01.
const DAYS_TO_EPOCH: i64 = 719_468;
const DAYS_PER_ERA: i64 = 146_097;

/// A date and a wall clock with its offset from UTC.
#[derive(Debug)]
pub(crate) struct CivilTime {
    year: i64,
    month: i64,
    day: i64,
    micros_of_day: i64,
    offset_seconds: i64,
}

impl CivilTime {
    pub(crate) fn from_micros(micros: i64) -> Self {
        let (year, month, day) = civil_from_days(micros.div_euclid(MICROS_PER_DAY));
        Self {
            year,
            month,
            day,
            micros_of_day: micros.rem_euclid(MICROS_PER_DAY),
            offset_seconds: 0,
        }
    }

    pub(crate) fn as_micros(&self) -> Option<i64> {
        let seconds =
            days_from_civil(self.year, self.month, self.day) * SECONDS_PER_DAY - self.offset_seconds;
        seconds
            .checked_mul(MICROS_PER_SECOND)?
            .checked_add(self.micros_of_day)
    }

    pub(crate) fn to_text(&self, separator: char) -> String {
        let Self { year, month, day, .. } = self;
        let (seconds, micros) = (
            self.micros_of_day / MICROS_PER_SECOND,
            self.micros_of_day % MICROS_PER_SECOND,
        );
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let whole = format!("{year:04}-{month:02}-{day:02}{separator}{hour:02}:{minute:02}:{second:02}");
        match micros {
            0 => whole,
            _ => format!("{whole}.{micros:06}"),
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader(text.as_bytes());
        let (year, month, day) = date(&mut reader)?;
        reader.one_of(b" T")?;
        let seconds = clock(&mut reader)?;
        let micros = fraction(&mut reader)?;
        let offset_seconds = offset(&mut reader)?;
        let micros_of_day = seconds * MICROS_PER_SECOND + micros;
        reader.is_empty().then_some(Self {
            year,
            month,
            day,
            micros_of_day,
            offset_seconds,
        })
    }
}

pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + DAYS_TO_EPOCH;
    let (era, day_of_era) = (days.div_euclid(DAYS_PER_ERA), days.rem_euclid(DAYS_PER_ERA));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

pub(crate) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - DAYS_TO_EPOCH
}

fn date(reader: &mut Reader<'_>) -> Option<(i64, i64, i64)> {
    let year = reader.number(4)?;
    reader.one_of(b"-")?;
    let month = reader.number(2)?;
    reader.one_of(b"-")?;
    let day = reader.number(2)?;
    let exists = year >= 1 && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    exists.then_some((year, month, day))
}

pub(crate) fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn clock(reader: &mut Reader<'_>) -> Option<i64> {
    let hour = reader.number(2)?;
    reader.one_of(b":")?;
    let minute = reader.number(2)?;
    reader.one_of(b":")?;
    let second = reader.number(2)?;
    (hour < 24 && minute < 60 && second < 60).then_some(hour * 3600 + minute * 60 + second)
}

fn fraction(reader: &mut Reader<'_>) -> Option<i64> {
    if reader.one_of(b".").is_none() {
        return Some(0);
    }
    let (mut micros, mut unit) = (reader.number(1)? * 100_000, 10_000);
    while unit > 0
        && let Some(digit) = reader.number(1)
    {
        micros += digit * unit;
        unit /= 10;
    }
    Some(micros)
}

fn offset(reader: &mut Reader<'_>) -> Option<i64> {
    let sign = match reader.one_of(b"Z+-") {
        None | Some(b'Z') => return Some(0),
        Some(b'-') => -1,
        Some(_) => 1,
    };
    let hours = reader.number(2)?;
    let _ = reader.one_of(b":");
    let minutes = if reader.is_empty() { 0 } else { reader.number(2)? };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// What is left to read of a text.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn one_of(&mut self, accepted: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        accepted.contains(first).then(|| {
            self.0 = rest;
            *first
        })
    }

    fn number(&mut self, digits: usize) -> Option<i64> {
        let (head, rest) = self.0.split_at_checked(digits)?;
        if !head.iter().all(u8::is_ascii_digit) {
            return None;
        }
        self.0 = rest;
        Some(
            head.iter()
                .fold(0, |number, digit| number * 10 + i64::from(digit - b'0')),
        )
    }
}
