//! What another program counted before: failures of one counter, taken over.

use std::cmp::Reverse;
use std::iter::repeat_n;

use doorward_django::timestamp::Timestamp;

use super::{Counter, Limits, later};

/// Failures that another program counted as one: how many they are, and when the last of them was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedBefore {
    /// The moment of the last one.
    pub at: Timestamp,
    /// How many.
    pub failures: u32,
}

impl Counter {
    /// What those failures come to at `now`, where `limit` of them lock, by the rule of django-axes: all count for a
    /// cool-off after the last of them, and the lock holds for as long as enough of them count.
    #[must_use]
    pub fn of_before(mut all: Vec<CountedBefore>, limit: u32, limits: &Limits, now: Timestamp) -> Self {
        all.retain(|one| one.at.saturating_add(limits.cool_off) > now);
        all.sort_by_key(|one| Reverse(one.at));
        let mut counter = Self::default();
        for one in all {
            let at = one.at.min(now).as_micros();
            if one.failures >= limit.saturating_sub(counter.failures()) {
                counter.failures.clear();
                counter.lock = Some((at, later(at, limits.cool_off)));
                counter.locks = 1;
                return counter;
            }
            let count = usize::try_from(one.failures).unwrap_or(usize::MAX);
            counter.failures.extend(repeat_n(at, count));
        }
        counter.failures.sort_unstable();
        counter.tidy(limits, now);
        counter
    }

    /// Holds from now on what another one holds, too. The same twice is the same as once.
    pub fn take_in(&mut self, other: &Self) {
        let mut missing = other.failures.clone();
        for own in &self.failures {
            if let Some(place) = missing.iter().position(|at| at == own) {
                missing.swap_remove(place);
            }
        }
        self.failures.extend(missing);
        self.failures.sort_unstable();
        if other.lock_ends_at() > self.lock_ends_at() {
            self.lock = other.lock;
        }
        self.locks = self.locks.max(other.locks);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::OnSuccess;
    use super::*;

    const LIMITS: Limits = Limits {
        failures: 3,
        address_failures: 3,
        window: Duration::from_secs(600),
        cool_off: Duration::from_secs(600),
        cool_off_max: Duration::from_secs(600),
        known_for: Duration::from_secs(1_000),
        on_success: OnSuccess::Keep,
    };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_secs(1_000_000 + seconds)
    }

    fn counter(all: &[(i64, u32)], now: i64) -> Counter {
        let all = all.iter().map(|(seconds, failures)| CountedBefore {
            at: at(*seconds),
            failures: *failures,
        });
        Counter::of_before(all.collect(), 3, &LIMITS, at(now))
    }

    #[test]
    fn a_lock_holds_until_too_few_of_them_count() {
        // Three count until the row of the second 100 is too old.
        let locked = counter(&[(0, 5), (100, 2), (300, 1)], 400);
        assert_eq!(locked.locked_until(at(400)), Some(at(700)));
        assert_eq!(locked.failures(), 0);
        let alone = counter(&[(100, 9)], 400);
        assert_eq!(alone.locked_until(at(400)), Some(at(700)));
    }

    #[test]
    fn fewer_count_on() {
        let counter = counter(&[(100, 1), (300, 1)], 400);
        assert_eq!((counter.failures(), counter.locked_until(at(400))), (2, None));
    }

    #[test]
    fn what_is_older_than_a_cool_off_is_nothing() {
        assert_eq!(counter(&[(0, 9)], 600), Counter::default());
        assert!(counter(&[(0, 9)], 599).locked_until(at(599)).is_some());
    }

    #[test]
    fn a_number_past_every_limit_is_one_lock() {
        let counter = counter(&[(0, u32::MAX), (1, u32::MAX)], 2);
        assert_eq!(counter.locked_until(at(2)), Some(at(601)));
    }

    #[test]
    fn the_same_twice_is_the_same_as_once() {
        for brought in [counter(&[(100, 2)], 400), counter(&[(100, 3)], 400)] {
            let mut own = counter(&[(200, 1)], 400);
            own.take_in(&brought);
            let once = own.clone();
            own.take_in(&brought);
            assert_eq!(own, once);
            assert_eq!(own.failures(), 1 + brought.failures());
            assert_eq!(own.locked_until(at(400)), brought.locked_until(at(400)));
        }
    }

    #[test]
    fn the_longer_lock_stays() {
        let (mut long, short) = (counter(&[(300, 3)], 400), counter(&[(100, 3)], 400));
        long.take_in(&short);
        assert_eq!(long.locked_until(at(400)), Some(at(900)));
    }
}
