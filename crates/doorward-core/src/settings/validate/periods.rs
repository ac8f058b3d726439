//! Durations, and seconds that stand as a number: long enough to mean something, and short enough that a date comes out
//! at their end. Dates end with the year 9999, as Python's do.

use super::Findings;
use crate::settings::Period;

const DAY_S: u64 = 86_400;

/// What ends at a date: a thousand years, whatever the date is now.
const LONGEST_LIFE: Period = Period::from_secs(365_000 * DAY_S);

/// What somebody waits for.
const LONGEST_WAIT: Period = Period::from_secs(365 * DAY_S);

/// The shortest that is possible, and what a shorter one would do.
#[derive(Clone, Copy, Debug)]
pub enum Least {
    /// `0s`, as "never" or "at once".
    Zero,
    /// A millisecond; what a shorter one would do.
    Millisecond(&'static str),
    /// A second, for claims of tokens and ages of cookies are told in whole ones; what a shorter one would do.
    Second(&'static str),
}

/// A key, how long it is, and the shortest that is possible.
pub type Entry = (&'static str, Period, Least);

/// Refuses what ends at a date and is too short or too long.
pub fn lives(lives: impl IntoIterator<Item = Entry>, found: &mut Findings) {
    for (key, period, least) in lives {
        within(period, LONGEST_LIFE, least, key, found);
    }
}

/// Refuses what somebody waits for and is too short or too long.
pub fn waits(waits: impl IntoIterator<Item = Entry>, found: &mut Findings) {
    for (key, period, least) in waits {
        within(period, LONGEST_WAIT, least, key, found);
    }
}

impl Findings {
    /// Refuses a period that ends at a date unless it lasts from a second to a thousand years; `effect` is what a shorter one
    /// would do: "would end every token at once".
    pub fn require_life(&mut self, key: &str, period: Period, effect: &'static str) {
        within(period, LONGEST_LIFE, Least::Second(effect), key, self);
    }
}

/// The shortest age of a cookie.
pub const END_COOKIES: Least = Least::Second("would end every cookie at once");
/// The shortest life of a token.
pub const END_TOKENS: Least = Least::Second("would end every token at once");
/// The shortest life of a link.
pub const END_LINKS: Least = Least::Second("would end every link at once");

fn within(period: Period, longest: Period, least: Least, key: &str, found: &mut Findings) {
    let (shortest, effect) = match least {
        Least::Zero => (Period::from_secs(0), ""),
        Least::Millisecond(effect) => (Period::from_millis(1), effect),
        Least::Second(effect) => (Period::from_secs(1), effect),
    };
    found.require(period >= shortest, key, || {
        format!("{period} {effect}; the shortest is {shortest}")
    });
    found.require(period <= longest, key, || {
        let seconds = longest.duration().as_secs();
        format!("{period} is too long; the longest is {longest}, which is {seconds} seconds")
    });
}
