//! [`Lockout`]: what the settings say, resolved once; and those who wait for their turn.

use std::net::IpAddr;
use std::time::Duration;

use doorward_core::settings::{Findings, SettingsError, SettingsErrors};
use doorward_django::client_ident::{ClientIdent, Network};
use tokio::sync::Notify;

use super::accounts::Accounts;
use super::counters::{AccountCounters, CountedAccount, CounterName, Limits, LoginAttempt, OnSuccess};
use super::origin::Origin;
use super::settings::{LockoutBy, LockoutSettings};

/// The most failures that a limit may be: all of them are looked at, each time.
const MOST: u32 = 1_000;

/// Failed logins are counted, by these rules.
#[derive(Debug)]
pub struct Lockout {
    limits: Limits,
    by: Vec<LockoutBy>,
    allow: Vec<Network>,
    pub(super) turns: Turns,
}

impl Lockout {
    /// `None` where nothing is counted.
    ///
    /// # Errors
    /// Names the key whose value is impossible.
    fn new(settings: &LockoutSettings) -> Result<Option<Self>, SettingsError> {
        let allow = settings.allow.iter().map(|text| network(text));
        let allow = allow.collect::<Result<_, _>>()?;
        periods(settings)?;
        let Some(failures) = settings.failures else {
            return Ok(None);
        };
        let limits = Limits::new(settings);
        limit("lockout.failures", failures)?;
        limit("lockout.address_failures", limits.address_failures)?;
        if settings.by.is_empty() {
            let problem = "an empty list counts nothing; leave `lockout.failures` out for that";
            return Err(SettingsError::new("lockout.by", problem));
        }
        Ok(Some(Self {
            limits,
            by: settings.by.clone(),
            allow,
            turns: Turns::default(),
        }))
    }

    /// The rules of the settings, `None` where nothing is counted.
    ///
    /// # Errors
    /// Each thing that is wrong, by itself.
    pub(super) fn resolve(settings: &LockoutSettings) -> Result<Option<Self>, SettingsErrors> {
        Findings::of(|found| Self::find(settings, found))
    }

