//! [`DoorBuilder`]: what a door is given before it opens.

use std::fmt;
use std::sync::Arc;

use super::{Door, Inner, secret_keys, trusted_origins};
use crate::clock::{Clock, SystemClock};
use crate::endpoints;
use crate::entropy::{Entropy, SystemEntropy};
use crate::passwords::PasswordHashing;
use crate::security::Security;
use crate::settings::{Settings, SettingsError};
use crate::signals::{Event, Listener, Subscriber};
use crate::stores::Stores;
use crate::throttling::ThrottleRules;
use crate::tokens::TokenRules;

/// A door that is not open yet: it may still be given subscribers, a clock and a source of chance.
#[must_use = "a door is made by `build`"]
pub struct DoorBuilder {
    settings: Settings,
    stores: Stores,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    subscribers: Vec<Arc<dyn Subscriber>>,
}

impl DoorBuilder {
    pub(super) fn new(settings: Settings, stores: Stores) -> Self {
        Self {
            settings,
            stores,
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            subscribers: Vec::new(),
        }
    }

    /// With that clock in place of the machine's.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// With that source of chance in place of the system's.
    pub fn entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    /// One more subscriber, which hears of every [`Event`] after those before it.
    pub fn subscribe(mut self, subscriber: impl Subscriber + 'static) -> Self {
        self.subscribers.push(Arc::new(subscriber));
        self
    }

    /// One more subscriber: a closure that has nothing to wait for.
    pub fn on(self, listener: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.subscribe(Listener(listener))
    }

    /// The door.
    ///
    /// # Errors
    /// [`SettingsError`] names the key whose value is impossible or not supported yet.
    pub fn build(self) -> Result<Door, SettingsError> {
        let Self {
            settings,
            stores,
            clock,
            entropy,
            subscribers,
        } = self;
        settings.validate()?;
        endpoints::check(&settings.urls)?;
        Ok(Door(Arc::new(Inner {
            secret_keys: secret_keys(&settings),
            passwords: PasswordHashing::new(&settings.passwords)?,
            tokens: TokenRules::new(&settings)?,
            security: Security::new(&settings)?,
            throttle_rules: ThrottleRules::new(&settings.throttle)?,
            trusted_origins: trusted_origins(&settings)?,
            authenticators: settings.rest.default_authenticators(),
            permissions: settings.rest.default_permissions(),
            throttles: settings.rest.default_throttles(),
            subscribers,
            settings,
            stores,
            clock,
            entropy,
        })))
    }
}

impl fmt::Debug for DoorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DoorBuilder")
    }
}
