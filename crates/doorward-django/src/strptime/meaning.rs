//! What the numbers and words of a text mean together (`_strptime._strptime`).

use super::directive::{Directive, MONTHS, SHORT, WEEKDAYS};
use crate::calendar::{days_from_civil, days_in};
use crate::dateparse::{Date, Moment, Time};
use crate::python_numbers::ascii_digits;

const DAY_MICROS: i64 = 86_400_000_000;

/// What was found; where several directives say the same, the last one counts.
#[derive(Debug, Default)]
pub(super) struct Found {
    year: Option<i64>,
    iso_year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    hour: Hour,
    is_afternoon: Option<bool>,
    minute: i64,
    second: i64,
    micros: i64,
    /// From Monday, which is 0.
    weekday: Option<i64>,
    day_of_year: Option<i64>,
    week: Option<Week>,
    iso_week: Option<i64>,
    offset: Option<i64>,
}

#[derive(Clone, Copy, Debug)]
enum Hour {
    Of24(i64),
    Of12(i64),
}

impl Default for Hour {
    fn default() -> Self {
        Self::Of24(0)
    }
}

/// The number of a week, and the day that weeks begin with, from Monday.
#[derive(Clone, Copy, Debug)]
enum Week {
    FromSunday(i64),
    FromMonday(i64),
}

impl Found {
    pub(super) fn of(found: &[(Directive, &str)]) -> Option<Self> {
        let mut all = Self::default();
        for (directive, text) in found {
            all.add(directive.letter(), text)?;
        }
        Some(all)
    }

    fn add(&mut self, letter: char, text: &str) -> Option<()> {
        let number = || ascii_digits(text).trim().parse::<i64>().ok();
        match letter {
            'a' | 'A' => self.weekday = Some(position(&WEEKDAYS, text)?),
            'b' | 'B' => self.month = Some(position(&MONTHS, text)? + 1),
            'p' => self.is_afternoon = Some(text.eq_ignore_ascii_case("pm")),
            'f' => self.micros = fraction(text)?,
            'z' => self.offset = Some(offset(text)?),
            'y' => self.year = number().map(|year| if year <= 68 { 2000 + year } else { 1900 + year }),
            'Y' => self.year = number(),
            'G' => self.iso_year = number(),
            'm' => self.month = number(),
            'd' => self.day = number(),
            'H' => self.hour = Hour::Of24(number()?),
            'I' => self.hour = Hour::Of12(number()?),
            'M' => self.minute = number()?,
            'S' => self.second = number()?,
            'j' => self.day_of_year = number(),
            'w' => self.weekday = number().map(|day| (day + 6) % 7),
            'u' => self.weekday = number().map(|day| day - 1),
            'U' => self.week = number().map(Week::FromSunday),
            'W' => self.week = number().map(Week::FromMonday),
            'V' => self.iso_week = number(),
            _ => {}
        }
        Some(())
    }

    pub(super) fn moment(&self) -> Option<Moment> {
        self.is_unambiguous().then_some(())?;
        let time = Time::new(self.hour(), self.minute, self.second, self.micros)?;
        Some(Moment::new(self.date()?, time, self.offset))
    }

    /// Years and weeks of ISO 8601 stand together, and with a day of the week.
    const fn is_unambiguous(&self) -> bool {
        match (self.year, self.iso_year) {
            (None, Some(_)) => {
                self.iso_week.is_some() && self.weekday.is_some() && self.day_of_year.is_none()
            }
            _ => self.week.is_some() || self.iso_week.is_none(),
        }
    }

    /// Twelve is the first hour of a half day.
    fn hour(&self) -> i64 {
        match (self.hour, self.is_afternoon) {
            (Hour::Of24(hour), _) => hour,
            (Hour::Of12(hour), Some(true)) => hour % 12 + 12,
            (Hour::Of12(hour), _) => hour % 12,
        }
    }

