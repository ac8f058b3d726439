//! `[cache]`: what is remembered, judged. The cache itself is [`crate::cache`].

use std::ops::RangeInclusive;

use crate::app::{App, Site};
use crate::settings::validate::periods::{Least, waits};
use crate::settings::{CacheSettings, Findings, SettingsErrors};

/// The most facts that make sense.
const MOST: u64 = 100_000_000;
/// How much memory makes sense: a mebibyte at least, a tebibyte at most.
const MEMORY: RangeInclusive<u64> = (1 << 20)..=(1 << 40);

/// What is remembered of users.
pub(crate) struct Cache;

impl App for Cache {
    type Settings = CacheSettings;
    type State = ();

    fn resolve(settings: CacheSettings, _: &Site<'_>) -> Result<(), SettingsErrors> {
        Findings::of(|found| {
            let shortest = Least::Millisecond("would remember nothing; `cache.enabled = false` says so");
            let periods = [
                ("cache.max_staleness", settings.max_staleness, Least::Zero),
                ("cache.max_age", settings.max_age, shortest),
            ];
            waits(periods, found);
            found.require((1..=MOST).contains(&settings.capacity), "cache.capacity", || {
                let capacity = settings.capacity;
                format!("{capacity} is no number of facts from 1 to {MOST}; `cache.enabled = false` remembers nothing")
            });
            found.require(MEMORY.contains(&settings.max_memory), "cache.max_memory", || {
                let (given, least, most) = (settings.max_memory, MEMORY.start(), MEMORY.end());
                format!("{given} is no number of bytes from {least} to {most}; `cache.enabled = false` remembers nothing")
            });
            Some(())
        })
    }
}
