//! What the settings say of throttles, resolved.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use doorward_django::client_ident::{ClientIdent, Proxies, client_ident};
use doorward_django::rate::Rates;
use doorward_django::sliding_window::Limit;

use super::{ClientRateThrottle, Throttle, headers};
use crate::door::Door;
use crate::settings::{Findings, SettingsError, ThrottleSettings};

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
        found.note(nodes(settings));
        for (name, rates) in &settings.rates {
            if rates != NO_RATE {
                found.note(Scope::new(name, rates, settings, NonZeroU32::MIN));
            }
        }
        let proxies = found.note(proxies(settings));
        let ipv6_prefix = found.note(ipv6_prefix(settings));
        let scopes = scopes(settings).ok()?;
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
        })
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

impl Scope {
    fn new(
        name: &str,
        rates: &str,
        settings: &ThrottleSettings,
        nodes: NonZeroU32,
    ) -> Result<Self, SettingsError> {
        let rates: Rates = rates.parse().map_err(|error| {
            let rates = rates.escape_debug();
            SettingsError::new(format!("throttle.rates.{name}"), format!("`{rates}`: {error}"))
        })?;
        let algorithm = settings.algorithm.algorithm();
        let is_strict = settings.strict.iter().any(|strict| strict == name);
        let share = match is_strict {
            true => rates.share(nodes),
            false => rates.clone(),
        };
        Ok(Self {
            name: name.to_owned(),
            policy: headers::policy(name, &rates),
            limit: Limit { rates, algorithm },
            share: Limit {
                rates: share,
                algorithm,
            },
        })
    }
}

fn scopes(settings: &ThrottleSettings) -> Result<Scopes, SettingsError> {
    let nodes = nodes(settings)?;
    let usual = DEFAULT_RATES.iter().copied();
    let named = settings
        .rates
        .iter()
        .map(|(scope, rates)| (scope.as_str(), rates.as_str()));
    let rates: BTreeMap<&str, &str> = usual.chain(named).collect();
    let scope = |(name, rates): (&str, &str)| {
        let scope = match rates {
            NO_RATE => None,
            rates => Some(Arc::new(Scope::new(name, rates, settings, nodes)?)),
        };
        Ok((name.to_owned(), scope))
    };
    rates.into_iter().map(scope).collect()
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
