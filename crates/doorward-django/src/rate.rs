//! How often something may happen: [`Rate`] and [`Rates`] (`rest_framework.throttling.SimpleRateThrottle.parse_rate`).

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// The longest period of a rate: a leap year.
const LONGEST_SECONDS: u64 = 366 * 86_400;
/// The greatest number of requests of a rate.
const MOST_REQUESTS: u32 = 1_000_000;

/// So many requests in a period, such as `5/min`. Never none, never in no time.
///
/// As in DRF the first letter of the period decides: `s`, `m`, `h`, `d`. A number before it multiplies it: `5/15min`.
///
/// ```
/// use std::time::Duration;
/// use doorward_django::rate::Rate;
///
/// let rate: Rate = "5/15min".parse()?;
/// assert_eq!((rate.requests(), rate.period()), (5, Duration::from_secs(900)));
/// # Ok::<(), doorward_django::rate::RateError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate {
    requests: u32,
    seconds: u32,
}

impl Rate {
    /// The number of requests, at least 1.
    #[must_use]
    pub const fn requests(self) -> u32 {
        self.requests
    }

    /// The period, at least one second, whole seconds.
    #[must_use]
    pub const fn period(self) -> Duration {
        Duration::from_secs(self.seconds as u64)
    }

    /// One of so many equal shares, rounded down, but at least one request.
    #[must_use]
    pub fn share(self, shares: NonZeroU32) -> Self {
        let requests = (self.requests / shares).max(1);
        Self { requests, ..self }
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let (requests, period) = text.split_once('/').ok_or(RateError::Shape)?;
        Ok(Self {
            requests: parse_requests(requests.trim())?,
            seconds: parse_period(period.trim())?,
        })
    }
}

/// A whole number as Python's `int` reads it, in ASCII: `1_000` and `+5` are numbers.
fn parse_requests(text: &str) -> Result<u32, RateError> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let is_number = digits.split('_').all(is_digits);
    if !is_number {
        return Err(RateError::Requests);
    }
    match digits.replace('_', "").parse() {
        Ok(0) => Err(RateError::Nothing),
        Ok(requests) if requests <= MOST_REQUESTS => Ok(requests),
        _ => Err(RateError::TooMany),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn parse_period(text: &str) -> Result<u32, RateError> {
    let word = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let count = match text.strip_suffix(word) {
        None | Some("") => 1,
        Some(digits) => digits.parse().map_err(|_| RateError::TooLong)?,
    };
    let seconds = unit(word.trim_start())?.checked_mul(count);
    let seconds = seconds.filter(|seconds| *seconds <= LONGEST_SECONDS);
    match u32::try_from(seconds.ok_or(RateError::TooLong)?) {
        Ok(0) => Err(RateError::Nothing),
        Ok(seconds) => Ok(seconds),
        Err(_) => Err(RateError::TooLong),
    }
}

/// A unit's seconds, by its first letter.
fn unit(word: &str) -> Result<u64, RateError> {
    if !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Err(RateError::Period);
    }
    match word.bytes().next() {
        Some(b's') => Ok(1),
        Some(b'm') => Ok(60),
        Some(b'h') => Ok(3_600),
        Some(b'd') => Ok(86_400),
        _ => Err(RateError::Period),
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(86_400, "d"), (3_600, "h"), (60, "m")];
        let unit = units
            .into_iter()
            .find(|(size, _)| self.seconds.is_multiple_of(*size));
        let (size, name) = unit.unwrap_or((1, "s"));
        match self.seconds / size {
            1 => write!(f, "{}/{name}", self.requests),
            count => write!(f, "{}/{count}{name}", self.requests),
        }
    }
}

/// One or more rates that hold at the same time, such as `10/s,1000/d`; cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rates {
    first: Rate,
    others: Arc<[Rate]>,
}

impl Rates {
    /// The first rate.
    #[must_use]
    pub fn first(&self) -> Rate {
        self.first
    }

    /// The rates, at least one, as they were written.
    pub fn iter(&self) -> impl Iterator<Item = Rate> + '_ {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }

    /// The longest period of them: what happened before it plays no part.
    #[must_use]
    pub fn longest_period(&self) -> Duration {
        self.iter().map(Rate::period).max().unwrap_or_default()
    }

    /// One of so many equal shares of each rate: see [`Rate::share`].
    #[must_use]
    pub fn share(&self, shares: NonZeroU32) -> Self {
        Self {
            first: self.first.share(shares),
            others: self.others.iter().map(|rate| rate.share(shares)).collect(),
        }
    }
}

impl From<Rate> for Rates {
    fn from(rate: Rate) -> Self {
        Self {
            first: rate,
            others: Arc::new([]),
        }
    }
}

