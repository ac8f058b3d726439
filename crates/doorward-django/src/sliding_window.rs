//! Who came how often, and who may come now: [`History`] (`rest_framework.throttling.SimpleRateThrottle`).
//!
//! DRF keeps a log of the requests that passed, and lets one more pass while fewer than the rate's number lie within
//! its period; a request that is denied is not written down. [`Algorithm::Gcra`] keeps one time per rate instead of
//! one per request, and spreads the requests over the period.

mod elsewhere;
mod gcra;
mod log;

use std::time::Duration;

use crate::rate::{Rate, Rates};
use crate::timestamp::Timestamp;

pub use gcra::interval;

/// How requests are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// A log of all requests of a period, as DRF keeps it: eight bytes for each of them.
    #[default]
    SlidingWindow,
    /// The generic cell rate algorithm (ITU-T I.371, annex A): eight bytes for each rate. The whole number may come at
    /// once; after that one request per period divided by the number.
    Gcra,
}

/// Rates, and how they are counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Limit {
    /// The rates, all of which must hold.
    pub rates: Rates,
    /// How they are counted.
    pub algorithm: Algorithm,
}

/// Whether a request may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It passed, and was written down.
    Allowed(Quota),
    /// It may not pass, and was not written down.
    Denied {
        /// After how long one may pass; unknown where more have passed than the rate allows
        /// (`SimpleRateThrottle.wait`).
        wait: Option<Duration>,
        /// What denied it.
        quota: Quota,
    },
}

/// How much is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// The rate that leaves the least.
    pub rate: Rate,
    /// How many more may pass now.
    pub remaining: u32,
    /// After how long there will be more.
    pub reset: Duration,
}

/// What is known of one caller: times, the earliest first. One time takes no allocation.
///
/// A clock that jumps back neither locks anybody out for longer than a period nor opens a window: times that lie ahead
/// count as now.
///
/// ```
/// use doorward_django::sliding_window::{Algorithm, History, Limit};
/// use doorward_django::timestamp::Timestamp;
///
/// let limit = Limit { rates: "1/min".parse()?, algorithm: Algorithm::SlidingWindow };
/// let mut history = History::default();
/// assert!(history.hit(&limit, Timestamp::from_secs(0)).is_allowed());
/// assert!(!history.hit(&limit, Timestamp::from_secs(59)).is_allowed());
/// assert!(history.hit(&limit, Timestamp::from_secs(60)).is_allowed());
/// # Ok::<(), doorward_django::rate::RateError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct History(Times);

#[derive(Clone, Debug)]
enum Times {
    One(Timestamp),
    Many(Vec<Timestamp>),
}

impl History {
    /// Whether a request may pass at `now`; one that may is written down. All rates must let it pass.
    pub fn hit(&mut self, limit: &Limit, now: Timestamp) -> Verdict {
        match limit.algorithm {
            Algorithm::SlidingWindow => log::hit(&mut self.0, &limit.rates, now),
            Algorithm::Gcra => gcra::hit(&mut self.0, &limit.rates, now),
        }
    }

    /// From when on this history says the same as an empty one.
    #[must_use]
    pub fn expires(&self, limit: &Limit) -> Timestamp {
        let last = self.0.as_slice().iter().max().copied();
        let last = last.unwrap_or(Timestamp::from_micros(i64::MIN));
        match limit.algorithm {
            Algorithm::SlidingWindow => last.saturating_add(limit.rates.longest_period()),
            Algorithm::Gcra => last,
        }
    }

    /// How many bytes it holds beside its own.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        match &self.0 {
            Times::One(_) => 0,
            Times::Many(times) => times.capacity().saturating_mul(size_of::<Timestamp>()),
        }
    }
}

impl Verdict {
    /// Whether the request passed.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }

    /// How much is left.
    #[must_use]
    pub fn quota(&self) -> Quota {
        match self {
            Self::Allowed(quota) | Self::Denied { quota, .. } => *quota,
        }
    }

    /// Of two rates' verdicts the one that counts: a denial, the longer wait, the lesser rest.
    fn stricter(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Denied { wait, .. }, Self::Denied { wait: longer, .. }) if longer > wait => other,
            (Self::Allowed(_), Self::Denied { .. }) => other,
            (Self::Allowed(quota), Self::Allowed(less)) if less.remaining < quota.remaining => other,
            _ => self,
        }
    }
}

