//! Settings whose feature does not exist yet: their defaults are fine, anything else is told.

use super::Findings;

/// Refuses each key that is set.
pub fn refuse<const N: usize>(set: [(&str, bool); N], found: &mut Findings) {
    for (key, is_set) in set {
        found.require(!is_set, key, || {
            "not supported yet; take it out of the settings".to_owned()
        });
    }
}
