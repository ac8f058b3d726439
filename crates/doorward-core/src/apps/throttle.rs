//! `[throttle]`: how often, and who is counted.

use std::sync::Arc;

use crate::app::{App, Check, Given, Installed, Rule, Site};
use crate::settings::validate::limits::{Count, counts};
use crate::settings::{Findings, Settings, SettingsErrors, ThrottleName, ThrottleSettings};
pub(super) use crate::throttling::ThrottleRules;
use crate::throttling::{
    AnonRateThrottle, MemoryThrottleHistory, ScopedRateThrottle, SiteUserRates, ThrottleHistory,
    UserRateThrottle,
};

const CHECKS: [Rule; 1] = [Rule {
    id: "doorward.W003",
    fails: is_unthrottled,
    message: "routes that say nothing are not throttled, or not for everyone",
    hint: "set `rest.throttle = [\"anon\", \"user\"]` and both in `[throttle.rates]`",
}];

impl App for ThrottleRules {
    type Settings = ThrottleSettings;
    type State = Self;

    fn checks() -> Vec<Check> {
        vec![Rule::check(&CHECKS)]
    }

    fn resolve(settings: ThrottleSettings, _: &Site<'_>) -> Result<Self, SettingsErrors> {
        Findings::of(|found| {
            counts(proxies(&settings), found);
            Self::resolve(&settings, found)
        })
    }

    fn install(state: &Arc<Self>, to: &mut Installed) {
        to.keep(state);
        let rules = Arc::clone(state);
        to.open(move |given| Ok(Some(history(given, &rules))));
        to.throttle("anon", AnonRateThrottle::default());
        to.throttle("user", UserRateThrottle::default());
        to.throttle("scoped", ScopedRateThrottle);
    }
}

/// What several processes share, where the door is given that; and whom the door is given for rates of users.
fn history(given: &Given<'_>, rules: &ThrottleRules) -> Arc<dyn ThrottleHistory> {
    if let Some(rates) = given.get::<SiteUserRates>() {
        rules.ask_for_user_rates(rates.clone());
    }
    let shared = given.get::<Arc<dyn ThrottleHistory>>().cloned();
    shared.unwrap_or_else(|| Arc::new(MemoryThrottleHistory::default()))
}

fn proxies(settings: &ThrottleSettings) -> Option<Count> {
    settings.num_proxies.map(|proxies| Count {
        key: "throttle.num_proxies",
        number: proxies.into(),
        allowed: 0..=1_000,
        because: "no request passes so many proxies",
    })
}

/// `user` counts anonymous callers too, by their address.
fn is_unthrottled(settings: &Settings) -> bool {
    let counts = settings.rest.throttle.contains(&ThrottleName::User);
    let rate = settings.throttle.rates.get("user");
    !counts || rate.is_none_or(|rate| rate == "none")
}
