//! Settings whose feature does not exist yet: their defaults are fine, anything else is told.

use super::{Checked, Settings, SettingsError};
use crate::settings::{Blacklist, CacheSettings, UserSettings};

pub(super) fn check(settings: &Settings) -> Checked {
    refuse([("jwt.blacklist", settings.jwt.blacklist != Blacklist::Database)])?;
    user(&settings.user)?;
    cache(&settings.cache)
}

fn refuse<const N: usize>(set: [(&str, bool); N]) -> Checked {
    match set.into_iter().find(|(_, set)| *set) {
        None => Ok(()),
        Some((key, _)) => {
            let problem = "not supported yet; take it out of the settings";
            Err(SettingsError::new(key, problem))
        }
    }
}

fn user(user: &UserSettings) -> Checked {
    let usual = UserSettings::default();
    refuse([
        ("user.table", user.table != usual.table),
        ("user.id", user.id != usual.id),
        ("user.username_field", user.username_field != usual.username_field),
    ])
}

/// Without a cache everything is fresh: any `max_staleness` is kept.
fn cache(cache: &CacheSettings) -> Checked {
    let usual = CacheSettings::default();
    refuse([
        ("cache.max_age", cache.max_age != usual.max_age),
        ("cache.feed", cache.feed != usual.feed),
        ("cache.capacity", cache.capacity != usual.capacity),
    ])
}
