//! [`LoginAttempts`]: failed logins, and what is locked, in a database.

mod rows;
mod sql;

use std::fmt::Debug;
use std::ops::Deref;
use std::sync::Arc;

use doorward_core::Door;
use doorward_core::stores::{Outage, StoreAnswer, StoreError};
use doorward_db::Database;
use doorward_django::timestamp::Timestamp;

use super::counters::{Counter, CounterName, Limits, Lock, LoginAttempt, Reserved, Reset, Settlement};
use sql::SqlLoginAttempts;

/// What a door keeps of failed logins.
///
/// A test may give another one to the door: [`DoorBuilder::give`](doorward_core::assembly::DoorBuilder::give).
#[derive(Clone, Debug)]
pub struct LoginAttempts(pub Arc<dyn LoginAttemptStore>);

impl LoginAttempts {
    /// Kept in a table of that database.
    #[must_use]
    pub fn on(database: &Database) -> Self {
        Self(Arc::new(SqlLoginAttempts::new(database)))
    }

    /// What that door keeps.
    ///
    /// # Errors
    /// That it keeps nothing.
    pub fn of(door: &Door) -> Result<&Self, StoreError> {
        door.opened().ok_or_else(|| {
            let cause = "failed logins are counted in a database, and the door was given none";
            StoreError::new("This door keeps nothing.", Outage::Lasting, cause)
        })
    }
}

impl Deref for LoginAttempts {
    type Target = dyn LoginAttemptStore;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

/// Counters of failed logins (`[lockout]`).
///
/// A store knows rows and no rule: it loads the counters that an attempt names, asks the attempt, and writes back what
/// has [changed](LoginAttempt::changes), all in one atomic step. With each step some counters go that have
/// [expired](Counter::expires_at).
pub trait LoginAttemptStore: Debug + Send + Sync {
    /// Reserves a check of a password: what [`LoginAttempt::reserve`] says. A refusal need not be written, unless it
    /// is [told anew](LoginAttempt::is_told_anew).
    fn reserve<'a>(&'a self, attempt: &'a LoginAttempt, now: Timestamp) -> StoreAnswer<'a, Reserved>;

    /// Writes down what came of an attempt: what [`LoginAttempt::settle`] says. Tells which locks begin.
    fn settle<'a>(
        &'a self,
        attempt: &'a LoginAttempt,
        settlement: Settlement,
        now: Timestamp,
    ) -> StoreAnswer<'a, Vec<Lock>>;

    /// Adds to a counter what another one holds: what [`Counter::take_in`] says. `limits` tell until when it is kept.
    fn take_in<'a>(
        &'a self,
        name: &'a CounterName,
        counter: &'a Counter,
        limits: &'a Limits,
    ) -> StoreAnswer<'a, ()>;

    /// At most `limit` counters that hold failures or a lock, what is locked longest first. Some may be over.
    fn list(&self, limit: u32) -> StoreAnswer<'_, Vec<(CounterName, Counter)>>;

    /// [Resets](Counter::reset) at most `limit` counters; tells how many held something, counters that
    /// [look the same](CounterName::shown) as one.
    fn reset<'a>(&'a self, which: &'a Reset, limit: u32) -> StoreAnswer<'a, u64>;
}
