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
//! - `app`: what the app brings to a door
//! - `limit`: an attempt from its beginning to its end
//! - `reservation`: the reservation, and what happens to one whose client hangs up
//! - `accounts`, `origin`: whom an attempt may mean, and where it comes from
//! - `device`: the cookie
//! - `counters`: what is counted, and when it locks: rules over what was loaded
//! - `store`: where the counters lie; it asks a [`LoginAttempt`] for every decision
//! - `axes`: what django-axes has counted, brought over once

mod accounts;
mod app;
mod axes;
mod check;
#[cfg(feature = "commands")]
mod command;
mod counters;
mod device;
mod forgetting;
mod limit;
mod manage;
mod migrations;
mod origin;
mod reservation;
mod rules;
mod settings;
mod store;

pub use app::LockoutApp;
pub use axes::{Imported, axes_attempts, import_axes};
pub use counters::{
    AccountCounters, AccountName, CountedAccount, CountedBefore, Counter, CounterKind, CounterName, Device,
    Ledger, Limits, Lock, LoginAttempt, OnSuccess, Reserved, Reset, Settlement, Success,
};
pub use doorward_core::login_limit::remember_device;
pub use manage::{Held, held, reset, reset_account};
pub use rules::Lockout;
pub use settings::{LockoutBy, LockoutSettings};
pub use store::{LoginAttemptStore, LoginAttempts};
