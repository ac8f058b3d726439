//! Verdicts on histories that are kept elsewhere: a store that decides by itself tells what it found, and the verdict is
//! made here, as for a [`History`](super::History).

use std::time::Duration;

use super::{Verdict, gcra, log, strictest};
use crate::rate::Rates;

impl Verdict {
    /// The verdict by [`Algorithm::SlidingWindow`](super::Algorithm::SlidingWindow): `found` tells, for the place of a
    /// rate, how many requests passed within its period and how long ago the oldest of them did.
    ///
    /// It is [`Verdict::Allowed`] exactly where each number is below its rate's.
    #[must_use]
    pub fn of_log(rates: &Rates, found: impl Fn(usize) -> (u32, Duration)) -> Self {
        strictest(rates, |rate, place| {
            let (count, age) = found(place);
            log::verdict(rate, count, age)
        })
    }

    /// The verdict by [`Algorithm::Gcra`](super::Algorithm::Gcra): `used` tells, for the place of a rate, how far its
    /// theoretical arrival time lies ahead.
    ///
    /// It is [`Verdict::Allowed`] exactly where each is at most the number of its rate less one, times its
    /// [`interval`](super::interval).
    #[must_use]
    pub fn of_gcra(rates: &Rates, used: impl Fn(usize) -> Duration) -> Self {
        strictest(rates, |rate, place| gcra::verdict(rate, used(place)))
    }
}