    fn date(&self) -> Option<Date> {
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        let is_leap_day = self.year.is_none() && (month, day) == (2, 29);
        let year = self.year.unwrap_or(if is_leap_day { 1904 } else { 1900 });
        let date = match self.day_of_year_in(year)? {
            Some((year, day_of_year)) => of_day_of_year(year, day_of_year)?,
            None => Date::new(year, month, day)?,
        };
        match is_leap_day {
            true => Date::new(1900, date.month(), date.day()),
            false => Some(date),
        }
    }

    /// A year, and the day in it, where that is said; `None` for one that there is not.
    fn day_of_year_in(&self, year: i64) -> Option<Option<(i64, i64)>> {
        let (year, day) = match (self.day_of_year, self.weekday, self.week) {
            (Some(day), ..) => return Some(Some((year, day))),
            (None, Some(weekday), Some(week)) => (year, of_week(year, week, weekday)?),
            (None, Some(weekday), None) => match (self.iso_year, self.iso_week) {
                (Some(iso_year), Some(week)) => of_iso_week(iso_year, week, weekday)?,
                _ => return Some(None),
            },
            (None, None, _) => return Some(None),
        };
        Some(Some(match day {
            ..=0 => (year - 1, day + days_in_year(year - 1)),
            day => (year, day),
        }))
    }
}

fn of_day_of_year(year: i64, day: i64) -> Option<Date> {
    let first = Date::new(year, 1, 1)?;
    Date::from_days(first.days() + day - 1)
}

/// `_calc_julian_from_U_or_W`
fn of_week(year: i64, week: Week, weekday: i64) -> Option<i64> {
    let first = weekday_of(Date::new(year, 1, 1)?);
    let (number, first, weekday) = match week {
        Week::FromMonday(number) => (number, first, weekday),
        Week::FromSunday(number) => (number, (first + 1) % 7, (weekday + 1) % 7),
    };
    Some(match number {
        0 => 1 + weekday - first,
        number => 1 + (7 - first) % 7 + 7 * (number - 1) + weekday,
    })
}

/// `_calc_julian_from_V`
fn of_iso_week(year: i64, week: i64, weekday: i64) -> Option<(i64, i64)> {
    let correction = weekday_of(Date::new(year, 1, 4)?) + 1 + 3;
    let day = week * 7 + weekday + 1 - correction;
    match day {
        ..=0 => Date::new(year - 1, 1, 1).map(|_| (year - 1, day + days_in_year(year - 1))),
        day => Some((year, day)),
    }
}

/// From Monday, which is 0; the epoch was a Thursday.
fn weekday_of(date: Date) -> i64 {
    (days_from_civil(date.year(), date.month(), date.day()) + 3).rem_euclid(7)
}

fn days_in_year(year: i64) -> i64 {
    337 + days_in(year, 2)
}

/// The place of a name, or of its short form, in a list.
fn position(names: &[&str], text: &str) -> Option<i64> {
    let short = |name: &str| {
        text.len() == SHORT
            && name
                .get(..SHORT)
                .is_some_and(|name| name.eq_ignore_ascii_case(text))
    };
    let place = names
        .iter()
        .position(|name| name.eq_ignore_ascii_case(text) || short(name))?;
    i64::try_from(place).ok()
}

/// Digits behind a point, in microseconds.
fn fraction(digits: &str) -> Option<i64> {
    format!("{:0<6}", ascii_digits(digits)).parse().ok()
}

/// An offset in microseconds: less than a day, with all colons or none.
fn offset(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let text = ascii_digits(text);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+')?),
    };
    let (whole, parts) = digits.split_once('.').unwrap_or((digits, ""));
    let numbers: Vec<&str> = match whole.contains(':') {
        true => whole.split(':').collect(),
        false => [whole.get(..2)?, whole.get(2..4)?, whole.get(4..)?].into(),
    };
    let number = |place: usize| match numbers.get(place).copied() {
        None | Some("") => Some(0),
        Some(digits) if digits.len() == 2 => digits.parse::<i64>().ok(),
        Some(_) => None,
    };
    let seconds = number(0)? * 3600 + number(1)? * 60 + number(2)?;
    let micros = seconds * 1_000_000 + fraction(parts)?;
    (micros < DAY_MICROS).then_some(sign * micros)
}
