//! `silenced_checks`: whether there are such checks, ours or those of apps.

use crate::app::Check;
use crate::settings::tree::unknown_name;
use crate::settings::{CheckId, Findings, Settings, SettingsError};

/// Tells of ids that no check has.
pub(super) fn check(settings: &Settings, of_apps: &[Check], found: &mut Findings) {
    let of_apps = of_apps.iter().flat_map(Check::known_ids).copied();
    let others = of_apps.filter(|id| !CheckId::OWN.contains(id));
    let known: Vec<_> = CheckId::OWN.iter().copied().chain(others).collect();
    for (item, id) in settings.silenced_checks.iter().enumerate() {
        if !known.contains(&id.as_str()) {
            let problem = unknown_name(id.as_str(), &known);
            found.add(SettingsError::new("silenced_checks", problem).of_item(item));
        }
    }
}
