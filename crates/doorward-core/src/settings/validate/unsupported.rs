//! Settings whose feature does not exist yet: their defaults are fine, anything else is told.

use super::{Findings, Settings};
use crate::settings::Blacklist;

/// Those of features that are no apps yet.
pub(crate) fn check(settings: &Settings, found: &mut Findings) {
    let blacklist = settings.jwt.blacklist != Blacklist::Database;
    refuse([("jwt.blacklist", blacklist)], found);
}

/// Refuses each key that is set.
pub(crate) fn refuse<const N: usize>(set: [(&str, bool); N], found: &mut Findings) {
    for (key, is_set) in set {
        found.require(!is_set, key, || {
            "not supported yet; take it out of the settings".to_owned()
        });
    }
}
