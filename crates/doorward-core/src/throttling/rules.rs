//! What the settings say of throttles, resolved.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};

use doorward_django::client_ident::{ClientIdent, Proxies, client_ident};
use doorward_django::rate::Rates;
use doorward_django::sliding_window::{Algorithm, Limit};

use super::own_rates::{OwnLimit, Plans, SiteUserRates, UserRate};
use super::{ClientRateThrottle, Throttle, headers};
use crate::context::Context;
use crate::door::Door;
use crate::settings::{Findings, SettingsError, ThrottleSettings};
use crate::user::User;

/// The rates of what comes with the door, where the settings name none. Generous by address: many people may stand
/// behind one.
const DEFAULT_RATES: [(&str, &str); 2] = [("password_reset", "60/h"), ("password_reset_email", "5/h")];

/// What a rate says that limits nobody, as `None` does in DRF.
const NO_RATE: &str = "none";

/// The scopes that the settings or we name; `None` for one without a limit.
type Scopes = BTreeMap<String, Option<Arc<Scope>>>;

/// Rates by scope, and who is counted.
#[derive(Debug)]
pub(crate) struct ThrottleRules {
    scopes: Scopes,
    proxies: Proxies,
    ipv6_prefix: u8,
    early: Vec<Arc<dyn Throttle>>,
    pub(super) headers: Headers,
    making: ScopeRules,
    plans: Plans,
    user_rates: OnceLock<SiteUserRates>,
}

/// How a rate becomes a limit.
#[derive(Debug)]
pub(super) struct ScopeRules {
    algorithm: Algorithm,
    strict: Vec<String>,
    nodes: NonZeroU32,
}

/// Whether answers tell what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Headers {
    Told,
    Untold,
}

/// A scope and its limit.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(super) name: String,
    pub(super) limit: Limit,
    /// What this node may allow by itself where it cannot ask the others.
    pub(super) share: Limit,
    /// The scope's part of `RateLimit-Policy`.
    pub(super) policy: String,
}

impl Door {
    /// Rates by scope, and who is counted.
    pub(crate) fn throttle_rules(&self) -> &ThrottleRules {
        self.required_slot()
    }
}

impl ThrottleRules {
    /// The rules of the settings; each thing that is wrong with them is told by itself.
    pub(crate) fn resolve(settings: &ThrottleSettings, found: &mut Findings) -> Option<Self> {
        let making = ScopeRules {
            algorithm: settings.algorithm.algorithm(),
            strict: settings.strict.clone(),
            nodes: found.note(nodes(settings)).unwrap_or(NonZeroU32::MIN),
        };
        for (name, rates) in &settings.rates {
            found.note(making.of_settings(name, rates));
        }
        let plans = Plans::resolve(settings, &making, found);
        let proxies = found.note(proxies(settings));
        let ipv6_prefix = found.note(ipv6_prefix(settings));
        let scopes = scopes(settings, &making).ok()?;
        found.note(strict(settings, &scopes));
        Some(Self {
            early: found.note(early(settings, &scopes))?,
            scopes,
            proxies: proxies?,
            ipv6_prefix: ipv6_prefix?,
            headers: match settings.headers {
                true => Headers::Told,
                false => Headers::Untold,
            },
            making,
            plans: plans?,
            user_rates: OnceLock::new(),
        })
    }

    /// Has single callers asked for in that hook; the first one stays.
    pub(crate) fn ask_for_user_rates(&self, rates: SiteUserRates) {
        let _ = self.user_rates.set(rates);
    }

    /// Whether any caller may have a rate of its own.
    pub(super) fn has_own_rates(&self) -> bool {
        !self.plans.is_empty() || self.user_rates.get().is_some()
    }

    /// The limit that is a caller's own in that scope; `None` for the one of the scope.
    pub(super) async fn own_limit(
        &self,
        cx: &Context<'_>,
        user: &User,
        scope: &str,
    ) -> crate::Result<Option<OwnLimit>> {
        let asked = match self.user_rates.get() {
            Some(SiteUserRates(rates)) => rates.rate_for(cx, user, scope).await?,
            None => None,
        };
        match asked {
            Some(UserRate::Unlimited) => Ok(Some(None)),
            Some(UserRate::Limited(rates)) => Ok(Some(Some(Arc::new(self.making.scope(scope, rates))))),
            None => self.plans.limit_for(cx, user, scope).await,
        }
    }

    /// The limit of a scope; `anon`, `user` and those whose rate is `none` have none.
    pub(super) fn scope(&self, name: &str) -> Result<Option<&Arc<Scope>>, ImproperlyConfigured> {
        match self.scopes.get(name) {
            Some(scope) => Ok(scope.as_ref()),
            None if name == "anon" || name == "user" => Ok(None),
            None => Err(ImproperlyConfigured::no_rate(name)),
        }
    }

    /// What every guarded route asks before any credential is looked at.
    pub(crate) fn early(&self) -> &[Arc<dyn Throttle>] {
        &self.early
    }

    /// Whom an address is counted for.
    pub(crate) fn client(&self, address: IpAddr) -> ClientIdent {
        ClientIdent::new(address, self.ipv6_prefix)
    }

    /// The address that is counted, before its network is looked at.
    pub(super) fn address<'h, I>(&self, peer: IpAddr, forwarded: I) -> IpAddr
    where
        I: IntoIterator<Item = &'h [u8]>,
        I::IntoIter: DoubleEndedIterator,
    {
        client_ident(peer, forwarded, &self.proxies)
    }
}

