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
//! What is counted is the **account that was found**, by its primary key, whatever name it was found by. The name is
//! counted beside it in any spelling, so that a name that nobody has locks as one that somebody has; a success takes
//! from it what the account itself had failed, and nothing that was meant for another account of a similar name.
//!
//! - `subject`: whom an attempt may mean
//! - `hold`: the reservation, and what happens to one whose client hangs up
//! - `device`: the cookie
//!
//! What is kept is in a [`LoginAttemptStore`](crate::stores::LoginAttemptStore), which asks [`LoginAttempt`] for every
//! decision: what is counted, and when it locks, are the rules of [`login_attempts`](crate::login_attempts).

mod device;
mod hold;
mod manage;
mod origin;
mod refusal;
mod rules;
mod settings;
mod subject;

use std::future::Future;

pub(crate) use device::DEVICE_COOKIE;
pub use device::remember_device;
pub(crate) use manage::forget_origins;
pub use manage::{Held, held, reset, reset_account};
pub(crate) use origin::Origin;
pub(crate) use refusal::{LOCKED, is_locked_out};
pub(crate) use rules::Lockout;
pub use settings::{LockoutBy, LockoutSettings};
pub(crate) use subject::Subject;

pub use crate::login_attempts::{
    Account, AccountCounters, AccountName, Counter, CounterKind, CounterName, Device, Ledger, Limits, Lock,
    LoginAttempt, OnSuccess, Reserved, Reset, Settlement, Success,
};

use crate::exceptions::Result;
use crate::user::UserId;
use hold::Hold;

/// A password that was right.
#[derive(Debug)]
pub(crate) struct Passed<T> {
    /// What the check made of it.
    pub(crate) value: T,
    /// Whose it is.
    pub(crate) user: UserId,
    /// Whose it was found not to be.
    pub(crate) refuted: Vec<UserId>,
}

impl<T> Passed<T> {
    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Passed<U> {
        Passed {
            value: change(self.value),
            user: self.user,
            refuted: self.refuted,
        }
    }
}

/// Whether an attempt stood in line before its password was checked: what was read before may be old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waited {
    No,
    InLine,
}

/// Checks a password, if there is room for one more attempt on those accounts from there; `None` where it is wrong.
///
/// `check` is not begun before there is room; once begun it goes on to its end, though the client hangs up. Where nothing
/// is counted, nothing else is done.
pub(crate) async fn count<T, F>(
    origin: &Origin<'_>,
    subject: Subject,
    check: impl FnOnce(Waited) -> F,
) -> Result<Option<T>>
where
    T: Send + 'static,
    F: Future<Output = Result<Option<Passed<T>>>> + Send + 'static,
{
    let Some(rules) = origin.door.lockout() else {
        return Ok(check(Waited::No).await?.map(|passed| passed.value));
    };
    let hold = Hold::new(rules, origin, subject.clone());
    let passed = match origin.address().is_some_and(|address| rules.allows(address)) {
        true => check(Waited::No).await?,
        false => hold.check(rules, check).await?,
    };
    let key = passed.as_ref().and_then(|passed| subject.success(passed).account);
    key.iter().for_each(|key| origin.let_in(key));
    Ok(passed.map(|passed| passed.value))
}
