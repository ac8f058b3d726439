//! `[cache]`: a feature that does not exist yet.

use crate::app::{App, Site};
use crate::settings::validate::periods::{Least, waits};
use crate::settings::validate::unsupported;
use crate::settings::{CacheSettings, Findings, SettingsErrors};

/// What is remembered of users. Without it everything is fresh: any `max_staleness` is kept.
pub(crate) struct Cache;

impl App for Cache {
    type Settings = CacheSettings;
    type State = ();

    fn resolve(settings: CacheSettings, _: &Site<'_>) -> Result<(), SettingsErrors> {
        let usual = CacheSettings::default();
        let set = [
            ("cache.max_age", settings.max_age != usual.max_age),
            ("cache.feed", settings.feed != usual.feed),
            ("cache.capacity", settings.capacity != usual.capacity),
        ];
        Findings::of(|found| {
            let periods = [
                ("cache.max_staleness", settings.max_staleness, Least::Zero),
                ("cache.max_age", settings.max_age, Least::Zero),
            ];
            waits(periods, found);
            unsupported::refuse(set, found);
            Some(())
        })
    }
}
