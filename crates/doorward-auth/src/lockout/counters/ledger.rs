//! [`Ledger`]: counters while a store decides.

use std::collections::BTreeMap;

use super::counter::Counter;
use super::name::CounterName;

/// The counters of an attempt, as a store holds them while it decides.
#[derive(Debug, Default)]
pub struct Ledger(BTreeMap<String, Entry>);

/// One counter, as it is stored and as it is now.
#[derive(Debug, Default)]
pub(super) struct Entry {
    pub(super) stored: Option<Counter>,
    pub(super) counter: Counter,
}

impl Ledger {
    /// What is stored under that key.
    pub fn load(&mut self, key: String, counter: Counter) {
        let stored = Some(counter.clone());
        self.0.insert(key, Entry { stored, counter });
    }

    pub(super) fn counter(&mut self, name: &CounterName) -> &mut Counter {
        &mut self.0.entry(name.key.clone()).or_default().counter
    }

    pub(super) fn entry(&self, name: &CounterName) -> Option<&Entry> {
        self.0.get(&name.key)
    }
}

impl Entry {
    pub(super) fn is_changed(&self) -> bool {
        match &self.stored {
            Some(stored) => *stored != self.counter,
            None => self.counter != Counter::default(),
        }
    }
}
