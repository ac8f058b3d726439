//! [`Gaps`]: numbers that were given and not seen yet.

use std::collections::BTreeMap;

/// More than so many are not remembered.
const MOST: usize = 256;
/// A number that nobody held so many times in a row belongs to a transaction that was rolled back. It is looked at once a second.
const GIVEN_UP_AFTER: u32 = 60;

/// Numbers between those that were seen, and how often nobody was found to hold them.
#[derive(Clone, Debug, Default)]
pub(super) struct Gaps(BTreeMap<i64, u32>);

/// There are too many to be remembered.
#[derive(Debug)]
pub(super) struct TooMany;

impl Gaps {
    /// Those among `seen`, which come in order, after `high`.
    pub(super) fn add(&mut self, mut high: i64, seen: impl Iterator<Item = i64>) -> Result<i64, TooMany> {
        for number in seen {
            let missing = usize::try_from(number.saturating_sub(high) - 1).unwrap_or_default();
            if self.0.len().saturating_add(missing) > MOST {
                return Err(TooMany);
            }
            self.0.extend((high + 1..number).map(|gap| (gap, 0)));
            high = number;
        }
        Ok(high)
    }

    /// The numbers.
    pub(super) fn numbers(&self) -> Vec<i64> {
        self.0.keys().copied().collect()
    }

    /// One that was seen after all.
    pub(super) fn remove(&mut self, number: i64) {
        self.0.remove(&number);
    }

    /// Somebody holds it.
    pub(super) fn held(&mut self, number: i64) {
        self.0.entry(number).and_modify(|times| *times = 0);
    }

    /// Nobody holds it, and it is not there.
    pub(super) fn absent(&mut self, number: i64) {
        if let Some(times) = self.0.get_mut(&number) {
            *times += 1;
            if *times >= GIVEN_UP_AFTER {
                self.0.remove(&number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_remembered_until_it_comes_or_is_given_up() {
        let mut gaps = Gaps::default();
        let high = gaps.add(5, [6, 9, 10].into_iter()).expect("few");
        assert_eq!((high, gaps.numbers()), (10, vec![7, 8]));
        gaps.remove(7);
        for _ in 1..GIVEN_UP_AFTER {
            gaps.absent(8);
        }
        gaps.held(8);
        assert_eq!(gaps.numbers(), [8]);
        for _ in 0..GIVEN_UP_AFTER {
            gaps.absent(8);
        }
        assert!(gaps.numbers().is_empty());
    }

    #[test]
    fn too_many_are_told() {
        gaps_of(MOST as i64 + 1).expect_err("too many");
        gaps_of(MOST as i64).expect("as many as can be");
    }

    fn gaps_of(number: i64) -> Result<i64, TooMany> {
        Gaps::default().add(0, [number + 1].into_iter())
    }
}
