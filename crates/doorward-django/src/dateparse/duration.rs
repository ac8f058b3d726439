//! [`Duration`]: how long something lasts, forwards or backwards (`datetime.timedelta`).

use std::fmt;

use super::scanner::{Scanner, micros};
use crate::calendar::MICROS_PER_SECOND;
use crate::python_numbers::ascii_digits;

const MICROS_PER_DAY: i128 = 86_400_000_000;

/// How many days there are at most, in either direction.
const MAX_DAYS: i128 = 999_999_999;

/// How long something lasts, forwards or backwards: microseconds, of at most 999,999,999 days (`datetime.timedelta`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(i128);

impl Duration {
    /// So many microseconds.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros as i128)
    }

    /// So many seconds.
    #[must_use]
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds as i128 * MICROS_PER_SECOND as i128)
    }

    /// Microseconds.
    #[must_use]
    pub const fn as_micros(self) -> i128 {
        self.0
    }

    /// Whole days, rounded down, and the microseconds that remain.
    fn days(self) -> (i128, i128) {
        (
            self.0.div_euclid(MICROS_PER_DAY),
            self.0.rem_euclid(MICROS_PER_DAY),
        )
    }

    fn checked(micros: i128) -> Result<Self, DurationOverflow> {
        let (days, _) = Self(micros).days();
        let fits = (-MAX_DAYS..=MAX_DAYS).contains(&days);
        fits.then_some(Self(micros)).ok_or(DurationOverflow)
    }

    /// As ISO 8601 has it: `P1DT02H00M00S` (`duration_iso_string`).
    #[must_use]
    pub fn to_iso(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (days, micros) = Self(self.0.abs()).days();
        let clock = clock(micros);
        let mut numbers = clock.split(':');
        let mut next = || numbers.next().unwrap_or_default();
        format!("{sign}P{days}DT{}H{}M{}S", next(), next(), next())
    }

    /// As Python's `str(timedelta)` writes it: `1 day, 2:00:00`.
    #[must_use]
    pub fn to_python(self) -> String {
        let (days, micros) = self.days();
        let clock = clock(micros);
        let clock = clock.strip_prefix('0').unwrap_or(&clock);
        match days {
            0 => clock.to_owned(),
            1 | -1 => format!("{days} day, {clock}"),
            _ => format!("{days} days, {clock}"),
        }
    }
}

/// `1 02:00:00.500000`: days where there are some, then the clock (`duration_string`).
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, micros) = self.days();
        if days != 0 {
            write!(f, "{days} ")?;
        }
        f.write_str(&clock(micros))
    }
}

fn clock(micros: i128) -> String {
    let second = i128::from(MICROS_PER_SECOND);
    let (seconds, micros) = (micros / second, micros % second);
    let whole = format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    match micros {
        0 => whole,
        micros => format!("{whole}.{micros:06}"),
    }
}

/// More than 999,999,999 days, in either direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a duration of more than 999999999 days")]
pub struct DurationOverflow;

/// A duration as Django reads it: `[DD] [HH:[MM:]]ss[.uuuuuu]`, ISO 8601 in days and less, or as PostgreSQL writes it.
///
/// # Errors
/// [`DurationOverflow`] for one that is too long.
pub fn parse_duration(text: &str) -> Result<Option<Duration>, DurationOverflow> {
    let text = ascii_digits(text.strip_suffix('\n').unwrap_or(text));
    let parts = standard(&text)
        .or_else(|| iso8601(&text))
        .or_else(|| postgres(&text));
    parts.map(|parts| Duration::checked(parts.micros()?)).transpose()
}

/// The numbers of a duration, in their units; Python computes with them as floats.
#[derive(Default)]
struct Parts {
    days: f64,
    hours: f64,
    minutes: f64,
    seconds: f64,
    micros: f64,
    sign: f64,
}

impl Parts {
    fn micros(&self) -> Result<i128, DurationOverflow> {
        let clock = [
            (self.hours, 3.6e9),
            (self.minutes, 6e7),
            (self.seconds, 1e6),
            (self.micros, 1.0),
        ];
        let clock: i128 = clock
            .into_iter()
            .map(|(number, unit)| scaled(number, unit))
            .sum::<Result<_, _>>()?;
        let sign = if self.sign < 0.0 { -1 } else { 1 };
        Ok(scaled(self.days, 8.64e10)? + sign * clock)
    }
}

