//! Settings whose feature does not exist yet: their defaults are fine, anything else is told.

use super::{Findings, Settings};
use crate::settings::{Blacklist, CacheSettings, UserSettings};

pub(crate) fn check(settings: &Settings, found: &mut Findings) {
    refuse(
        [
            ("jwt.blacklist", settings.jwt.blacklist != Blacklist::Database),
            ("database.time_zone", settings.database.time_zone != "UTC"),
        ],
        found,
    );
    user(&settings.user, found);
    cache(&settings.cache, found);
}

fn refuse<const N: usize>(set: [(&str, bool); N], found: &mut Findings) {
    for (key, is_set) in set {
        found.require(!is_set, key, || {
            "not supported yet; take it out of the settings".to_owned()
        });
    }
}

fn user(user: &UserSettings, found: &mut Findings) {
    let usual = UserSettings::default();
    let set = [
        ("user.table", user.table != usual.table),
        ("user.id", user.id != usual.id),
        ("user.username_field", user.username_field != usual.username_field),
    ];
    refuse(set, found);
}

/// Without a cache everything is fresh: any `max_staleness` is kept.
fn cache(cache: &CacheSettings, found: &mut Findings) {
    let usual = CacheSettings::default();
    let set = [
        ("cache.max_age", cache.max_age != usual.max_age),
        ("cache.feed", cache.feed != usual.feed),
        ("cache.capacity", cache.capacity != usual.capacity),
    ];
    refuse(set, found);
}