impl FromStr for Rates {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let mut rates = text.split(',').map(|rate| rate.trim().parse());
        Ok(Self {
            first: rates.next().ok_or(RateError::Shape)??,
            others: rates.collect::<Result<_, _>>()?,
        })
    }
}

impl fmt::Display for Rates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().enumerate().try_for_each(|(index, rate)| {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{rate}")
        })
    }
}

/// A text is no possible rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RateError {
    /// It has no slash.
    #[error("a rate is a number and a period, such as `5/min`, `5/15min` or `10/s,1000/d`")]
    Shape,
    /// What stands before the slash is no whole number.
    #[error("what stands before the slash must be a whole number, such as 5 in `5/min`")]
    Requests,
    /// It would never let anybody in, or ends in no time.
    #[error("a rate of nothing would refuse everybody for ever; the least is 1, in at least `1s`")]
    Nothing,
    /// More requests than can be counted one by one.
    #[error("at most 1000000 requests are counted; a rate with a shorter period says the same")]
    TooMany,
    /// The period does not begin with `s`, `m`, `h` or `d`.
    #[error(
        "the period must be one of `s`, `m`, `h`, `d` (`second`, `minute`, `hour`, `day`), or several: `15min`"
    )]
    Period,
    /// The period is longer than a year.
    #[error("the period must not be longer than a year")]
    TooLong,
}

#[cfg(test)]
mod tests {
    use crate::json::Value;
    use proptest::prelude::*;

    use super::*;
    use crate::golden;

    fn read(text: &str) -> Result<(u32, u64), RateError> {
        text.parse()
            .map(|rate: Rate| (rate.requests(), rate.period().as_secs()))
    }

    #[test]
    fn rates_are_drf_s() {
        for case in golden::throttling("rates") {
            let text = case["text"].as_str().unwrap();
            let theirs = case["requests"].as_i64().zip(case["seconds"].as_u64());
            let wanted =
                theirs.and_then(|(requests, seconds)| Some((u32::try_from(requests).ok()?, seconds)));
            // What can never be kept is refused, though DRF takes it.
            let wanted = wanted.filter(|(requests, _)| (1..=MOST_REQUESTS).contains(requests));
            let is_wanted_difference = case["difference"] == Value::Bool(true);
            if !is_wanted_difference {
                assert_eq!(read(text).ok(), wanted, "{text:?}");
            }
        }
    }

    #[test]
    fn periods_may_be_multiplied() {
        assert_eq!(read("5/15min"), Ok((5, 900)));
        assert_eq!(read("1/30s"), Ok((1, 30)));
        assert_eq!(read("100 / 2 days"), Ok((100, 172_800)));
    }

    #[test]
    fn lists_hold_together() {
        let rates: Rates = "10/s, 1000/d".parse().unwrap();
        assert_eq!(rates.to_string(), "10/s,1000/d");
        assert_eq!(rates.longest_period(), Duration::from_secs(86_400));
        assert_eq!("10/s,".parse::<Rates>(), Err(RateError::Shape));
        assert_eq!("10/s,0/d".parse::<Rates>(), Err(RateError::Nothing));
    }

    #[test]
    fn shares_are_rounded_down_and_never_nothing() {
        let rates: Rates = "10/s,1000/d,2/m".parse().unwrap();
        let three = NonZeroU32::new(3).unwrap();
        assert_eq!(rates.share(three).to_string(), "3/s,333/d,1/m");
        assert_eq!(rates.share(NonZeroU32::MIN), rates);
    }

    #[test]
    fn impossible_rates_say_why() {
        let cases = [
            ("0/s", RateError::Nothing),
            ("5/0m", RateError::Nothing),
            ("-1/m", RateError::Requests),
            ("1e9/s", RateError::Requests),
            ("1000001/s", RateError::TooMany),
            ("99999999999999999999/s", RateError::TooMany),
            ("5", RateError::Shape),
            ("", RateError::Shape),
            ("5/x", RateError::Period),
            ("5/", RateError::Period),
            ("5/fortnight", RateError::Period),
            ("5/s/m", RateError::Period),
            ("5/15", RateError::Period),
            ("5/Min", RateError::Period),
            ("5/367d", RateError::TooLong),
            ("5/99999999999999999999d", RateError::TooLong),
        ];
        for (text, error) in cases {
            assert_eq!(read(text), Err(error), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(text in ".*") {
            let _ = text.parse::<Rates>();
        }

        #[test]
        fn what_is_shown_is_read(requests in 1_u32..=MOST_REQUESTS, seconds in 1_u32..=31_622_400) {
            let rate = Rate { requests, seconds };
            prop_assert_eq!(rate.to_string().parse(), Ok(rate));
        }
    }
}
