//! What django-axes has counted, brought over once: who is locked out there is locked out here.
//!
//! - `table`: its rows
//! - this module: what counts them here

mod table;

use std::collections::{BTreeMap, BTreeSet};

use doorward_core::backends::{self, LoginName};
use doorward_core::login_limit::Subject;
use doorward_core::stores::{Outage, StoreError};
use doorward_core::{Door, Result};
use doorward_django::timestamp::Timestamp;

use super::accounts::Accounts;
use super::counters::{CountedBefore, Counter, CounterName};
use super::rules::Lockout;
use super::settings::LockoutSettings;
use super::store::LoginAttempts;
use table::AxesAttempt;
pub(super) use table::AxesAttempts;

/// What was brought over of django-axes' attempts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported {
    /// How many of its rows count still.
    pub attempts: u64,
    /// How many counters they locked here.
    pub locked: u64,
    /// How many counters hold failures of theirs here, and are not locked.
    pub counting: u64,
}

/// Counts here what django-axes has counted, by the rules of `[lockout]`; its table stays as it is. `None` where the
/// database has no such table.
///
/// What was brought over before is not counted again.
///
/// # Errors
/// What the stores say, and that nothing is counted here.
pub async fn import_axes(door: &Door) -> Result<Option<Imported>> {
    let rules = rules(door)?;
    let Some(brought) = Brought::read(door, &rules).await? else {
        return Ok(None);
    };
    let counters = brought.counters();
    let store = LoginAttempts::of(door)?;
    for (name, counter) in &counters {
        store.take_in(name, counter, rules.limits()).await?;
    }
    Ok(Some(told(brought.attempts, &counters, door.now())))
}

/// What [`import_axes`] would bring over; nothing is written.
///
/// # Errors
/// As [`import_axes`].
pub async fn axes_attempts(door: &Door) -> Result<Option<Imported>> {
    let rules = rules(door)?;
    let brought = Brought::read(door, &rules).await?;
    Ok(brought.map(|brought| told(brought.attempts, &brought.counters(), door.now())))
}

fn rules(door: &Door) -> Result<Lockout, StoreError> {
    let settings = door.settings().section::<LockoutSettings>();
    let rules = Lockout::resolve(&settings).ok().flatten();
    rules.ok_or_else(|| {
        let problem = "Failed logins are not counted here: set `lockout.failures`.";
        StoreError::new(problem, Outage::Lasting, "`lockout.failures` is not set")
    })
}

/// What is being brought over.
struct Brought<'a> {
    door: &'a Door,
    rules: &'a Lockout,
    /// Whom a name means.
    accounts: BTreeMap<String, Accounts>,
    failures: BTreeMap<String, (CounterName, Vec<CountedBefore>)>,
    attempts: u64,
}

impl<'a> Brought<'a> {
    /// `None` where there is no table.
    async fn read(door: &'a Door, rules: &'a Lockout) -> Result<Option<Self>> {
        let Some(axes) = door.opened::<AxesAttempts>() else {
            return Ok(None);
        };
        if !axes.is_there().await? {
            return Ok(None);
        }
        let mut brought = Self {
            door,
            rules,
            accounts: BTreeMap::new(),
            failures: BTreeMap::new(),
            attempts: 0,
        };
        let since = door.now().saturating_sub(rules.limits().cool_off);
        let mut rows = axes.page(None, since, door.times()).await?;
        while !rows.is_empty() {
            for row in &rows {
                brought.count(row).await?;
            }
            rows = axes.page(rows.last(), since, door.times()).await?;
        }
        Ok(Some(brought))
    }

    async fn count(&mut self, row: &AxesAttempt) -> Result {
        if row.address.is_some_and(|address| self.rules.allows(address)) {
            return Ok(());
        }
        let client = row.address.map(|address| self.door.client_of(address));
        let accounts = match &row.username {
            Some(name) => Some(self.accounts(name).await?),
            None => None,
        };
        self.attempts += 1;
        for name in self.rules.of_stranger(accounts.as_ref(), client) {
            let key = name.key.clone();
            let (_, before) = self.failures.entry(key).or_insert_with(|| (name, Vec::new()));
            before.push(row.counted);
        }
        Ok(())
    }

    /// The accounts that a login by that name would be counted for.
    async fn accounts(&mut self, name: &str) -> Result<Accounts> {
        if let Some(known) = self.accounts.get(name) {
            return Ok(known.clone());
        }
        let users = backends::candidates(&LoginName::new(self.door, name)).await?;
        let subject = Subject {
            name: name.to_owned(),
            users,
        };
        let accounts = Accounts::of(&subject);
        self.accounts.insert(name.to_owned(), accounts.clone());
        Ok(accounts)
    }

    /// The counters that hold something.
    fn counters(&self) -> Vec<(CounterName, Counter)> {
        let (limits, now) = (self.rules.limits(), self.door.now());
        let counted = self.failures.values().map(|(name, before)| {
            let counter = Counter::of_before(before.clone(), limits.of(name.kind), limits, now);
            (name.clone(), counter)
        });
        counted.filter(|(_, counter)| counter.holds_something()).collect()
    }
}

/// Counters of a name and of its account look the same, and are told as one.
fn told(attempts: u64, counted: &[(CounterName, Counter)], now: Timestamp) -> Imported {
    let (locked, counting): (Vec<_>, Vec<_>) = counted
        .iter()
        .partition(|(_, counter)| counter.locked_until(now).is_some());
    let shown = |all: Vec<&'_ (CounterName, Counter)>| -> BTreeSet<String> {
        all.into_iter()
            .map(|(name, _)| format!("{:?}", name.shown()))
            .collect()
    };
    let (locked, counting) = (shown(locked), shown(counting));
    Imported {
        attempts,
        locked: count(locked.len()),
        counting: count(counting.difference(&locked).count()),
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
