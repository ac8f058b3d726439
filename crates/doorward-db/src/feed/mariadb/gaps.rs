//! [`Gaps`]: numbers that were given and are not seen yet.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use tokio::time::Instant;

/// More ranges than so many are not remembered: those that lie nearest to each other become one. What was seen between them is
/// told once more then, and nothing is forgotten.
const MOST: usize = 256;
/// A number under which nothing stands for so long is never written: no trigger relies on a number for which it needed longer than
/// [`SLOWEST`](super::triggers::SLOWEST). Machines differ in how long a second is.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(60);

/// Ranges of numbers, by the first of each.
#[derive(Clone, Debug, Default)]
pub(super) struct Gaps(BTreeMap<i64, Gap>);

#[derive(Clone, Copy, Debug)]
struct Gap {
    last: i64,
    /// When all of them had been given; when something stood there, where that was later.
    since: Instant,
}

impl Gaps {
    /// All numbers up to `high`, of which nothing is known.
    pub(super) fn up_to(high: i64, now: Instant) -> Self {
        let mut gaps = Self::default();
        gaps.put(1, high, now);
        gaps
    }

    /// Goes on from `high` over the numbers that were seen, which come in order; answers the highest of them.
    pub(super) fn pass(&mut self, mut high: i64, seen: impl Iterator<Item = i64>, now: Instant) -> i64 {
        for number in seen {
            self.put(high.saturating_add(1), number.saturating_sub(1), now);
            high = number;
        }
        self.keep_few();
        high
    }

    /// What is missing.
    pub(super) fn ranges(&self) -> Vec<RangeInclusive<i64>> {
        self.0.iter().map(|(first, gap)| *first..=gap.last).collect()
    }

    /// What was missing for so long that it has to be looked at.
    pub(super) fn overdue(&self, now: Instant) -> Vec<RangeInclusive<i64>> {
        let overdue = self.0.iter().filter(|(_, gap)| gap.is_overdue(now));
        overdue.map(|(first, gap)| *first..=gap.last).collect()
    }

    /// These were seen after all.
    pub(super) fn remove(&mut self, numbers: &[i64]) {
        for number in numbers {
            let Some((&first, &gap)) = self.0.range(..=number).next_back() else {
                continue;
            };
            if gap.last >= *number {
                self.0.remove(&first);
                self.put(first, number.saturating_sub(1), gap.since);
                self.put(number.saturating_add(1), gap.last, gap.since);
            }
        }
        self.keep_few();
    }

    /// In these ranges something stands at these numbers alone, which come in order, whether it was committed or not.
    pub(super) fn settle(&mut self, ranges: &[RangeInclusive<i64>], standing: &[i64], now: Instant) {
        for range in ranges {
            self.0.remove(range.start());
        }
        for number in standing {
            match self.0.range_mut(..=number).next_back() {
                Some((_, gap)) if gap.last.saturating_add(1) == *number && gap.since == now => {
                    gap.last = *number;
                }
                _ => self.put(*number, *number, now),
            }
        }
        self.keep_few();
    }

    /// These are looked at again when they are overdue again.
    pub(super) fn keep(&mut self, ranges: &[RangeInclusive<i64>], now: Instant) {
        for range in ranges {
            self.put(*range.start(), *range.end(), now);
        }
    }

    fn put(&mut self, first: i64, last: i64, since: Instant) {
        if first <= last {
            self.0.insert(first, Gap { last, since });
        }
    }

    fn keep_few(&mut self) {
        let too_many = self.0.len().saturating_sub(MOST);
        if too_many == 0 {
            return;
        }
        let pairs = self.0.iter().zip(self.0.iter().skip(1));
        let distance = |((_, one), (next, _)): ((_, &Gap), (&i64, _))| (next.saturating_sub(one.last), *next);
        let mut nearest: Vec<(i64, i64)> = pairs.map(distance).collect();
        nearest.sort_unstable();
        for (_, next) in nearest.into_iter().take(too_many) {
            self.join_to_the_one_before(next);
        }
    }

    fn join_to_the_one_before(&mut self, first: i64) {
        let Some(gap) = self.0.remove(&first) else {
            return;
        };
        if let Some((_, before)) = self.0.range_mut(..first).next_back() {
            before.last = gap.last;
            before.since = before.since.max(gap.since);
        }
    }
}

impl Gap {
    fn is_overdue(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.since) >= GIVEN_UP_AFTER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_remembered_until_it_is_seen() {
        let now = Instant::now();
        let mut gaps = Gaps::up_to(0, now);
        assert!(gaps.ranges().is_empty());
        assert_eq!(gaps.pass(5, [6, 10, 12].into_iter(), now), 12);
        assert_eq!(gaps.ranges(), [7..=9, 11..=11]);
        gaps.remove(&[8, 11, 4, 99]);
        assert_eq!(gaps.ranges(), [7..=7, 9..=9]);
    }

    #[test]
    fn what_nobody_wrote_for_a_minute_is_given_up_and_what_stands_is_not() {
        let began = Instant::now();
        let mut gaps = Gaps::up_to(100, began);
        assert!(gaps.overdue(began + GIVEN_UP_AFTER / 2).is_empty());
        let later = began + GIVEN_UP_AFTER;
        gaps.pass(100, [103].into_iter(), later);
        let overdue = gaps.overdue(later);
        assert_eq!(overdue, [1..=100]);
        gaps.settle(&overdue, &[7, 8, 9, 50], later);
        assert_eq!(gaps.ranges(), [7..=9, 50..=50, 101..=102]);
        assert!(
            gaps.overdue(later + GIVEN_UP_AFTER / 2).is_empty(),
            "looked at just now"
        );
        let gone = later + GIVEN_UP_AFTER;
        assert_eq!(gaps.overdue(gone).len(), 3);
        gaps.keep(&[7..=9], gone);
        gaps.settle(&gaps.overdue(gone), &[101], gone);
        assert_eq!(gaps.ranges(), [7..=9, 101..=101]);
    }

    #[test]
    fn many_ranges_become_fewer_and_none_is_forgotten() {
        let now = Instant::now();
        let mut gaps = Gaps::default();
        let missing = |number: &i64| number % 3 == 0;
        gaps.pass(0, (1..3_000).filter(|number| !missing(number)), now);
        let ranges = gaps.ranges();
        assert_eq!(ranges.len(), MOST);
        for number in (1..2_999).filter(missing) {
            assert!(ranges.iter().any(|range| range.contains(&number)), "{number}");
        }
    }
}
