//! [`LoginAttempt`]: the counters that one attempt to log in is counted by, and what becomes of them.

use std::collections::BTreeMap;

use doorward_django::timestamp::Timestamp;

use super::counter::{Counter, Limits, OnSuccess, Room};
use super::name::{CounterKind, CounterName};

/// One attempt to log in, and the counters that it may be counted by.
#[derive(Clone, Debug)]
pub struct LoginAttempt {
    /// What its reservation is called: 32 hexadecimal digits that no other has.
    pub id: String,
    /// The device that it came with, if that is known to the account.
    pub device: Option<Device>,
    /// The counter of account and network; it counts once the network is known to the account.
    pub network: Option<CounterName>,
    /// Where it stands that origins of the account were forgotten.
    pub origins: CounterName,
    /// The counters of strangers.
    pub strangers: Vec<CounterName>,
    /// The numbers and times that it is judged by.
    pub limits: Limits,
}

/// A device that the account was used with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its counter.
    pub name: CounterName,
    /// The second of its last login.
    pub used_at: Timestamp,
}

/// As whom somebody logs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Somebody with a device that the account was used with.
    Device,
    /// Somebody from a network that the account was used from.
    Network,
    /// Anybody else.
    Stranger,
}

/// What became of [`LoginAttemptStore::reserve`](crate::stores::LoginAttemptStore::reserve).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// The password may be checked; the attempt is counted as that caller's.
    Granted(Caller),
    /// As many as may fail are being checked: ask again when one of them is settled.
    Full,
    /// No password is checked until then.
    Locked(Timestamp),
}

/// What became of a password that was checked, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// It was right.
    Succeeded(Caller),
    /// It was wrong, or nobody waited to hear.
    Failed,
    /// It was not checked: a fault of ours.
    Released,
    /// The account has another password: whoever knew the old one is a stranger from now on, wherever he sits.
    OriginsForgotten,
}

/// A lock that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// What is locked.
    pub name: CounterName,
    /// Until when.
    pub until: Timestamp,
}

/// The counters of an attempt, as a store holds them while it decides.
#[derive(Debug, Default)]
pub struct Ledger(BTreeMap<String, Entry>);

#[derive(Debug, Default)]
struct Entry {
    stored: Option<Counter>,
    counter: Counter,
}

impl Ledger {
    /// What is stored under that key.
    pub fn load(&mut self, key: String, counter: Counter) {
        let stored = Some(counter.clone());
        self.0.insert(key, Entry { stored, counter });
    }

    fn counter(&mut self, name: &CounterName) -> &mut Counter {
        &mut self.0.entry(name.key.clone()).or_default().counter
    }
}

impl Entry {
    fn is_changed(&self) -> bool {
        match &self.stored {
            Some(stored) => *stored != self.counter,
            None => self.counter != Counter::default(),
        }
    }
}

impl LoginAttempt {
    /// Every counter that the attempt may touch.
    pub fn counters(&self) -> impl Iterator<Item = &CounterName> {
        let device = self.device.iter().map(|device| &device.name);
        let known = device.chain(&self.network).chain([&self.origins]);
        known.chain(&self.strangers)
    }

