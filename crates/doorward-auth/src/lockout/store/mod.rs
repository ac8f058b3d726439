//! [`LoginAttemptStore`]: failed logins, and what is locked.

use std::fmt::Debug;

use doorward_django::timestamp::Timestamp;

use super::StoreAnswer;
use crate::login_attempts::{Counter, CounterName, Lock, LoginAttempt, Reserved, Reset, Settlement};

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

    /// At most `limit` counters that hold failures or a lock, what is locked longest first. Some may be over.
    fn list(&self, limit: u32) -> StoreAnswer<'_, Vec<(CounterName, Counter)>>;

    /// [Resets](Counter::reset) at most `limit` counters; tells how many held something, counters that
    /// [look the same](CounterName::shown) as one.
    fn reset<'a>(&'a self, which: &'a Reset, limit: u32) -> StoreAnswer<'a, u64>;
}
