//! [`Installed`]: what apps add to a door.

use std::fmt;
use std::sync::Arc;

use super::{Check, Checks, Chore, Chores, Endpoint, Given, InstalledEndpoints};
use crate::authentication::Authenticator;
use crate::backends::CredentialsBackend;
use crate::exception_handler::ExceptionHandler;
use crate::login_limit::{Limit, LoginLimit};
use crate::password_validation::PasswordValidator;
use crate::permissions::Permission;
use crate::settings::SettingsError;
use crate::signals::{Event, Listener, Subscriber};
use crate::slots::Slots;
use crate::throttling::{SiteUserRates, Throttle, UserRates};

/// What the apps of a site add, in their order.
#[derive(Default)]
pub struct Installed {
    pub(crate) authenticators: Vec<Named<dyn Authenticator>>,
    pub(crate) permissions: Vec<Named<dyn Permission>>,
    pub(crate) throttles: Vec<Named<dyn Throttle>>,
    pub(crate) exception_handlers: Vec<Named<dyn ExceptionHandler>>,
    pub(crate) validators: Vec<Named<dyn PasswordValidator>>,
    pub(crate) backends: Vec<Named<dyn CredentialsBackend>>,
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) subscribers: Vec<Arc<dyn Subscriber>>,
    pub(crate) chores: Vec<Chore>,
    pub(crate) checks: Vec<Check>,
    pub(crate) openings: Vec<Opening>,
    pub(crate) cookies: Vec<NamedCookie>,
    pub(crate) login_limit: Option<Limit>,
    pub(crate) user_rates: Option<SiteUserRates>,
}

/// Puts into the slots what an app makes of what a door was given.
pub(crate) type Opening = Box<dyn Fn(&Given<'_>, Slots) -> Result<Slots, SettingsError> + Send + Sync>;

/// A rule, and its name in the settings.
pub(crate) type Named<T> = (&'static str, Arc<T>);

/// What sets a cookie, and the cookie's name.
pub(crate) type NamedCookie = (&'static str, &'static str);

impl Installed {
    /// An authenticator, which `rest.authentication` may name.
    pub fn authenticator(&mut self, name: &'static str, authenticator: impl Authenticator + 'static) {
        self.authenticators.push((name, Arc::new(authenticator)));
    }

    /// A permission, which `rest.permission` may name.
    pub fn permission(&mut self, name: &'static str, permission: impl Permission + 'static) {
        self.permissions.push((name, Arc::new(permission)));
    }

    /// A throttle, which `rest.throttle` may name.
    pub fn throttle(&mut self, name: &'static str, throttle: impl Throttle + 'static) {
        self.throttles.push((name, Arc::new(throttle)));
    }

    /// What words failures, which `rest.exception_handler` may name.
    pub fn exception_handler(&mut self, name: &'static str, handler: impl ExceptionHandler + 'static) {
        self.exception_handlers.push((name, Arc::new(handler)));
    }

    /// A validator of new passwords, which `passwords.validators` may name.
    pub fn password_validator(&mut self, name: &'static str, validator: impl PasswordValidator + 'static) {
        self.validators.push((name, Arc::new(validator)));
    }

    /// A backend for names and passwords, which `passwords.backends` may name.
    pub fn backend(&mut self, name: &'static str, backend: impl CredentialsBackend + 'static) {
        self.backends.push((name, Arc::new(backend)));
    }

    /// An endpoint, which [`Door::endpoints`](crate::Door::endpoints) mounts.
    pub fn endpoint(&mut self, endpoint: Endpoint) {
        self.endpoints.push(endpoint);
    }

    /// A subscriber, which hears of every event after those before it.
    pub fn subscriber(&mut self, subscriber: impl Subscriber + 'static) {
        self.subscribers.push(Arc::new(subscriber));
    }

    /// A subscriber: a closure that has nothing to wait for.
    pub fn on(&mut self, listener: impl Fn(&Event) + Send + Sync + 'static) {
        self.subscriber(Listener(listener));
    }

    /// Something that a server does again and again.
    pub fn chore(&mut self, chore: Chore) {
        self.chores.push(chore);
    }

    /// What the app makes of what a door is given when it opens: of its database, or of a client for other servers. It is
    /// kept with the door by its type; `None` keeps nothing. Whoever only checks settings does not ask for it.
    pub fn open<T: Send + Sync + 'static>(
        &mut self,
        make: impl Fn(&Given<'_>) -> Result<Option<T>, SettingsError> + Send + Sync + 'static,
    ) {
        self.openings
            .push(Box::new(move |given, slots| Ok(slots.with_some(make(given)?))));
    }

    /// Something that modules below apps ask for by its type, such as what an app made of its settings: it is kept with the
    /// door.
    pub(crate) fn keep<T: Send + Sync + 'static>(&mut self, value: &Arc<T>) {
        let value = Arc::clone(value);
        self.openings.push(Box::new(
            move |_, slots| Ok(slots.with_shared(Arc::clone(&value))),
        ));
    }

    /// A cookie of that name, which no other may have. `key` says in a message who sets it: a key of the settings, or the
    /// app's label.
    pub fn cookie(&mut self, key: &'static str, name: &'static str) {
        self.cookies.push((key, name));
    }

    /// What counts attempts to log in. A door has one; of several the last one counts.
    pub fn login_limit(&mut self, limit: impl LoginLimit) {
        self.login_limit = Some(Limit(Arc::new(limit)));
    }

    /// What gives single users a rate of their own. A door has one; of several the last one counts.
    pub fn user_rates(&mut self, rates: impl UserRates + 'static) {
        self.user_rates = Some(SiteUserRates(Arc::new(rates)));
    }
}

impl Installed {
    /// Keeps what the apps add, and what they make of what the door was given.
    pub(crate) fn keep_in(self, slots: Slots, given: &Given<'_>) -> Result<Slots, SettingsError> {
        let slots = slots
            .with(InstalledEndpoints(self.endpoints))
            .with(Chores(self.chores))
            .with(Checks(self.checks));
        let mut openings = self.openings.iter();
        openings.try_fold(slots, |slots, open| open(given, slots))
    }
}

impl fmt::Debug for Installed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Installed")
            .field("endpoints", &self.endpoints)
            .field("chores", &self.chores)
            .field("checks", &self.checks)
            .finish_non_exhaustive()
    }
}
