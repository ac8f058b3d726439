//! `[cache]`: what is remembered, judged. The cache itself is [`crate::cache`].

use crate::app::{App, Site};
use crate::settings::validate::periods::{Least, waits};
use crate::settings::{CacheSettings, Findings, SettingsErrors};

/// The most that may be remembered of each kind.
const MOST: usize = 100_000_000;

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
                format!("{capacity} is no number of entries from 1 to {MOST}; `cache.enabled = false` remembers nothing")
            });
            Some(())
        })
    }
}
