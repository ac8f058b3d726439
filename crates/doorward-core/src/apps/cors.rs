//! `[cors]`: which sites' scripts may read answers.

use std::sync::Arc;

use crate::app::{App, Check, Installed, Rule, Site};
pub(super) use crate::cors::Cors;
use crate::settings::validate::periods::{Least, lives};
use crate::settings::{CorsSettings, Findings, Period, SettingsErrors};

const CHECKS: [Rule; 1] = [Rule {
    id: "doorward.W002",
    fails: |s| s.cors.allow_all_origins,
    message: "`cors.allow_all_origins` is on: every site's scripts may call",
    hint: "name the sites in `cors.allowed_origins`",
}];

impl App for Cors {
    type Settings = CorsSettings;
    type State = Self;

    fn checks() -> Vec<Check> {
        vec![Rule::check(&CHECKS)]
    }

    fn resolve(settings: CorsSettings, _: &Site<'_>) -> Result<Self, SettingsErrors> {
        Findings::of(|found| {
            let max_age = Period::from_secs(settings.preflight_max_age);
            lives([("cors.preflight_max_age", max_age, Least::Zero)], found);
            Self::resolve(&settings, found)
        })
    }

    fn install(state: &Arc<Self>, to: &mut Installed) {
        to.keep(state);
    }
}
