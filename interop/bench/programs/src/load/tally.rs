//! [`Tally`]: what was answered, and how long it took.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

/// What one connection, or all of them, heard.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    statuses: BTreeMap<u16, u64>,
    /// Connections that broke.
    broken: u64,
    /// In nanoseconds.
    took: Vec<u64>,
}

/// What is told in the end.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    answers: u64,
    /// Answers a second.
    rate: f64,
    statuses: BTreeMap<u16, u64>,
    broken: u64,
    /// Microseconds within which half of them came, 99 of a hundred, 999 of a thousand, and all.
    p50: f64,
    p99: f64,
    p999: f64,
    max: f64,
}

impl Tally {
    pub(crate) fn note(&mut self, status: u16, took: Duration) {
        *self.statuses.entry(status).or_default() += 1;
        self.took.push(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
    }

    pub(crate) fn note_broken(&mut self) {
        self.broken += 1;
    }

    pub(crate) fn add(mut self, other: Self) -> Self {
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
        self.broken += other.broken;
        self.took.extend(other.took);
        self
    }

    /// Over that many seconds.
    pub(crate) fn told(mut self, seconds: f64) -> Told {
        self.took.sort_unstable();
        let answers = self.statuses.values().sum();
        Told {
            answers,
            rate: answers as f64 / seconds,
            p50: self.within(0.5),
            p99: self.within(0.99),
            p999: self.within(0.999),
            max: self.within(1.0),
            statuses: self.statuses,
            broken: self.broken,
        }
    }

    /// Microseconds within which that share of the answers came; of sorted ones.
    fn within(&self, share: f64) -> f64 {
        let last = self.took.len().saturating_sub(1);
        let rank = (share * last as f64).round() as usize;
        self.took
            .get(rank)
            .map_or(0.0, |nanoseconds| *nanoseconds as f64 / 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_those_of_all_connections() {
        let tally = |from: u64| {
            let mut tally = Tally::default();
            for microseconds in from..from + 50 {
                tally.note(200, Duration::from_micros(microseconds));
            }
            tally
        };
        let told = tally(50).add(tally(0)).told(2.0);
        assert_eq!((told.answers, told.rate), (100, 50.0));
        assert_eq!((told.p50, told.p99, told.max), (50.0, 98.0, 99.0));
    }
}
