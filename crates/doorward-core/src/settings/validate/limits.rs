//! Numbers that leave room for a request, and that the machine can count to.

use std::ops::RangeInclusive;

use super::Findings;

/// Requests, connections or logins at once: far more than a process can have.
pub const MOST: u64 = 1_000_000_000;

/// A number of the settings, what it may be, and what it counts.
#[derive(Clone, Debug)]
pub struct Count {
    /// The key of the settings.
    pub key: &'static str,
    /// What it says.
    pub number: u64,
    /// What it may say.
    pub allowed: RangeInclusive<u64>,
    /// What would happen at zero, or what is counted.
    pub because: &'static str,
}

/// Refuses numbers that are out of range.
pub fn counts(counts: impl IntoIterator<Item = Count>, found: &mut Findings) {
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