/// The strictest of the rates' verdicts; `judge` is given each rate and its place.
fn strictest(rates: &Rates, judge: impl Fn(Rate, usize) -> Verdict) -> Verdict {
    let others = rates.iter().enumerate().skip(1);
    let first = judge(rates.first(), 0);
    others.fold(first, |strictest, (place, rate)| {
        strictest.stricter(judge(rate, place))
    })
}

impl Default for Times {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Times {
    fn as_slice(&self) -> &[Timestamp] {
        match self {
            Self::One(time) => std::slice::from_ref(time),
            Self::Many(times) => times,
        }
    }

    fn as_mut_slice(&mut self) -> &mut [Timestamp] {
        match self {
            Self::One(time) => std::slice::from_mut(time),
            Self::Many(times) => times,
        }
    }

    fn push(&mut self, time: Timestamp) {
        match self {
            Self::Many(times) if times.capacity() == 0 => *self = Self::One(time),
            Self::Many(times) => push_exactly(times, time),
            Self::One(first) => *self = Self::Many(vec![*first, time]),
        }
    }
}

/// Grows short lists by one: most callers of a small rate never fill a larger one.
fn push_exactly(times: &mut Vec<Timestamp>, time: Timestamp) {
    if times.len() == times.capacity() && times.len() < 8 {
        times.reserve_exact(1);
    }
    times.push(time);
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;
    use crate::golden;

    fn limit(rates: &str, algorithm: Algorithm) -> Limit {
        Limit {
            rates: rates.parse().unwrap(),
            algorithm,
        }
    }

    fn seconds(seconds: f64) -> Timestamp {
        #[expect(clippy::cast_possible_truncation, reason = "the vectors' times are small")]
        Timestamp::from_micros((seconds * 1e6).round() as i64)
    }

    #[test]
    fn verdicts_and_waits_are_drf_s() {
        for case in golden::throttling("histories") {
            let limit = limit(case["rate"].as_str().unwrap(), Algorithm::SlidingWindow);
            let mut history = History::default();
            for hit in case["hits"].as_array().unwrap() {
                let verdict = history.hit(&limit, seconds(hit["at"].as_f64().unwrap()));
                assert_eq!(verdict.is_allowed(), hit["allowed"], "{hit} of {}", case["rate"]);
                if let Verdict::Denied { wait, .. } = verdict {
                    assert_eq!(wait.map(|wait| wait.as_secs_f64()), hit["wait"].as_f64(), "{hit}");
                }
            }
        }
    }

    #[test]
    fn more_than_the_rate_allows_has_no_wait() {
        let mut history = History::default();
        let now = Timestamp::from_secs(0);
        for _ in 0..3 {
            history.hit(&limit("3/m", Algorithm::SlidingWindow), now);
        }
        let verdict = history.hit(&limit("2/m", Algorithm::SlidingWindow), now);
        assert!(matches!(verdict, Verdict::Denied { wait: None, .. }));
    }

    #[test]
    fn of_several_rates_each_must_hold_and_the_longest_wait_is_told() {
        for algorithm in [Algorithm::SlidingWindow, Algorithm::Gcra] {
            let limit = limit("2/s,3/m", algorithm);
            let mut history = History::default();
            let start = Timestamp::from_secs(0);
            assert!(history.hit(&limit, start).is_allowed());
            assert!(history.hit(&limit, start).is_allowed());
            let Verdict::Denied {
                wait: Some(wait),
                quota,
            } = history.hit(&limit, start)
            else {
                panic!("two a second")
            };
            assert!(wait <= Duration::from_secs(1));
            assert_eq!(quota.rate.to_string(), "2/s");
            let later = Timestamp::from_secs(2);
            assert!(history.hit(&limit, later).is_allowed());
            let Verdict::Denied { wait: Some(wait), .. } = history.hit(&limit, later) else {
                panic!("three a minute")
            };
            assert!(wait > Duration::from_secs(10), "{algorithm:?} {wait:?}");
        }
    }

    #[test]
    fn what_is_left_is_told() {
        for algorithm in [Algorithm::SlidingWindow, Algorithm::Gcra] {
            let limit = limit("3/min", algorithm);
            let mut history = History::default();
            let left = [0, 0, 0].map(|_| history.hit(&limit, Timestamp::from_secs(5)).quota().remaining);
            assert_eq!(left, [2, 1, 0], "{algorithm:?}");
        }
    }

    #[test]
    fn gcra_gives_back_one_at_a_time() {
        let limit = limit("3/min", Algorithm::Gcra);
        let mut history = History::default();
        for _ in 0..3 {
            assert!(history.hit(&limit, Timestamp::from_secs(0)).is_allowed());
        }
        let Verdict::Denied { wait, .. } = history.hit(&limit, Timestamp::from_secs(1)) else {
            panic!("all three are gone")
        };
        assert_eq!(wait, Some(Duration::from_secs(19)));
        assert!(history.hit(&limit, Timestamp::from_secs(20)).is_allowed());
        assert!(!history.hit(&limit, Timestamp::from_secs(21)).is_allowed());
    }

    #[test]
    fn a_clock_that_jumps_back_locks_nobody_out_for_longer_than_a_period() {
        for algorithm in [Algorithm::SlidingWindow, Algorithm::Gcra] {
            let limit = limit("2/min", algorithm);
            let mut history = History::default();
            let (noon, eleven) = (Timestamp::from_secs(7_200), Timestamp::from_secs(3_600));
            assert!(history.hit(&limit, noon).is_allowed());
            assert!(history.hit(&limit, noon).is_allowed());
            let Verdict::Denied { wait: Some(wait), .. } = history.hit(&limit, eleven) else {
                panic!("a jump opens no window")
            };
            assert!(wait <= Duration::from_secs(60), "{algorithm:?} {wait:?}");
            assert!(history.hit(&limit, eleven.saturating_add(wait)).is_allowed());
        }
    }

    #[test]
    fn one_time_takes_no_allocation_and_the_whole_is_small() {
        let mut history = History::default();
        history.hit(&limit("5/m", Algorithm::SlidingWindow), Timestamp::from_secs(0));
        assert_eq!(history.heap_bytes(), 0);
        assert_eq!(size_of::<History>(), 24);
    }

    proptest! {
        #[test]
        fn no_period_sees_more_than_its_number(
            requests in 1_u32..6,
            steps in prop::collection::vec(0_i64..40_000_000, 1..60),
        ) {
            let limit = limit(&format!("{requests}/min"), Algorithm::SlidingWindow);
            let (mut history, mut passed, mut now) = (History::default(), VecDeque::new(), 0);
            for step in steps {
                now += step;
                passed.retain(|time| *time > now - 60_000_000);
                let allowed = history.hit(&limit, Timestamp::from_micros(now)).is_allowed();
                prop_assert_eq!(allowed, passed.len() < requests as usize);
                if allowed {
                    passed.push_back(now);
                }
            }
        }

        #[test]
        fn gcra_lets_the_number_burst_and_then_spreads(
            requests in 1_u32..50,
            times in prop::collection::vec(0_i64..600_000_000, 1..200),
        ) {
            let limit = limit(&format!("{requests}/min"), Algorithm::Gcra);
            let mut times = times;
            times.sort_unstable();
            let mut history = History::default();
            let passed: Vec<i64> = times
                .into_iter()
                .filter(|time| history.hit(&limit, Timestamp::from_micros(*time)).is_allowed())
                .collect();
            for (index, start) in passed.iter().enumerate() {
                let in_a_minute = passed[index..].iter().filter(|time| **time < start + 60_000_000).count();
                prop_assert!(in_a_minute <= 2 * requests as usize);
                let at_once = passed[index..].iter().filter(|time| *time == start).count();
                prop_assert!(at_once <= requests as usize);
            }
        }

        #[test]
        fn the_wait_is_enough(
            gcra: bool,
            rates in prop::sample::select(vec!["1/s", "3/min", "7/min", "2/s,5/min", "1000000/s"]),
            times in prop::collection::vec(any::<i64>(), 1..40),
        ) {
            let algorithm = if gcra { Algorithm::Gcra } else { Algorithm::SlidingWindow };
            let (limit, mut history) = (limit(rates, algorithm), History::default());
            for time in times {
                let now = Timestamp::from_micros(time);
                if let Verdict::Denied { wait: Some(wait), .. } = history.hit(&limit, now) {
                    prop_assert!(wait <= limit.rates.longest_period());
                    if let Some(then) = now.checked_add(wait) {
                        prop_assert!(history.clone().hit(&limit, then).is_allowed());
                    }
                }
            }
        }

        #[test]
        fn an_expired_history_is_as_good_as_none(
            gcra: bool,
            times in prop::collection::vec(0_i64..100_000_000, 1..20),
        ) {
            let algorithm = if gcra { Algorithm::Gcra } else { Algorithm::SlidingWindow };
            let (limit, mut history) = (limit("4/min", algorithm), History::default());
            for time in times {
                history.hit(&limit, Timestamp::from_micros(time));
            }
            let then = history.expires(&limit);
            let fresh = History::default().hit(&limit, then);
            prop_assert_eq!(history.hit(&limit, then).quota().remaining, fresh.quota().remaining);
        }
    }
}
