use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

use doorward_django::timestamp::Timestamp;

use super::lock;
use crate::answer::Answer;
use crate::login_attempts::{Counter, CounterName, Ledger, Lock, LoginAttempt, Reserved, Reset, Settlement};
use crate::stores::{LoginAttemptStore, StoreAnswer};

/// So many writes after the last one, what has expired is looked for again, if there were fewer counters then.
const SWEEP: usize = 64;

/// What is counted, by key.
#[derive(Debug, Default)]
pub(super) struct MemoryLoginAttempts(Mutex<Rows>);

#[derive(Debug, Default)]
struct Rows {
    counters: HashMap<String, Row>,
    writes_until_sweep: usize,
}

#[derive(Debug)]
struct Row {
    name: CounterName,
    counter: Counter,
    expires_at: Timestamp,
}

impl Rows {
    fn step<T>(
        &mut self,
        attempt: &LoginAttempt,
        now: Timestamp,
        decide: impl FnOnce(&mut Ledger) -> T,
    ) -> T {
        let mut ledger = Ledger::default();
        for name in attempt.counters() {
            if let Some(row) = self.counters.get(&name.key) {
                ledger.load(name.key.clone(), row.counter.clone());
            }
        }
        let decided = decide(&mut ledger);
        for (name, counter, expires_at) in attempt.changes(&ledger) {
            self.write(name, counter, expires_at);
        }
        self.sweep_in_time(now);
        decided
    }

    fn write(&mut self, name: &CounterName, counter: &Counter, expires_at: Option<Timestamp>) {
        let Some(expires_at) = expires_at else {
            self.counters.remove(&name.key);
            return;
        };
        let row = Row {
            name: name.clone(),
            counter: counter.clone(),
            expires_at,
        };
        self.counters.insert(name.key.clone(), row);
    }

    fn sweep_in_time(&mut self, now: Timestamp) {
        match self.writes_until_sweep.checked_sub(1) {
            Some(left) => self.writes_until_sweep = left,
            None => {
                self.counters.retain(|_, row| row.expires_at > now);
                self.writes_until_sweep = self.counters.len().max(SWEEP);
            }
        }
    }
}

impl LoginAttemptStore for MemoryLoginAttempts {
    fn reserve<'a>(&'a self, attempt: &'a LoginAttempt, now: Timestamp) -> StoreAnswer<'a, Reserved> {
        let mut rows = lock(&self.0);
        let reserved = rows.step(attempt, now, |ledger| attempt.reserve(ledger, now));
        Answer::ready(Ok(reserved))
    }

    fn settle<'a>(
        &'a self,
        attempt: &'a LoginAttempt,
        settlement: Settlement,
        now: Timestamp,
    ) -> StoreAnswer<'a, Vec<Lock>> {
        let mut rows = lock(&self.0);
        let locks = rows.step(attempt, now, |ledger| attempt.settle(ledger, &settlement, now));
        Answer::ready(Ok(locks))
    }

    fn list(&self, limit: u32) -> StoreAnswer<'_, Vec<(CounterName, Counter)>> {
        let rows = lock(&self.0);
        let mut found: Vec<&Row> = rows
            .counters
            .values()
            .filter(|row| row.counter.holds_something())
            .collect();
        found.sort_by_key(|row| (Reverse(row.counter.lock_ends_at()), &row.name.key));
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let found = found
            .into_iter()
            .map(|row| (row.name.clone(), row.counter.clone()));
        Answer::ready(Ok(found.collect()))
    }

    fn reset<'a>(&'a self, which: &'a Reset, limit: u32) -> StoreAnswer<'a, u64> {
        let mut rows = lock(&self.0);
        let wanted = rows.counters.values_mut().filter(|row| which.includes(&row.name));
        let reset = wanted.filter(|row| row.counter.holds_something());
        let reset = reset.take(usize::try_from(limit).unwrap_or(usize::MAX));
        let mut shown = BTreeSet::new();
        for row in reset {
            row.counter.reset();
            shown.insert(row.name.shown());
        }
        Answer::ready(Ok(u64::try_from(shown.len()).unwrap_or(u64::MAX)))
    }
}
