//! [`CacheStatus`]: what the cache has done, for `/metrics` and whoever asks.

use std::time::Duration;

/// What the cache has done since the door opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheStatus {
    /// By kind of fact.
    pub kinds: Vec<KindStatus>,
    /// How long ago the last poll of the change feed began that found everything confirmed; `None` without a live feed.
    pub confirmed_age: Option<Duration>,
    /// How often the change feed went down.
    pub flaps: u64,
    /// How many requests wait now, for the feed or for a turn to read.
    pub waiting: usize,
    /// How many look-ups were refused with 503, for too many waited.
    pub refused: usize,
}

/// What was done with facts of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KindStatus {
    /// What they are called: `token`, `session`, `person`, `permissions`, `groups`, `not_blacklisted`.
    pub kind: &'static str,
    /// How many are kept.
    pub entries: usize,
    /// How often one was good.
    pub hits: u64,
    /// How often one was read.
    pub misses: u64,
    /// How often one was found and kept.
    pub fills: u64,
}
