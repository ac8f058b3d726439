//! [`Counter`]: failed logins of one kind, those that are being checked, and the lock that comes of them.

mod before;

use std::collections::BTreeMap;
use std::time::Duration;

use doorward_django::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

pub use before::CountedBefore;

/// Numbers and times that a [`Counter`] goes by, from `[lockout]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many failures lock.
    pub failures: u32,
    /// How many failures lock an address.
    pub address_failures: u32,
    /// How long a failure counts.
    pub window: Duration,
    /// How long the first lock lasts.
    pub cool_off: Duration,
    /// How long the longest lock lasts, and is remembered.
    pub cool_off_max: Duration,
    /// How long an origin is known after a success.
    pub known_for: Duration,
    /// What a success does to the failures before it.
    pub on_success: OnSuccess,
}

/// What a login that succeeds does to the failures before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnSuccess {
    /// They are forgotten.
    Reset,
    /// They count on.
    Keep,
}

/// Whether one more password may be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    Free,
    /// All that may be checked are being checked: one of them may succeed.
    Full,
    Locked(Timestamp),
}

/// What is kept of one counter. Times are those of day, in microseconds, for several nodes share them.
///
/// Its promise: failures that count and checks that are under way are never more than the limit together, and a lock
/// comes of failures alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// When passwords were wrong.
    failures: Vec<i64>,
    /// Checks that are under way, and when each is given up.
    pending: BTreeMap<String, i64>,
    /// When the last lock began and ends; it is remembered for a while after its end.
    lock: Option<(i64, i64)>,
    /// How many locks followed each other.
    locks: u32,
    /// Until when the origin is known to the account; only a known network's counter has it.
    known_until: Option<i64>,
    /// When the account's origins were forgotten; only the counter of that name has it.
    forgotten_at: Option<i64>,
}

impl Counter {
    /// How long a check may be under way; past that, whoever reserved it has crashed.
    pub const LEASE: Duration = Duration::from_secs(90);

