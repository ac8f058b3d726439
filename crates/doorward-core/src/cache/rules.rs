//! [`CacheRules`]: `[cache]`, as the cache reads it.

use std::time::Duration;

use crate::settings::{CacheSettings, FeedUse};

/// How fresh an answer must be, and how much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CacheRules {
    /// How old what a request is judged by may be.
    pub(crate) max_staleness: Duration,
    /// How long anything is kept, whatever the change feed says.
    pub(crate) max_age: Duration,
    /// How many bytes are kept.
    pub(crate) room: u64,
    /// How many facts are kept.
    pub(crate) capacity: u64,
    /// Whether the change feed is used.
    pub(crate) feed: FeedUse,
}

/// How often the feed is polled at most. Who wants to know more exactly reads instead.
pub(crate) const POLL_PACE: Duration = Duration::from_millis(50);

impl CacheRules {
    /// The rules; `None` where nothing is to be kept.
    pub(crate) fn of(settings: &CacheSettings) -> Option<Self> {
        settings.enabled.then(|| Self {
            max_staleness: settings.max_staleness.duration(),
            max_age: settings.max_age.duration(),
            // A fourth of it is for JSON web tokens that were verified.
            room: settings.max_memory / 4 * 3,
            capacity: settings.capacity,
            feed: match settings.max_staleness.duration() < POLL_PACE {
                true => FeedUse::Off,
                false => settings.feed,
            },
        })
    }
}
