//! `[security]`, and what stands beside it without a section: hosts, redirects, headers.

mod gate;
mod headers;

use std::sync::Arc;

use crate::app::{App, Check, Installed, Rule, Site};
pub(super) use crate::security::Security;
use crate::settings::validate::periods::{Least, lives};
use crate::settings::{Findings, Period, SecuritySettings, SettingsErrors};

impl App for Security {
    type Settings = SecuritySettings;
    type State = Self;

    fn checks() -> Vec<Check> {
        vec![Rule::check(&headers::CHECKS), Rule::check(&gate::CHECKS)]
    }

    fn resolve(settings: SecuritySettings, site: &Site<'_>) -> Result<Self, SettingsErrors> {
        Findings::of(|found| {
            let hsts = Period::from_secs(settings.hsts_seconds);
            lives([("security.hsts_seconds", hsts, Least::Zero)], found);
            Self::resolve(site.settings(), found)
        })
    }

    fn install(state: &Arc<Self>, to: &mut Installed) {
        to.keep(state);
    }
}
