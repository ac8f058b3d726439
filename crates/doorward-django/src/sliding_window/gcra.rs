//! The generic cell rate algorithm as virtual scheduling (ITU-T I.371, annex A): one theoretical arrival time per rate.

use std::time::Duration;

use super::{Quota, Times, Verdict, strictest};
use crate::rate::{Rate, Rates};
use crate::timestamp::Timestamp;

pub(super) fn hit(times: &mut Times, rates: &Rates, now: Timestamp) -> Verdict {
    times.fill_up(rates.iter().count(), now);
    let arrival = |place| times.as_slice().get(place).copied().unwrap_or(now);
    let verdict = strictest(rates, |rate, place| Cell::new(rate, arrival(place), now).judge());
    for (rate, arrival) in rates.iter().zip(times.as_mut_slice()) {
        let cell = Cell::new(rate, *arrival, now);
        let taken = if verdict.is_allowed() {
            cell.interval
        } else {
            Duration::ZERO
        };
        *arrival = now.saturating_add(cell.used + taken);
    }
    verdict
}

/// One rate's verdict where so much of its burst is used up.
pub(super) fn verdict(rate: Rate, used: Duration) -> Verdict {
    let interval = interval(rate);
    Cell { rate, interval, used }.judge()
}

impl Times {
    fn fill_up(&mut self, count: usize, now: Timestamp) {
        while self.as_slice().len() < count {
            self.push(now);
        }
    }
}

/// A rate at a time: how much of its burst is used up.
struct Cell {
    rate: Rate,
    interval: Duration,
    /// How far the arrival time lies ahead, a whole burst at most: further ahead, the clock has jumped back.
    used: Duration,
}

impl Cell {
    fn new(rate: Rate, arrival: Timestamp, now: Timestamp) -> Self {
        let interval = interval(rate);
        let used = arrival.since(now).min(interval * rate.requests());
        Self { rate, interval, used }
    }

    fn judge(&self) -> Verdict {
        let tolerance = self.interval * (self.rate.requests() - 1);
        let quota = |remaining, reset| Quota {
            rate: self.rate,
            remaining,
            reset,
        };
        match self.used.checked_sub(tolerance) {
            Some(wait) if !wait.is_zero() => Verdict::Denied {
                wait: Some(wait),
                quota: quota(0, wait),
            },
            _ => {
                let left = tolerance.saturating_sub(self.used).as_micros() / self.interval.as_micros();
                Verdict::Allowed(quota(u32::try_from(left).unwrap_or(u32::MAX), self.interval))
            }
        }
    }
}

/// The time that one request takes up, in microseconds, rounded up; at least one, for no rate counts more requests
/// than its period has microseconds.
#[must_use]
pub fn interval(rate: Rate) -> Duration {
    let micros = rate.period().as_micros().div_ceil(u128::from(rate.requests()));
    Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX).max(1))
}