    /// What has to be written back, and when it will have no meaning any more; without such a moment there is nothing
    /// left to be kept.
    pub fn changes<'a>(
        &'a self,
        ledger: &'a Ledger,
    ) -> impl Iterator<Item = (&'a CounterName, &'a Counter, Option<Timestamp>)> {
        self.counters().filter_map(|name| {
            let entry = ledger.0.get(&name.key)?;
            let expires_at = entry.counter.expires_at(&self.limits);
            entry.is_changed().then_some((name, &entry.counter, expires_at))
        })
    }

    /// Whether even a refusal has to be written back: a clock was set back, and a lock is told anew from now on.
    #[must_use]
    pub fn is_told_anew(&self, ledger: &Ledger) -> bool {
        let entries = self.counters().filter_map(|name| ledger.0.get(&name.key));
        let mut stored = entries.filter_map(|entry| Some((entry.stored.as_ref()?, &entry.counter)));
        stored.any(|(stored, now)| stored.lock_ends_at() > now.lock_ends_at() && now.lock_ends_at().is_some())
    }

    /// Reserves one check in every counter that applies, or in none; the whole decision of a store's
    /// [`reserve`](crate::stores::LoginAttemptStore::reserve).
    ///
    /// A known device counts alone. One whose counter is locked is as good as none: then the network counts, if it is
    /// known, and else the counters of strangers.
    pub fn reserve(&self, ledger: &mut Ledger, now: Timestamp) -> Reserved {
        self.tidy(ledger, now);
        let caller = self.caller(ledger, now);
        let mut locked = None;
        let mut is_full = false;
        for name in self.counted(caller) {
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
        for name in self.counted(caller) {
            ledger.counter(name).reserve(&self.id, now);
        }
        Reserved::Granted(caller)
    }

    /// Gives the reservation back and counts what came of it; tells which locks begin. The whole decision of a store's
    /// [`settle`](crate::stores::LoginAttemptStore::settle).
    pub fn settle(&self, ledger: &mut Ledger, settlement: Settlement, now: Timestamp) -> Vec<Lock> {
        self.tidy(ledger, now);
        let reserved: Vec<&CounterName> = self
            .counters()
            .filter(|name| ledger.counter(name).release(&self.id))
            .collect();
        match settlement {
            Settlement::Released => Vec::new(),
            Settlement::OriginsForgotten => {
                ledger.counter(&self.origins).forget_origins(now);
                Vec::new()
            }
            Settlement::Failed => self.fail(&reserved, ledger, now),
            Settlement::Succeeded(caller) => {
                self.succeed(caller, ledger, now);
                Vec::new()
            }
        }
    }

    fn fail(&self, names: &[&CounterName], ledger: &mut Ledger, now: Timestamp) -> Vec<Lock> {
        let locks = names.iter().filter_map(|name| {
            let until = ledger.counter(name).fail(self.limit(name), &self.limits, now)?;
            let name = (*name).clone();
            Some(Lock { name, until })
        });
        locks.collect()
    }

    /// An address keeps its failures: whoever has an account of his own could clear them by logging in.
    fn succeed(&self, caller: Caller, ledger: &mut Ledger, now: Timestamp) {
        if self.limits.on_success == OnSuccess::Reset {
            let names = self.counted(caller);
            for name in names.filter(|name| name.kind != CounterKind::Address) {
                ledger.counter(name).succeed(now);
            }
        }
        if let Some(network) = &self.network {
            ledger.counter(network).known(&self.limits, now);
        }
    }

    fn tidy(&self, ledger: &mut Ledger, now: Timestamp) {
        for name in self.counters() {
            ledger.counter(name).tidy(&self.limits, now);
        }
    }

    fn caller(&self, ledger: &mut Ledger, now: Timestamp) -> Caller {
        let forgotten_at = ledger.counter(&self.origins).forgotten_at();
        if let Some(device) = &self.device {
            let room = self.room(&device.name, ledger, now);
            let is_known = forgotten_at.is_none_or(|at| device.used_at.as_secs() >= at.as_secs());
            if is_known && !matches!(room, Room::Locked(_)) {
                return Caller::Device;
            }
        }
        let known_since = |network| ledger.counter(network).known_since(&self.limits);
        match self.network.as_ref().and_then(known_since) {
            Some(since) if forgotten_at.is_none_or(|at| since >= at) => Caller::Network,
            _ => Caller::Stranger,
        }
    }

    fn counted(&self, caller: Caller) -> impl Iterator<Item = &CounterName> {
        let (device, network, strangers) = match caller {
            Caller::Device => (self.device.as_ref(), None, [].as_slice()),
            Caller::Network => (None, self.network.as_ref(), [].as_slice()),
            Caller::Stranger => (None, None, self.strangers.as_slice()),
        };
        let device = device.map(|device| &device.name);
        device.into_iter().chain(network).chain(strangers)
    }

    fn room(&self, name: &CounterName, ledger: &mut Ledger, now: Timestamp) -> Room {
        ledger.counter(name).room(self.limit(name), &self.limits, now)
    }

    fn limit(&self, name: &CounterName) -> u32 {
        match name.kind {
            CounterKind::Address => self.limits.address_failures,
            _ => self.limits.failures,
        }
    }
}
