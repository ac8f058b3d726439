//! [`Directive`]: `%`, then perhaps a flag, a width and a modifier, then a letter (glibc's `strftime`).

use super::padding::{Case, Pad, Padding};
use crate::calendar::{days_from_civil, days_in};
use crate::dateparse::{Date, Moment};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// A directive, taken apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Directive {
    padding: Padding,
    modifier: Option<char>,
    letter: Option<char>,
}

impl Directive {
    /// The directive that a text begins with, and what follows.
    pub(super) fn read(text: &str) -> (Self, &str) {
        let rest = text.strip_prefix('%').unwrap_or(text);
        let (padding, rest) = Padding::read(rest);
        let (modifier, rest) = match rest.strip_prefix(['E', 'O']) {
            Some(behind) => (rest.chars().next(), behind),
            None => (None, rest),
        };
        let mut characters = rest.chars();
        let directive = Self {
            padding,
            modifier,
            letter: characters.next(),
        };
        (directive, characters.as_str())
    }

    /// What stands for it; `None` where there is no such directive.
    pub(super) fn written(self, moment: Moment) -> Option<String> {
        let letter = self.letter.filter(|letter| self.takes_modifier(*letter))?;
        let parts = Parts::of(moment);
        parts
            .word(letter)
            .map(|word| self.word(letter, word))
            .or_else(|| parts.number(letter).map(|number| self.padding.number(number)))
            .or_else(|| self.composed(letter, moment))
    }

    /// Which letters glibc refuses behind `E`, and behind `O`; it passes over the modifier before the others.
    fn takes_modifier(self, letter: char) -> bool {
        match self.modifier {
            Some('E') => !"%aAbhBDdeFHIkljMmSUVgGWw".contains(letter),
            Some(_) => !"%aAcxDFXY".contains(letter),
            None => true,
        }
    }

    fn word(self, letter: char, word: &str) -> String {
        let case = match (self.padding.case, letter) {
            (_, 'P') => Case::AsItIs,
            (Case::Swapped, 'p') => Case::Lower,
            (Case::Swapped, _) => Case::Upper,
            (case, _) => case,
        };
        self.padding.text(&case.of(word))
    }

    /// What stands for several others.
    fn composed(self, letter: char, moment: Moment) -> Option<String> {
        let format = match letter {
            'c' => "%a %b %e %H:%M:%S %Y",
            'D' | 'x' => "%m/%d/%y",
            'F' => "%Y-%m-%d",
            'r' => "%I:%M:%S %p",
            'R' => "%H:%M",
            'T' | 'X' => "%H:%M:%S",
            _ => return None,
        };
        let case = match self.padding.case {
            Case::Upper => Case::Upper,
            _ => Case::AsItIs,
        };
        Some(self.padding.text(&case.of(&super::strftime(format, moment, ""))))
    }
}

/// The numbers of a moment.
struct Parts {
    date: Date,
    /// From Sunday, which is 0.
    weekday: i64,
    /// From 1.
    day_of_year: i64,
    seconds: i64,
}

/// A number, with the digits that it has at least, and what stands before it.
pub(super) type Number = (i64, usize, Pad);

impl Parts {
    fn of(moment: Moment) -> Self {
        let date = moment.date();
        let days = days_from_civil(date.year(), date.month(), date.day());
        Self {
            date,
            weekday: (days + 4).rem_euclid(7),
            day_of_year: days - days_from_civil(date.year(), 1, 1) + 1,
            seconds: moment.time().as_micros() / 1_000_000,
        }
    }

    fn word(&self, letter: char) -> Option<&'static str> {
        let weekday = || WEEKDAYS.get(usize::try_from(self.weekday).ok()?).copied();
        let month = || MONTHS.get(usize::try_from(self.date.month() - 1).ok()?).copied();
        let half = |morning, afternoon| if self.seconds < 43_200 { morning } else { afternoon };
        match letter {
            'a' => weekday()?.get(..3),
            'A' => weekday(),
            'b' | 'h' => month()?.get(..3),
            'B' => month(),
            'p' => Some(half("AM", "PM")),
            'P' => Some(half("am", "pm")),
            'n' => Some("\n"),
            't' => Some("\t"),
            '%' => Some("%"),
            _ => None,
        }
    }

    fn number(&self, letter: char) -> Option<Number> {
        let (hour, year) = (self.seconds / 3600, self.date.year());
        let hour_of_12 = (hour + 11) % 12 + 1;
        Some(match letter {
            'C' => (year / 100, 1, Pad::Zeros),
            'd' => (self.date.day(), 2, Pad::Zeros),
            'e' => (self.date.day(), 2, Pad::Spaces),
            'g' => (self.iso_week().0 % 100, 2, Pad::Zeros),
            'G' => (self.iso_week().0, 1, Pad::Zeros),
            'H' => (hour, 2, Pad::Zeros),
            'I' => (hour_of_12, 2, Pad::Zeros),
            'j' => (self.day_of_year, 3, Pad::Zeros),
            'k' => (hour, 2, Pad::Spaces),
            'l' => (hour_of_12, 2, Pad::Spaces),
            'm' => (self.date.month(), 2, Pad::Zeros),
            'M' => (self.seconds / 60 % 60, 2, Pad::Zeros),
            'S' => (self.seconds % 60, 2, Pad::Zeros),
            'u' => ((self.weekday + 6) % 7 + 1, 1, Pad::Zeros),
            'U' => ((self.day_of_year + 6 - self.weekday) / 7, 2, Pad::Zeros),
            'V' => (self.iso_week().1, 2, Pad::Zeros),
            'w' => (self.weekday, 1, Pad::Zeros),
            'W' => ((self.day_of_year + 6 - (self.weekday + 6) % 7) / 7, 2, Pad::Zeros),
            'y' => (year % 100, 2, Pad::Zeros),
            'Y' => (year, 1, Pad::Zeros),
            _ => return None,
        })
    }

    /// The year and the week of ISO 8601: the week's Thursday lies in the year.
    fn iso_week(&self) -> (i64, i64) {
        let thursday = self.day_of_year + 4 - ((self.weekday + 6) % 7 + 1);
        let year = self.date.year();
        let length = |year| 337 + days_in(year, 2);
        let (year, day) = match thursday {
            ..=0 => (year - 1, thursday + length(year - 1)),
            day if day > length(year) => (year + 1, day - length(year)),
            day => (year, day),
        };
        (year, (day - 1) / 7 + 1)
    }
}
