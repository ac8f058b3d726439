//! [`Door::check_deployment`]: what a site lacks on the internet, its apps included.

use std::cmp::Reverse;

use super::{CheckMessage, gate, security};
use crate::app::Check;
use crate::door::Door;
use crate::router::RouteInfo;
use crate::settings::Settings;

impl Door {
    /// As [`deploy`](super::deploy), for the apps of this door and what they installed.
    #[must_use]
    pub fn check_deployment(&self, settings: &Settings, routes: &[RouteInfo]) -> Vec<CheckMessage> {
        let mut found = of_no_app(settings, routes);
        found.extend(self.check_apps_for_deployment(settings, routes));
        sorted(found)
    }
}

/// What those settings and routes lack, as the checks of the apps of such a site say that need no rules.
pub(super) fn check(settings: &Settings, routes: &[RouteInfo]) -> Vec<CheckMessage> {
    let mut found = of_no_app(settings, routes);
    let apps = settings.all_apps();
    let checks = apps.checks().filter(Check::is_to_deploy);
    found.extend(checks.flat_map(|check| check.run(settings, routes)));
    sorted(found)
}

fn of_no_app(settings: &Settings, routes: &[RouteInfo]) -> Vec<CheckMessage> {
    let mut found = security::check(settings);
    found.extend(gate::check(routes));
    found
}

/// The heaviest first; then Django's, ours, and those of apps, each family by its numbers.
fn sorted(mut found: Vec<CheckMessage>) -> Vec<CheckMessage> {
    found.sort_by_key(|message| (Reverse(message.level), family(message), message.id));
    found
}

fn family(message: &CheckMessage) -> usize {
    let first = ["security.", "doorward."];
    let family = first.iter().position(|family| message.id.starts_with(family));
    family.unwrap_or(first.len())
}
