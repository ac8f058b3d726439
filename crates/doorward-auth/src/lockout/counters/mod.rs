//! Failed logins as they are counted: rules over what was loaded, which know no store, no door and no request.
//!
//! A [`LoginAttemptStore`](crate::lockout::LoginAttemptStore) loads the counters that a [`LoginAttempt`] names, asks it
//! for every decision, and writes back what has changed. Who is counted, and what a refusal says, is
//! [`lockout`](crate::lockout)'s.
//!
//! - `account`: what an account is called
//! - `name`: what a counter is called
//! - `counter`: one counter, and when it locks
//! - `attempt`: which counters an attempt is counted by
//! - `ledger`: the counters that were loaded

mod account;
mod attempt;
mod changes;
mod counter;
mod ledger;
mod name;

pub use account::{AccountName, CountedAccount};
pub use attempt::{AccountCounters, Device, Lock, LoginAttempt, Reserved, Settlement, Success};
pub use counter::{CountedBefore, Counter, Limits, OnSuccess};
pub use ledger::Ledger;
pub use name::{CounterKind, CounterName, Reset};
