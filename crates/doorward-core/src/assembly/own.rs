//! Every app of a site, and what they make of its settings.

use super::elsewhere;
use crate::app::{Apps, ResolvedApps};
pub use crate::apps::own_apps;
use crate::settings::{Findings, Settings};

impl Settings {
    /// Every app of a site with these settings: those of the framework as far as [its own list](Settings::apps) does not
    /// name them, then that list.
    #[must_use]
    pub fn all_apps(&self) -> Apps {
        own_apps().before(&self.apps())
    }
}

/// What all apps of those settings make of them, and what they add.
pub(super) fn resolve(settings: &Settings, found: &mut Findings) -> ResolvedApps {
    let mut resolved = ResolvedApps::default();
    settings.all_apps().resolve(settings, &mut resolved, found);
    elsewhere::install(&mut resolved.installed);
    resolved
}
