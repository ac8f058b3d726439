//! [`CacheStatus`]: what the cache has done, for `/metrics` and whoever asks.

use std::time::Duration;

/// What the cache has done since the door opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheStatus {
    /// By kind of fact.
    pub kinds: Vec<KindStatus>,
    /// How the change feed is.
    pub feed: FeedState,
    /// How long ago the last poll of the change feed began that found everything confirmed; `None` without a live feed.
    pub confirmed_age: Option<Duration>,
    /// How often the change feed went down.
    pub flaps: u64,
    /// How many requests wait now, for the feed or for a turn to read.
    pub waiting: usize,
    /// How many look-ups were refused with 503, for too many waited.
    pub refused: usize,
    /// How much memory the facts of all kinds take, in bytes, about.
    pub bytes: u64,
    /// How much they may take.
    pub max_bytes: u64,
}

/// How the change feed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FeedState {
    /// It is not used: `cache.feed` is `off`, or `cache.max_staleness` is shorter than its pace.
    Off,
    /// It is not polled yet: nobody has asked for anything.
    Resting,
    /// It is polled, and tells of every change.
    Live,
    /// It is not installed, or it cannot be read.
    Down,
}

impl FeedState {
    /// Its name, in small letters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Resting => "resting",
            Self::Live => "live",
            Self::Down => "down",
        }
    }
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