    /// As a store keeps it: JSON.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("a counter is numbers and texts")
    }

    /// What [`to_text`](Self::to_text) gave; `None` for anything else.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// How many failures count.
    #[must_use]
    pub fn failures(&self) -> u32 {
        u32::try_from(self.failures.len()).unwrap_or(u32::MAX)
    }

    /// Until when it is locked, at `now`.
    #[must_use]
    pub fn locked_until(&self, now: Timestamp) -> Option<Timestamp> {
        let (_, until) = self.lock?;
        (until > now.as_micros()).then_some(Timestamp::from_micros(until))
    }

    /// When the last lock ends, or ended.
    #[must_use]
    pub fn lock_ends_at(&self) -> Option<Timestamp> {
        self.lock.map(|(_, until)| Timestamp::from_micros(until))
    }

    /// Whether it holds failures or a lock, over or not.
    #[must_use]
    pub fn holds_something(&self) -> bool {
        !self.failures.is_empty() || self.lock.is_some()
    }

    /// When nothing is left of it that matters; `None` where that is so now.
    #[must_use]
    pub fn expires_at(&self, limits: &Limits) -> Option<Timestamp> {
        let failures = self.failures.iter().map(|at| later(*at, limits.window));
        let lock = self.lock.map(|(_, until)| later(until, limits.cool_off_max));
        let ends = failures
            .chain(lock)
            .chain(self.known_until)
            .chain(self.forgotten_at.map(|at| later(at, limits.known_for)))
            .chain(self.pending.values().copied());
        ends.max().map(Timestamp::from_micros)
    }

    /// Forgets failures and lock, not that an origin is known, nor what is under way.
    pub fn reset(&mut self) {
        self.failures.clear();
        self.lock = None;
        self.locks = 0;
    }

    /// The same at `now`: what is over is gone, and what seems to lie in the future, because a clock was set back, is
    /// of now. So no jump makes anything last longer than it would have lasted.
    pub(crate) fn tidy(&mut self, limits: &Limits, now: Timestamp) {
        let at = now.as_micros();
        self.failures
            .retain(|failure| later(*failure, limits.window) > at);
        self.failures
            .iter_mut()
            .for_each(|failure| *failure = (*failure).min(at));
        let lease = later(at, Self::LEASE);
        self.pending.retain(|_, until| *until > at);
        self.pending
            .values_mut()
            .for_each(|until| *until = (*until).min(lease));
        self.lock = self.lock.map(|(began, until)| match began > at {
            true => (at, at.saturating_add(until.saturating_sub(began))),
            false => (began, until),
        });
        self.lock = self
            .lock
            .filter(|(_, until)| later(*until, limits.cool_off_max) > at);
        self.locks = self.lock.map_or(0, |_| self.locks);
        let known = later(at, limits.known_for);
        self.known_until = self
            .known_until
            .map(|until| until.min(known))
            .filter(|until| *until > at);
        self.forgotten_at = self
            .forgotten_at
            .map(|forgotten| forgotten.min(at))
            .filter(|forgotten| later(*forgotten, limits.known_for) > at);
    }

    /// Since when the network is known.
    pub(super) fn known_since(&self, limits: &Limits) -> Option<Timestamp> {
        let until = Timestamp::from_micros(self.known_until?);
        Some(until.saturating_sub(limits.known_for))
    }

    /// When the account's origins were forgotten, if any may still remember itself.
    pub(super) fn forgotten_at(&self) -> Option<Timestamp> {
        self.forgotten_at.map(Timestamp::from_micros)
    }

    pub(super) fn forget_origins(&mut self, now: Timestamp) {
        self.forgotten_at = Some(now.as_micros());
    }

    /// Whether one more may be checked, at most `limit` failing.
    pub(super) fn room(&self, limit: u32, limits: &Limits, now: Timestamp) -> Room {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        if let Some(until) = self.locked_until(now) {
            return Room::Locked(until);
        }
        // There may be more failures than a limit that was lowered since; they count until the window has passed.
        let surplus = self.failures.len().checked_sub(limit);
        if let Some(oldest) = surplus.and_then(|surplus| self.failures.get(surplus)) {
            return Room::Locked(Timestamp::from_micros(later(*oldest, limits.window)));
        }
        match self.failures.len() + self.pending.len() < limit {
            true => Room::Free,
            false => Room::Full,
        }
    }

    pub(super) fn reserve(&mut self, id: &str, now: Timestamp) {
        self.pending
            .insert(id.to_owned(), later(now.as_micros(), Self::LEASE));
    }

    /// Gives a reservation back; tells whether there was one.
    pub(super) fn release(&mut self, id: &str) -> bool {
        self.pending.remove(id).is_some()
    }

    pub(super) fn known(&mut self, limits: &Limits, now: Timestamp) {
        self.known_until = Some(later(now.as_micros(), limits.known_for));
    }

    /// One more failure; until when it is locked, if that was one too many.
    pub(super) fn fail(&mut self, limit: u32, limits: &Limits, now: Timestamp) -> Option<Timestamp> {
        self.failures.push(now.as_micros());
        if self.failures() < limit {
            return None;
        }
        let length = limits.cool_off.saturating_mul(1 << self.locks.min(31));
        let until = later(now.as_micros(), length.min(limits.cool_off_max));
        self.lock = Some((now.as_micros(), until));
        self.locks = self.locks.saturating_add(1);
        self.failures.clear();
        Some(Timestamp::from_micros(until))
    }

    /// Forgets failures, and the locks that are over.
    pub(super) fn succeed(&mut self, now: Timestamp) {
        self.failures.clear();
        if self.locked_until(now).is_none() {
            self.lock = None;
            self.locks = 0;
        }
    }

    /// Forgets what another counter held: the same failures, and the lock that came of them if it is over.
    pub(super) fn forget_those_of(&mut self, other: &Self, now: Timestamp) {
        let mut gone = other.failures.clone();
        self.failures
            .retain(|at| match gone.iter().position(|other| other == at) {
                Some(place) => {
                    gone.swap_remove(place);
                    false
                }
                None => true,
            });
        if self.lock == other.lock && self.locked_until(now).is_none() {
            self.lock = None;
            self.locks = 0;
        }
    }
}

