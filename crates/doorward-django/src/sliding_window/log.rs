//! DRF's log of requests (`SimpleRateThrottle.allow_request`, `SimpleRateThrottle.wait`).

use std::cmp::Ordering;
use std::time::Duration;

use super::{Quota, Times, Verdict, strictest};
use crate::rate::{Rate, Rates};
use crate::timestamp::Timestamp;

pub(super) fn hit(times: &mut Times, rates: &Rates, now: Timestamp) -> Verdict {
    times.pull_back(now);
    let verdict = strictest(rates, |rate, _| judge(times.as_slice(), rate, now));
    if verdict.is_allowed() {
        times.forget(now.saturating_sub(rates.longest_period()));
        times.push(now);
    }
    verdict
}

/// One rate's verdict on the requests of its period.
fn judge(times: &[Timestamp], rate: Rate, now: Timestamp) -> Verdict {
    let over = times.partition_point(|time| *time <= now.saturating_sub(rate.period()));
    let inside = times.get(over..).unwrap_or_default();
    let age = inside
        .first()
        .map_or_else(Default::default, |oldest| now.since(*oldest));
    verdict(rate, u32::try_from(inside.len()).unwrap_or(u32::MAX), age)
}

/// One rate's verdict where `count` requests passed within its period, the oldest of them `age` ago.
pub(super) fn verdict(rate: Rate, count: u32, age: Duration) -> Verdict {
    let reset = rate.period().saturating_sub(age);
    let quota = Quota {
        rate,
        remaining: rate.requests().saturating_sub(count).saturating_sub(1),
        reset,
    };
    match count.cmp(&rate.requests()) {
        Ordering::Less => Verdict::Allowed(quota),
        Ordering::Equal => Verdict::Denied {
            wait: Some(reset),
            quota,
        },
        Ordering::Greater => Verdict::Denied { wait: None, quota },
    }
}

impl Times {
    /// Times that lie ahead of `now` become `now`: the clock has jumped back.
    fn pull_back(&mut self, now: Timestamp) {
        let times = self.as_mut_slice();
        let ahead = times.partition_point(|time| *time <= now);
        times.iter_mut().skip(ahead).for_each(|time| *time = now);
    }

    /// Drops the times up to `end`, once they are half of all, so that a long log is not moved at each hit.
    fn forget(&mut self, end: Timestamp) {
        let over = self.as_slice().partition_point(|time| *time <= end);
        match self {
            Self::One(_) if over == 1 => *self = Self::default(),
            Self::Many(times) if over > 0 && (over * 2 >= times.len() || times.len() == times.capacity()) => {
                times.drain(..over);
            }
            _ => {}
        }
    }
}
