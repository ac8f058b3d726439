//! [`LoginAttempt`]: the counters that one attempt to log in is counted by, and what becomes of them.

use doorward_django::timestamp::Timestamp;

use super::counter::{Limits, OnSuccess, Room};
use super::ledger::Ledger;
use super::name::{CounterKind, CounterName};

/// One attempt to log in, and the counters that it may be counted by.
#[derive(Clone, Debug)]
pub struct LoginAttempt {
    /// What its reservation is called: 32 hexadecimal digits that no other has.
    pub id: String,
    /// The accounts whose passwords may be checked, each with counters of its own.
    pub accounts: Vec<AccountCounters>,
    /// The counters that strangers have in common, whichever of the accounts they mean: the name in any spelling, and
    /// the address.
    pub shared: Vec<CounterName>,
    /// The numbers and times that it is judged by.
    pub limits: Limits,
}

/// The counters of one account.
#[derive(Clone, Debug)]
pub struct AccountCounters {
    /// The account's key.
    pub account: String,
    /// The device that the attempt came with, if that is known to the account.
    pub device: Option<Device>,
    /// The counter of account and network; it counts once the network is known to the account.
    pub network: Option<CounterName>,
    /// Where it stands that origins of the account were forgotten.
    pub origins: CounterName,
    /// The counters of strangers.
    pub strangers: Vec<CounterName>,
}

/// A device that the account was used with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its counter.
    pub name: CounterName,
    /// The second of its last login.
    pub used_at: Timestamp,
}

/// As whom somebody logs in to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Caller {
    /// Somebody with a device that the account was used with.
    Device,
    /// Somebody from a network that the account was used from.
    Network,
    /// Anybody else.
    Stranger,
}

/// What became of [`LoginAttemptStore::reserve`](crate::lockout::LoginAttemptStore::reserve).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// The password may be checked.
    Granted,
    /// As many as may fail are being checked: ask again when one of them is settled.
    Full,
    /// No password is checked until then.
    Locked(Timestamp),
}

/// What became of a password that was checked, or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// It was right.
    Succeeded(Success),
    /// It was wrong, or nobody waited to hear.
    Failed,
    /// It was not checked: a fault of ours.
    Released,
    /// The account has another password: whoever knew the old one is a stranger from now on, wherever he sits.
    OriginsForgotten,
}

/// Whose password was right, by keys of accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Success {
    /// The account that was logged in to; `None` where it is none of the attempt's.
    pub account: Option<String>,
    /// The accounts whose password it was found not to be: each of them was guessed at.
    pub refuted: Vec<String>,
}

/// A lock that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// What is locked.
    pub name: CounterName,
    /// Until when.
    pub until: Timestamp,
}

impl AccountCounters {
    fn counters(&self) -> impl Iterator<Item = &CounterName> {
        let device = self.device.iter().map(|device| &device.name);
        let known = device.chain(&self.network).chain([&self.origins]);
        known.chain(&self.strangers)
    }
}

impl LoginAttempt {
    /// Every counter that the attempt may touch.
    pub fn counters(&self) -> impl Iterator<Item = &CounterName> {
        let own = self.accounts.iter().flat_map(AccountCounters::counters);
        own.chain(&self.shared)
    }

    /// Reserves one check in every counter that applies, or in none; the whole decision of a store's
    /// [`reserve`](crate::lockout::LoginAttemptStore::reserve).
    ///
    /// For each account a known device counts alone. One whose counter is locked is as good as none: then the network
    /// counts, if it is known, and else the counters of strangers.
    pub fn reserve(&self, ledger: &mut Ledger, now: Timestamp) -> Reserved {
        self.tidy(ledger, now);
        let names = self.counted(ledger, now);
        let mut locked = None;
        let mut is_full = false;
        for name in &names {
            match self.room(name, ledger, now) {
                Room::Locked(until) => locked = locked.max(Some(until)),
                Room::Full => is_full = true,
                Room::Free => {}
            }
        }
        match locked {
            Some(until) => return Reserved::Locked(until),
            None if is_full => return Reserved::Full,
            None => {}
        }
        for name in names {
            ledger.counter(name).reserve(&self.id, now);
        }
        Reserved::Granted
    }

    /// The counters that apply: those of each account, and what strangers share where somebody is a stranger to one.
    fn counted(&self, ledger: &mut Ledger, now: Timestamp) -> Vec<&CounterName> {
        let mut names = Vec::new();
        let mut shared = [].as_slice();
        for account in &self.accounts {
            match self.caller(account, ledger, now) {
                Caller::Device => names.extend(account.device.iter().map(|device| &device.name)),
                Caller::Network => names.extend(&account.network),
                Caller::Stranger => {
                    names.extend(&account.strangers);
                    shared = &self.shared;
                }
            }
        }
        names.extend(shared);
        names
    }