/// A number of units in microseconds: its whole part exactly, its fraction rounded.
fn scaled(number: f64, unit: f64) -> Result<i128, DurationOverflow> {
    if number.abs() > 1e17 {
        return Err(DurationOverflow);
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 1e17 times 8.64e10")]
    let whole = number.trunc() as i128 * unit as i128;
    #[expect(clippy::cast_possible_truncation, reason = "less than one unit")]
    let fraction = (number.fract() * unit).round_ties_even() as i128;
    Ok(whole + fraction)
}

/// `standard_duration_re`
fn standard(text: &str) -> Option<Parts> {
    let (days, rest) = match text.split_once(' ') {
        Some((days, rest)) => (signed(days)?, without_days(rest)),
        None => (0.0, text),
    };
    let (sign, rest) = match rest.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, rest),
    };
    let (whole, fraction) = rest.split_once(['.', ',']).unwrap_or((rest, "0"));
    let numbers = whole.split(':').map(unsigned).collect::<Option<Vec<_>>>()?;
    let (hours, minutes, seconds) = match *numbers {
        [seconds] => (0.0, 0.0, seconds),
        [minutes, seconds] => (0.0, minutes, seconds),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return None,
    };
    let micros = fraction_micros(fraction, 12)?;
    Some(Parts {
        days,
        hours,
        minutes,
        seconds,
        micros,
        sign,
    })
}

fn without_days(text: &str) -> &str {
    text.strip_prefix("day, ")
        .or_else(|| text.strip_prefix("days, "))
        .unwrap_or(text)
}

/// `iso8601_duration_re`
fn iso8601(text: &str) -> Option<Parts> {
    let (sign, text) = match text.strip_prefix(['-', '+']) {
        Some(rest) if text.starts_with('-') => (-1.0, rest),
        Some(rest) => (1.0, rest),
        None => (1.0, text),
    };
    let text = text.strip_prefix('P')?;
    let (days, rest) = unit(text, 'D')?;
    let clock = match rest.strip_prefix('T') {
        None if rest.is_empty() => "",
        None => return None,
        Some(clock) => clock,
    };
    let (hours, clock) = unit(clock, 'H')?;
    let (minutes, clock) = unit(clock, 'M')?;
    let (seconds, clock) = unit(clock, 'S')?;
    let days = days * sign;
    clock.is_empty().then_some(Parts {
        days,
        hours,
        minutes,
        seconds,
        micros: 0.0,
        sign,
    })
}

/// `1.5H…` as the number and the rest; zero where that unit is not there.
fn unit(text: &str, letter: char) -> Option<(f64, &str)> {
    let Some((number, rest)) = text.split_once(letter) else {
        return Some((0.0, text));
    };
    let (whole, fraction) = match number.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, fraction),
        None => (number, "0"),
    };
    unsigned(whole)?;
    unsigned(fraction)?;
    format!("{whole}.{fraction}")
        .parse()
        .ok()
        .map(|number| (number, rest))
}

/// `postgres_interval_re`
fn postgres(text: &str) -> Option<Parts> {
    let (days, rest) = match text.split_once(" day") {
        Some((days, rest)) => {
            let rest = rest.strip_prefix('s').unwrap_or(rest);
            (signed(days)?, rest.strip_prefix(' ').unwrap_or(rest))
        }
        None => (0.0, text),
    };
    let sign = if rest.starts_with('-') { -1.0 } else { 1.0 };
    if rest.is_empty() {
        return Some(Parts {
            days,
            sign,
            ..Parts::default()
        });
    }
    let clock = rest.strip_prefix(['-', '+']).unwrap_or(rest);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [hours, minutes, seconds] = *clock.split(':').collect::<Vec<_>>() else {
        return None;
    };
    let two = |text: &str| unsigned(text).filter(|_| text.len() == 2);
    let (hours, minutes, seconds) = (unsigned(hours)?, two(minutes)?, two(seconds)?);
    let micros = fraction_micros(fraction, 6)?;
    Some(Parts {
        days,
        hours,
        minutes,
        seconds,
        micros,
        sign,
    })
}

fn fraction_micros(fraction: &str, most: usize) -> Option<f64> {
    let mut reader = Scanner(fraction.as_bytes());
    let digits = reader.digits(1, 6)?;
    reader.skip_digits(most - 6);
    #[expect(clippy::cast_precision_loss, reason = "at most six digits")]
    let micros = micros(digits) as f64;
    reader.is_empty().then_some(micros)
}

fn signed(text: &str) -> Option<f64> {
    match text.strip_prefix('-') {
        Some(digits) => unsigned(digits).map(|number| -number),
        None => unsigned(text),
    }
}

fn unsigned(text: &str) -> Option<f64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}
