//! `[csrf]`: whether forms come from this site's own pages.

use std::sync::Arc;

use crate::app::{App, Check, Installed, Rule, Site};
pub(super) use crate::csrf::CsrfRules;
use crate::settings::validate::cookie::Cookie;
use crate::settings::validate::periods::{END_COOKIES, lives};
use crate::settings::{CsrfSettings, Findings, SettingsErrors};

const CHECKS: [Rule; 1] = [Rule {
    id: "security.W016",
    fails: |s| !s.csrf.cookie_secure,
    message: "`csrf.cookie_secure` is off: the CSRF cookie goes over plain HTTP too",
    hint: "turn it on",
}];

impl App for CsrfRules {
    type Settings = CsrfSettings;
    type State = Self;

    fn checks() -> Vec<Check> {
        vec![Rule::check(&CHECKS)]
    }

    fn resolve(settings: CsrfSettings, _: &Site<'_>) -> Result<Self, SettingsErrors> {
        Findings::of(|found| {
            lives([("csrf.cookie_age", settings.cookie_age, END_COOKIES)], found);
            cookie(&settings).check(found);
            Self::resolve(&settings, found)
        })
    }

    fn install(state: &Arc<Self>, to: &mut Installed) {
        to.keep(state);
    }
}

fn cookie(settings: &CsrfSettings) -> Cookie<'_> {
    Cookie {
        keys: "csrf.cookie_",
        name_key: "name",
        path_key: "path",
        name: &settings.cookie_name,
        secure: settings.cookie_secure,
        samesite: settings.cookie_samesite,
        domain: settings.cookie_domain.as_deref(),
        path: &settings.cookie_path,
    }
}