fn later(micros: i64, by: Duration) -> i64 {
    Timestamp::from_micros(micros).saturating_add(by).as_micros()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMITS: Limits = Limits {
        failures: 3,
        address_failures: 3,
        window: Duration::from_secs(900),
        cool_off: Duration::from_secs(60),
        cool_off_max: Duration::from_secs(200),
        known_for: Duration::from_secs(1_000),
        on_success: OnSuccess::Reset,
    };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_secs(1_000_000 + seconds)
    }

    fn fail(counter: &mut Counter, seconds: i64) -> Option<Timestamp> {
        counter.tidy(&LIMITS, at(seconds));
        assert_eq!(counter.room(3, &LIMITS, at(seconds)), Room::Free, "{seconds}");
        counter.fail(3, &LIMITS, at(seconds))
    }

    #[test]
    fn each_lock_in_a_row_lasts_twice_as_long() {
        let mut counter = Counter::default();
        let mut now = 0;
        for length in [60, 120, 200, 200] {
            assert_eq!([fail(&mut counter, now), fail(&mut counter, now)], [None, None]);
            assert_eq!(fail(&mut counter, now), Some(at(now + length)));
            assert_eq!(
                counter.room(3, &LIMITS, at(now + length - 1)),
                Room::Locked(at(now + length))
            );
            now += length;
        }
        now += 200;
        counter.tidy(&LIMITS, at(now));
        assert_eq!(counter, Counter::default(), "it is remembered for cool_off_max");
    }

    #[test]
    fn old_failures_do_not_count() {
        let mut counter = Counter::default();
        for seconds in [0, 400, 900, 1_300] {
            assert_eq!(fail(&mut counter, seconds), None, "{seconds}");
        }
        assert!(fail(&mut counter, 1_300).is_some());
    }

    #[test]
    fn a_lowered_limit_waits_for_the_window() {
        let mut counter = Counter::default();
        let wide = Limits {
            failures: 5,
            ..LIMITS
        };
        for seconds in 0..4 {
            assert_eq!(counter.fail(5, &wide, at(seconds)), None);
        }
        assert_eq!(counter.room(3, &LIMITS, at(4)), Room::Locked(at(901)));
        counter.tidy(&LIMITS, at(901));
        assert_eq!(counter.room(3, &LIMITS, at(901)), Room::Free);
    }

    #[test]
    fn what_is_no_counter_is_told() {
        for text in ["", "[]", "{\"failures\": 1}", "{"] {
            assert_eq!(Counter::from_text(text), None, "{text}");
        }
    }

    proptest! {
        /// Whatever happens in whatever order, and wherever the clock jumps: the limit holds, a lock ends in time, and
        /// the text reads back.
        #[test]
        fn the_limit_holds(steps in prop::collection::vec((0..5_u8, -2_000..2_000_i64), 0..60)) {
            let mut counter = Counter::default();
            let mut now = 0;
            for (number, (step, jump)) in steps.into_iter().enumerate() {
                counter.tidy(&LIMITS, at(now));
                let first = counter.pending.keys().next().cloned().unwrap_or_default();
                match (step, counter.room(3, &LIMITS, at(now))) {
                    (0, _) => now += jump,
                    (1 | 2, Room::Free) => counter.reserve(&number.to_string(), at(now)),
                    (3, _) if counter.release(&first) => drop(counter.fail(3, &LIMITS, at(now))),
                    (4, _) if counter.release(&first) => counter.succeed(at(now)),
                    _ => {}
                }
                prop_assert!(counter.failures.len() + counter.pending.len() <= 3);
                counter.tidy(&LIMITS, at(now));
                if let Some(until) = counter.locked_until(at(now)) {
                    prop_assert!(until <= at(now + 200));
                }
                let text = counter.to_text();
                prop_assert_eq!(Counter::from_text(&text), Some(counter.clone()));
            }
        }
    }
}
