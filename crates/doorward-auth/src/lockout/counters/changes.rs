//! What a store writes back of an attempt.

use doorward_django::timestamp::Timestamp;

use super::attempt::LoginAttempt;
use super::counter::Counter;
use super::ledger::Ledger;
use super::name::CounterName;

impl LoginAttempt {
    /// What has to be written back, and when it will have no meaning any more; without such a moment there is nothing
    /// left to be kept.
    pub fn changes<'a>(
        &'a self,
        ledger: &'a Ledger,
    ) -> impl Iterator<Item = (&'a CounterName, &'a Counter, Option<Timestamp>)> {
        self.counters().filter_map(|name| {
            let entry = ledger.entry(name)?;
            let expires_at = entry.counter.expires_at(&self.limits);
            entry.is_changed().then_some((name, &entry.counter, expires_at))
        })
    }

    /// Whether even a refusal has to be written back: a clock was set back, and a lock is told anew from now on.
    #[must_use]
    pub fn is_told_anew(&self, ledger: &Ledger) -> bool {
        let entries = self.counters().filter_map(|name| ledger.entry(name));
        let mut stored = entries.filter_map(|entry| Some((entry.stored.as_ref()?, &entry.counter)));
        stored.any(|(stored, now)| stored.lock_ends_at() > now.lock_ends_at() && now.lock_ends_at().is_some())
    }
}
