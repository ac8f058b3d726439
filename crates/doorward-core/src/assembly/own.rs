//! [`own_apps`]: the apps that come with every door.

use super::names;
use crate::app::{Apps, ResolvedApps};
use crate::apps::cache::Cache;
use crate::apps::database::SiteDatabase;
use crate::apps::redis::Redis;
use crate::apps::rest::Rest;
use crate::apps::server::Server;
use crate::apps::user::Users;
use crate::cors::Cors;
use crate::csrf::CsrfRules;
use crate::endpoints;
use crate::security::Security;
use crate::settings::{Findings, Settings};
use crate::throttling::ThrottleRules;

/// The apps that come with every door, in their order; those of a site stand after them.
#[must_use]
pub fn own_apps() -> Apps {
    Apps::new()
        .app::<Server>()
        .app::<SiteDatabase>()
        .app::<Redis>()
        .app::<Users>()
        .app::<CsrfRules>()
        .app::<Cors>()
        .app::<ThrottleRules>()
        .app::<Security>()
        .app::<Cache>()
        .app::<Rest>()
}

impl Settings {
    /// Every app of a site with these settings: those that come with every door, then [its own](Settings::apps).
    #[must_use]
    pub fn all_apps(&self) -> Apps {
        own_apps().and(&self.apps())
    }
}

/// What all apps of those settings make of them, and what they add.
pub(super) fn resolve(settings: &Settings, found: &mut Findings) -> ResolvedApps {
    let mut resolved = ResolvedApps::default();
    names::install(&mut resolved.installed);
    endpoints::all()
        .into_iter()
        .for_each(|endpoint| resolved.installed.endpoint(endpoint));
    own_apps()
        .and(&settings.apps())
        .resolve(settings, &mut resolved, found);
    resolved
}