    fn caller(&self, account: &AccountCounters, ledger: &mut Ledger, now: Timestamp) -> Caller {
        let forgotten_at = ledger.counter(&account.origins).forgotten_at();
        if let Some(device) = &account.device {
            let room = self.room(&device.name, ledger, now);
            let is_known = forgotten_at.is_none_or(|at| device.used_at.as_secs() >= at.as_secs());
            if is_known && !matches!(room, Room::Locked(_)) {
                return Caller::Device;
            }
        }
        let known_since = |network| ledger.counter(network).known_since(&self.limits);
        match account.network.as_ref().and_then(known_since) {
            Some(since) if forgotten_at.is_none_or(|at| since >= at) => Caller::Network,
            _ => Caller::Stranger,
        }
    }

    /// Gives the reservation back and counts what came of it; tells which locks begin. The whole decision of a store's
    /// [`settle`](crate::lockout::LoginAttemptStore::settle).
    pub fn settle(&self, ledger: &mut Ledger, settlement: &Settlement, now: Timestamp) -> Vec<Lock> {
        self.tidy(ledger, now);
        let is_reserved = |name: &&CounterName| ledger.counter(name).release(&self.id);
        let reserved: Vec<&CounterName> = self.counters().filter(is_reserved).collect();
        match settlement {
            Settlement::Released => Vec::new(),
            Settlement::OriginsForgotten => {
                self.forget_origins(ledger, now);
                Vec::new()
            }
            Settlement::Failed => self.fail(&reserved, ledger, now),
            Settlement::Succeeded(success) => self.succeed(success, &reserved, ledger, now),
        }
    }

    /// Counters of a name and of its account look the same, and their lock is told once.
    fn fail(&self, names: &[&CounterName], ledger: &mut Ledger, now: Timestamp) -> Vec<Lock> {
        let mut locks: Vec<Lock> = Vec::new();
        for name in names {
            let locked = ledger.counter(name).fail(self.limit(name), &self.limits, now);
            let is_told = locks.iter().any(|lock| lock.name.shown() == name.shown());
            if let Some(until) = locked.filter(|_| !is_told) {
                let name = (*name).clone();
                locks.push(Lock { name, until });
            }
        }
        locks
    }

    /// Only what the account itself holds is forgotten. Somebody else's password that was guessed at on the way is a
    /// failure: who could log in by the same name would guess for nothing.
    fn succeed(
        &self,
        success: &Success,
        reserved: &[&CounterName],
        ledger: &mut Ledger,
        now: Timestamp,
    ) -> Vec<Lock> {
        let mut locks = Vec::new();
        for account in &self.accounts {
            let own = account.counters().filter(|name| reserved.contains(name));
            let own: Vec<&CounterName> = own.collect();
            if success.account.as_ref() == Some(&account.account) {
                self.let_in(account, &own, ledger, now);
            } else if success.refuted.contains(&account.account) {
                locks.extend(self.fail(&own, ledger, now));
            }
        }
        locks
    }

    fn let_in(&self, account: &AccountCounters, own: &[&CounterName], ledger: &mut Ledger, now: Timestamp) {
        if self.limits.on_success == OnSuccess::Reset {
            own.iter().for_each(|name| self.forget(name, ledger, now));
        }
        if let Some(network) = &account.network {
            ledger.counter(network).known(&self.limits, now);
        }
    }

    /// What an account's counter held goes from that of its name too, and nothing else does: the name may be another's
    /// in another spelling. An address keeps its failures: whoever has an account of his own could clear them.
    fn forget(&self, name: &CounterName, ledger: &mut Ledger, now: Timestamp) {
        let before = ledger.counter(name).clone();
        ledger.counter(name).succeed(now);
        for shared in self.shared.iter().filter(|shared| shared.kind == name.kind) {
            ledger.counter(shared).forget_those_of(&before, now);
        }
    }

    fn forget_origins(&self, ledger: &mut Ledger, now: Timestamp) {
        for account in &self.accounts {
            ledger.counter(&account.origins).forget_origins(now);
        }
    }

    fn tidy(&self, ledger: &mut Ledger, now: Timestamp) {
        for name in self.counters() {
            ledger.counter(name).tidy(&self.limits, now);
        }
    }

    fn room(&self, name: &CounterName, ledger: &mut Ledger, now: Timestamp) -> Room {
        ledger.counter(name).room(self.limit(name), &self.limits, now)
    }

    fn limit(&self, name: &CounterName) -> u32 {
        self.limits.of(name.kind)
    }
}

impl Limits {
    /// How many failures lock a counter of that kind.
    #[must_use]
    pub const fn of(&self, kind: CounterKind) -> u32 {
        match kind {
            CounterKind::Address => self.address_failures,
            _ => self.failures,
        }
    }
}