    fn find(settings: &LockoutSettings, found: &mut Findings) -> Option<Option<Self>> {
        for (key, period) in settings.lives() {
            found.require_life(key, period, "would lock nobody out");
        }
        for text in &settings.allow {
            found.note(network(text));
        }
        found.note_if_new(periods(settings));
        if let Some(failures) = settings.failures {
            found.note(limit("lockout.failures", failures));
            let address_failures = Limits::new(settings).address_failures;
            found.note(limit("lockout.address_failures", address_failures));
        }
        found.note_if_new(Self::new(settings))
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(super) fn known_for(&self) -> Duration {
        self.limits.known_for
    }

    /// Whether what comes from there is not counted.
    pub(super) fn allows(&self, address: IpAddr) -> bool {
        self.allow.iter().any(|network| network.contains(address))
    }

    /// An attempt from there on those accounts.
    pub(super) fn attempt(&self, id: String, origin: &Origin<'_>, accounts: &Accounts) -> LoginAttempt {
        let all = accounts.all.iter();
        LoginAttempt {
            id,
            accounts: all.map(|account| self.counters(account, origin)).collect(),
            shared: self.shared(&accounts.spelling, origin),
            limits: self.limits,
        }
    }

    /// The counters of an account, from there.
    fn counters(&self, account: &CountedAccount, origin: &Origin<'_>) -> AccountCounters {
        let client = origin.client;
        AccountCounters {
            account: account.key.clone(),
            device: origin.device(account, self.known_for()),
            network: client.map(|client| CounterName::of_network(account, client)),
            origins: CounterName::of_origins(account),
            strangers: self.of_account(account, client),
        }
    }

    fn shared(&self, spelling: &CountedAccount, origin: &Origin<'_>) -> Vec<CounterName> {
        let mut shared = self.of_account(spelling, origin.client);
        shared.extend(self.of_address(origin.client));
        shared
    }

    /// What a stranger's failure is counted by, from there and for those accounts; for no account where nobody was named.
    pub(super) fn of_stranger(
        &self,
        accounts: Option<&Accounts>,
        client: Option<ClientIdent>,
    ) -> Vec<CounterName> {
        let all = accounts.into_iter().flat_map(Accounts::with_spelling);
        let names = all.flat_map(|account| self.of_account(account, client));
        names.chain(self.of_address(client)).collect()
    }

    fn of_address(&self, client: Option<ClientIdent>) -> Option<CounterName> {
        let counts_addresses = self.by.contains(&LockoutBy::Address);
        client.filter(|_| counts_addresses).map(CounterName::of_address)
    }

    /// What strangers' failures for an account are counted by. Whose address is not known is counted all the same.
    fn of_account(&self, account: &CountedAccount, client: Option<ClientIdent>) -> Vec<CounterName> {
        let Some(client) = client else {
            return vec![CounterName::of_account(account)];
        };
        let names = self.by.iter().filter_map(|by| match by {
            LockoutBy::Account => Some(CounterName::of_account(account)),
            LockoutBy::Address => None,
            LockoutBy::AccountAndAddress => Some(CounterName::of_both(account, client)),
        });
        names.collect()
    }
}

impl Limits {
    /// What the settings say.
    #[must_use]
    pub fn new(settings: &LockoutSettings) -> Self {
        let failures = settings.failures.unwrap_or(u32::MAX);
        Self {
            failures,
            address_failures: settings.address_failures.unwrap_or(failures),
            window: settings.window.duration(),
            cool_off: settings.cool_off.duration(),
            cool_off_max: settings.cool_off_max.duration(),
            known_for: settings.known_for.duration(),
            on_success: match settings.reset_on_success {
                true => OnSuccess::Reset,
                false => OnSuccess::Keep,
            },
        }
    }
}

/// Attempts that wait until another one on their account is settled.
#[derive(Debug)]
pub(super) struct Turns(Box<[Notify]>);

impl Default for Turns {
    fn default() -> Self {
        Self((0..64).map(|_| Notify::new()).collect())
    }
}

impl Turns {
    /// What is told when an attempt on the account of that key is settled in this process; some other accounts share
    /// it.
    pub(super) fn of(&self, account: &str) -> &Notify {
        let byte = account
            .get(..2)
            .and_then(|hex| usize::from_str_radix(hex, 16).ok());
        let place = byte.unwrap_or_default() % self.0.len();
        self.0.get(place).expect("the place is below the number of turns")
    }
}

fn network(text: &str) -> Result<Network, SettingsError> {
    text.parse().map_err(|error| {
        let text = text.escape_debug();
        SettingsError::new("lockout.allow", format!("`{text}`: {error}"))
    })
}

fn limit(key: &str, failures: u32) -> Result<(), SettingsError> {
    match failures {
        1..=MOST => Ok(()),
        _ => Err(SettingsError::new(
            key,
            format!("{failures} is not between 1 and {MOST}; without the key nothing is counted"),
        )),
    }
}

fn periods(settings: &LockoutSettings) -> Result<(), SettingsError> {
    let periods = [
        ("lockout.window", settings.window),
        ("lockout.cool_off", settings.cool_off),
        ("lockout.known_for", settings.known_for),
    ];
    for (key, period) in periods {
        if period.duration().is_zero() {
            return Err(SettingsError::new(key, format!("{period} would lock nobody out")));
        }
    }
    if settings.cool_off_max < settings.cool_off {
        let (longest, first) = (settings.cool_off_max, settings.cool_off);
        let problem = format!("{longest} is shorter than the first lock (lockout.cool_off = {first})");
        return Err(SettingsError::new("lockout.cool_off_max", problem));
    }
    Ok(())
}
