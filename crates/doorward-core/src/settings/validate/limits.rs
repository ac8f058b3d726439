//! Numbers that leave room for a request, and that the machine can count to.

use std::ops::RangeInclusive;

use super::Findings;

/// Requests, connections or logins at once: far more than a process can have.
pub(crate) const MOST: u64 = 1_000_000_000;

/// A number of the settings, what it may be, and what it counts.
pub(crate) struct Count {
    pub(crate) key: &'static str,
    pub(crate) number: u64,
    pub(crate) allowed: RangeInclusive<u64>,
    /// What would happen at zero, or what is counted.
    pub(crate) because: &'static str,
}

/// Refuses numbers that are out of range.
pub(crate) fn counts(counts: impl IntoIterator<Item = Count>, found: &mut Findings) {
    for count in counts {
        let Count {
            key,
            number,
            allowed,
            because,
        } = count;
        found.require(allowed.contains(&number), key, || {
            let (least, most) = allowed.into_inner();
            format!("{number} is out of range: {because}; allowed: {least} to {most}")
        });
    }
}
