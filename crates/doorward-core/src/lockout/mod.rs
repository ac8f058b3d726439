//! Failed logins are counted, and too many lock (`[lockout]`, as django-axes does for Django).
//!
//! One attempt to log in: a place is **reserved** in every counter that applies, the password is **checked**, what came
//! of it is **settled**. Failures and checks under way are never more than the limit together, on any number of
//! threads, processes and nodes, so that a burst gains nothing. Where all places are taken by checks under way, an
//! attempt waits: one of them may succeed. Only failures lock.
//!
//! Strangers share the account's counter. An **origin** that the account was used from (a device with a signed cookie,
//! or a network) has one of its own, so that no stranger can lock an owner out.
//!
//! - `counter`: one counter, and when it locks
//! - `attempt`: which counters an attempt is counted by
//! - `hold`: the reservation, and what happens to one whose client hangs up
//! - `device`: the cookie
//!
//! What is kept is in a [`LoginAttemptStore`](crate::stores::LoginAttemptStore), which asks [`LoginAttempt`] for every
//! decision.

mod attempt;
mod counter;
mod device;
mod hold;
mod manage;
mod name;
mod origin;
mod refusal;
mod rules;

use std::future::Future;

pub use attempt::{Caller, Device, Ledger, Lock, LoginAttempt, Reserved, Settlement};
pub use counter::{Counter, Limits, OnSuccess};
pub use device::remember_device;
pub(crate) use device::{DEVICE_COOKIE, DeviceCookie};
pub(crate) use manage::forget_origins;
pub use manage::{Held, held, reset};
pub use name::{AccountName, CounterKind, CounterName, Reset};
pub(crate) use origin::Origin;
pub(crate) use refusal::{LOCKED, is_locked_out};
pub(crate) use rules::Lockout;

use crate::exceptions::Result;
use hold::Hold;

/// Checks a password, if there is room for one more attempt on that account from there; `None` where it is wrong.
///
/// `check` is not begun before there is room; once begun it goes on to its end, though the client hangs up. Where nothing
/// is counted, nothing else is done.
pub(crate) async fn count<T: Send + 'static>(
    origin: &Origin<'_>,
    username: &str,
    check: impl Future<Output = Result<Option<T>>> + Send + 'static,
) -> Result<Option<T>> {
    let rules = origin.door.lockout();
    let is_allowed = |rules: &&Lockout| origin.address().is_some_and(|address| rules.allows(address));
    match rules.filter(|rules| !is_allowed(rules)) {
        None => check.await,
        Some(rules) => {
            let account = AccountName::new(username);
            Hold::new(rules, origin, account).check(rules, check).await
        }
    }
}
