//! [`LockoutApp`]: what lock-out brings to a door.

use std::sync::Arc;

use doorward_core::app::{App, Check, Given, Installed, Site};
#[cfg(feature = "commands")]
use doorward_core::command::Command;
use doorward_core::settings::{SettingsError, SettingsErrors};
use doorward_db::migrations::Migration;

use super::axes::AxesAttempts;
use super::check::check;
#[cfg(feature = "commands")]
use super::command;
use super::device::DEVICE_COOKIE;
use super::forgetting::ForgetOrigins;
use super::limit::Limit;
use super::migrations;
use super::rules::Lockout;
use super::settings::LockoutSettings;
use super::store::LoginAttempts;

/// Failed logins are counted, and too many lock (`[lockout]`).
#[derive(Clone, Copy, Debug)]
pub struct LockoutApp;

impl App for LockoutApp {
    type Settings = LockoutSettings;
    /// `None` where nothing is counted.
    type State = Option<Arc<Lockout>>;

    fn migrations() -> Vec<Migration> {
        migrations::all()
    }

    fn checks() -> Vec<Check> {
        vec![check()]
    }

    #[cfg(feature = "commands")]
    fn commands() -> Vec<Command> {
        vec![command::command()]
    }

    fn resolve(settings: LockoutSettings, _: &Site<'_>) -> Result<Self::State, SettingsErrors> {
        Ok(Lockout::resolve(&settings)?.map(Arc::new))
    }

    fn install(rules: &Arc<Self::State>, to: &mut Installed) {
        to.cookie("lockout", DEVICE_COOKIE);
        to.open(|given| Ok(given.database().map(AxesAttempts::on)));
        match &**rules {
            Some(rules) => {
                to.open(required_store);
                to.login_limit(Limit(Arc::clone(rules)));
                to.subscriber(ForgetOrigins(Arc::clone(rules)));
            }
            None => to.open(|given| Ok(store(given))),
        }
    }
}

/// What is kept of failed logins, though nothing is counted any more: people look at it.
fn store(given: &Given<'_>) -> Option<LoginAttempts> {
    let of_program = given.get::<LoginAttempts>().cloned();
    of_program.or_else(|| given.database().map(LoginAttempts::on))
}

/// A door that only verifies tokens may share its settings with others: there every login is refused, for it cannot be
/// counted.
fn required_store(given: &Given<'_>) -> Result<Option<LoginAttempts>, SettingsError> {
    let store = store(given);
    match store.is_some() || given.is_stateless() {
        true => Ok(store),
        false => Err(SettingsError::new(
            "lockout.failures",
            "failed logins are counted in a database, and this door was given none: see `DoorBuilder::database`",
        )),
    }
}