impl ScopeRules {
    /// The limit of those rates, as `[throttle.rates]` writes them.
    fn of_settings(&self, name: &str, rates: &str) -> Result<OwnLimit, SettingsError> {
        self.parse(name, rates)
            .map_err(|problem| SettingsError::new(format!("throttle.rates.{name}"), problem))
    }

    /// The limit of rates in words; `None` for `none`.
    pub(super) fn parse(&self, name: &str, rates: &str) -> Result<OwnLimit, String> {
        if rates == NO_RATE {
            return Ok(None);
        }
        match rates.parse() {
            Ok(rates) => Ok(Some(Arc::new(self.scope(name, rates)))),
            Err(error) => Err(format!("`{}`: {error}", rates.escape_debug())),
        }
    }

    fn scope(&self, name: &str, rates: Rates) -> Scope {
        let algorithm = self.algorithm;
        let is_strict = self.strict.iter().any(|strict| strict == name);
        let share = match is_strict {
            true => rates.share(self.nodes),
            false => rates.clone(),
        };
        Scope {
            name: name.to_owned(),
            policy: headers::policy(name, &rates),
            limit: Limit { rates, algorithm },
            share: Limit {
                rates: share,
                algorithm,
            },
        }
    }
}

fn scopes(settings: &ThrottleSettings, making: &ScopeRules) -> Result<Scopes, SettingsError> {
    nodes(settings)?;
    let usual = DEFAULT_RATES.iter().copied();
    let named = settings
        .rates
        .iter()
        .map(|(scope, rates)| (scope.as_str(), rates.as_str()));
    let rates: BTreeMap<&str, &str> = usual.chain(named).collect();
    let scopes = rates.into_iter();
    scopes
        .map(|(name, rates)| Ok((name.to_owned(), making.of_settings(name, rates)?)))
        .collect()
}

fn nodes(settings: &ThrottleSettings) -> Result<NonZeroU32, SettingsError> {
    NonZeroU32::new(settings.nodes).ok_or_else(|| {
        let problem = "0 nodes would count nothing; it is 1 for a site of one process";
        SettingsError::new("throttle.nodes", problem)
    })
}

/// Whether the strict scopes have rates: `login` is the default and need not.
fn strict(settings: &ThrottleSettings, scopes: &Scopes) -> Result<(), SettingsError> {
    let known = |name: &&String| name.as_str() == "login" || scopes.contains_key(name.as_str());
    match settings.strict.iter().find(|name| !known(name)) {
        None => Ok(()),
        Some(name) => {
            let name = name.escape_debug();
            let problem = format!("`{name}` has no rate; set one in `[throttle.rates]`");
            Err(SettingsError::new("throttle.strict", problem))
        }
    }
}

fn early(settings: &ThrottleSettings, scopes: &Scopes) -> Result<Vec<Arc<dyn Throttle>>, SettingsError> {
    let throttle = |name: &String| match scopes.contains_key(name) {
        true => Ok(Arc::new(ClientRateThrottle::scope(name.clone())) as Arc<dyn Throttle>),
        false => {
            let name = name.escape_debug();
            let problem = format!("`{name}` has no rate; set one in `[throttle.rates]`");
            Err(SettingsError::new("throttle.before_authentication", problem))
        }
    };
    settings.before_authentication.iter().map(throttle).collect()
}

fn proxies(settings: &ThrottleSettings) -> Result<Proxies, SettingsError> {
    let networks = &settings.trusted_proxies;
    match settings.num_proxies {
        Some(_) if !networks.is_empty() => {
            let problem =
                "set either the number of proxies or their networks (throttle.trusted_proxies), not both";
            Err(SettingsError::new("throttle.num_proxies", problem))
        }
        Some(count) => Ok(Proxies::Count(count)),
        None if networks.is_empty() => Ok(Proxies::None),
        None => networks
            .iter()
            .map(|text| {
                text.parse().map_err(|error| {
                    let text = text.escape_debug();
                    SettingsError::new("throttle.trusted_proxies", format!("`{text}`: {error}"))
                })
            })
            .collect::<Result<_, _>>()
            .map(Proxies::Networks),
    }
}

fn ipv6_prefix(settings: &ThrottleSettings) -> Result<u8, SettingsError> {
    match settings.ipv6_prefix {
        bits @ 1..=128 => Ok(bits),
        bits => {
            let problem =
                format!("{bits} is no length of a prefix; it is 1 to 128, and 64 for one site's network");
            Err(SettingsError::new("throttle.ipv6_prefix", problem))
        }
    }
}

/// Whether a scope is limited at all: for [`Throttle::configured`](super::Throttle::configured) of one's own throttle.
///
/// # Errors
/// A scope other than `anon` and `user` needs a rate in the settings.
pub fn rate_of<'d>(scope: &str, door: &'d Door) -> Result<Option<&'d Rates>, ImproperlyConfigured> {
    let scope = door.throttle_rules().scope(scope)?;
    Ok(scope.map(|scope| &scope.limit.rates))
}

/// A throttle lacks something in the settings (`django.core.exceptions.ImproperlyConfigured`).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ImproperlyConfigured(String);

impl ImproperlyConfigured {
    /// Something is missing, in words.
    pub fn new(problem: impl Into<String>) -> Self {
        Self(problem.into())
    }

    pub(super) fn no_rate(scope: &str) -> Self {
        Self(format!("No default throttle rate set for '{scope}' scope"))
    }
}
