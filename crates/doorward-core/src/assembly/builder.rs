//! [`DoorBuilder`]: what a door is given before it opens.

use std::fmt;
use std::sync::Arc;

use doorward_db::{Database, Schema};
use doorward_django::passwords::CAN_HASH;
use doorward_django::secret::{SecretKey, SecretKeys};

use super::ResolvedSettings;
use super::rules::Rules;
use crate::app::Given;
use crate::apps::times;
use crate::backends::{Backends, CredentialsBackend, Twins};
use crate::cache::{CacheRules, Source};
use crate::clock::{Clock, SystemClock};
use crate::door::{Door, Parts, Stateless};
use crate::entropy::{Entropy, SystemEntropy};
use crate::exception_handler::{ExceptionHandler, SiteExceptionHandler};
use crate::http_client::HttpClient;
use crate::sessions::Engine;
use crate::settings::{Findings, Settings, SettingsError, SettingsErrors};
use crate::signals::{Event, Listener, Subscriber, Subscribers};
use crate::slots::Slots;
use crate::stores::{SessionCache, Stores};
use crate::throttling::{SiteUserRates, UserRates};

impl Door {
    /// A door on those stores, with the machine's clock and chance.
    ///
    /// # Errors
    /// [`SettingsErrors`] names each key whose value is impossible or not supported yet.
    pub fn new(settings: Settings, stores: Stores) -> Result<Self, SettingsErrors> {
        Self::builder(settings, stores).build()
    }

    /// A door on those stores that is given more before it opens: subscribers, a clock.
    pub fn builder(settings: Settings, stores: Stores) -> DoorBuilder {
        DoorBuilder::new(settings, stores)
    }

    /// A door with a clock and a source of chance of one's own.
    ///
    /// # Errors
    /// As [`Door::new`].
    pub fn with_sources(
        settings: Settings,
        stores: Stores,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, SettingsErrors> {
        Self::builder(settings, stores)
            .clock(clock)
            .entropy(entropy)
            .build()
    }
}

/// A door that is not open yet: it may still be given subscribers, a clock and a source of chance.
#[must_use = "a door is made by `build`"]
pub struct DoorBuilder {
    pub(super) settings: Settings,
    stores: Stores,
    clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) stateless: Option<Stateless>,
    rules: Option<Rules>,
    subscribers: Vec<Arc<dyn Subscriber>>,
    own_backends: OwnBackends,
    backends: Vec<Arc<dyn CredentialsBackend>>,
    given: Slots,
}

/// Whether the backends of `passwords.backends` are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OwnBackends {
    OfTheSettings,
    None,
}

impl DoorBuilder {
    pub(crate) fn new(settings: Settings, stores: Stores) -> Self {
        Self {
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            stateless: None,
            rules: None,
            subscribers: Vec::new(),
            backends: Vec::new(),
            own_backends: OwnBackends::OfTheSettings,
            given: Slots::default(),
            settings,
            stores,
        }
    }

    /// As [`Door::builder`], for settings that were judged already.
    pub fn of(resolved: ResolvedSettings, stores: Stores) -> Self {
        Self {
            rules: Some(resolved.rules),
            ..Self::new(resolved.settings, stores)
        }
    }

    /// With that client, to ask other services for their keys and what tokens are worth.
    pub fn http_client(self, client: Arc<dyn HttpClient>) -> Self {
        self.give(client)
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

    /// One more backend for names and passwords, asked after those of the settings (`passwords.backends`).
    pub fn backend(mut self, backend: impl CredentialsBackend + 'static) -> Self {
        self.backends.push(Arc::new(backend));
        self
    }

    /// Exactly these backends, in this order, whatever the settings say.
    pub fn backends(mut self, backends: impl IntoIterator<Item = Arc<dyn CredentialsBackend>>) -> Self {
        self.own_backends = OwnBackends::None;
        self.backends = backends.into_iter().collect();
        self
    }

    /// The database that the stores stand on, for the tables of apps: [`Door::database`].
    pub fn database(self, database: &Database) -> Self {
        self.give(database.clone())
    }

    /// What the tables of that database are called.
    pub fn schema(self, schema: &Schema) -> Self {
        self.give(schema.clone())
    }

    /// What it was given of that type until now; for apps whose builders take several values one by one.
    #[must_use]
    pub fn given<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.given.get()
    }

    /// A value that an app asks for by its type when the door opens: see [`Given::get`](crate::app::Given::get).
    pub fn give<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.given = self.given.with(value);
        self
    }

    /// What words failures, whatever `rest.exception_handler` says.
    ///
    /// ```
    /// # use doorward_core::{Door, settings::{Settings, SettingsErrors}, stores::Stores};
    /// use doorward_core::exception_handler::{ErrorResponse, ExceptionContext, exception_handler};
    /// use doorward_core::exceptions::ApiException;
    ///
    /// # fn open(settings: Settings, stores: Stores) -> Result<Door, SettingsErrors> {
    /// let in_an_envelope = |exception: &ApiException, cx: &ExceptionContext<'_>| {
    ///     let mut response = exception_handler(exception, cx);
    ///     response.data = serde_json::json!({ "code": exception.code(), "errors": response.data });
    ///     response
    /// };
    /// Door::builder(settings, stores).exception_handler(in_an_envelope).build()
    /// # }
    /// ```
    pub fn exception_handler(self, handler: impl ExceptionHandler + 'static) -> Self {
        self.shared_exception_handler(Arc::new(handler))
    }

    /// As [`DoorBuilder::exception_handler`], for one that others use too.
    pub fn shared_exception_handler(self, handler: Arc<dyn ExceptionHandler>) -> Self {
        self.give(SiteExceptionHandler(handler))
    }

    /// What gives single users a rate of their own, in place of what an app brings.
    pub fn user_rates(self, rates: impl UserRates + 'static) -> Self {
        self.give(SiteUserRates(Arc::new(rates)))
    }

    /// The door.
    ///
    /// # Errors
    /// [`SettingsErrors`] names each key whose value is impossible or not supported yet.
    pub fn build(mut self) -> Result<Door, SettingsErrors> {
        match self.stateless {
            Some(_) => self.prepare_stateless()?,
            None if !CAN_HASH => return Err(no_hashers().into()),
            None => {}
        }
        let rules = match self.rules.take() {
            Some(rules) => rules,
            None => Findings::of(|found| Rules::resolve(&self.settings, found))?,
        };
        Ok(self.door(rules)?)
    }

    fn door(mut self, mut rules: Rules) -> Result<Door, SettingsError> {
        let settings = &self.settings;
        let engine = Engine::new(&settings.session, self.given.get::<Arc<dyn SessionCache>>())?;
        let mut installed = rules.apps.installed;
        self.subscribers.splice(..0, installed.subscribers.drain(..));
        if self.own_backends == OwnBackends::OfTheSettings {
            self.backends.splice(..0, rules.named.backends.drain(..));
        }
        let slots = rules
            .named
            .keep(rules.apps.states)
            .with_some(self.given.get::<Database>().cloned())
            .with_some(self.given.get::<Schema>().cloned())
            .with_some(self.given.get::<SiteExceptionHandler>().cloned())
            .with_some(self.stateless)
            .with_some(installed.login_limit.take())
            .with(engine)
            .with(times(&settings.database))
            .with(Twins::default())
            .with(Subscribers(self.subscribers))
            .with(Backends(self.backends));
        if let (Some(rates), None) = (installed.user_rates.take(), self.given.get::<SiteUserRates>()) {
            self.given = self.given.with(rates);
        }
        let given = Given::new(settings, &self.given, self.stateless);
        let slots = installed.keep_in(slots, &given)?;
        let cache = CacheRules::of(&settings.cache).filter(|_| self.stateless.is_none());
        let schema = given.schema();
        let watched = given.database().map(|database| (database, &schema.user));
        let Source { stores, principals } = Source::new(self.stores, cache.as_ref(), &self.clock, watched);
        Ok(Door::of(Parts {
            secret_keys: secret_keys(settings),
            passwords: rules.passwords.with_clock(Arc::clone(&self.clock)),
            settings: self.settings,
            stores,
            principals,
            clock: self.clock,
            entropy: self.entropy,
            slots,
        }))
    }
}

fn no_hashers() -> SettingsError {
    let problem = "this build has no password hashers; turn on the feature `passwords` of `doorward`";
    SettingsError::new("passwords.hashers", problem)
}

fn secret_keys(settings: &Settings) -> SecretKeys {
    let fallbacks = settings
        .secret_key_fallbacks
        .iter()
        .map(|key| SecretKey::new(key.expose().as_str()));
    SecretKeys {
        current: SecretKey::new(settings.secret_key.expose().as_str()),
        fallbacks: fallbacks.collect(),
    }
}

impl fmt::Debug for DoorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DoorBuilder")
    }
}

#[cfg(test)]
mod tests {
    use std::any::type_name;

    use doorward_django::secret::Secret;

    use super::*;
    use crate::app::{Checks, Chores, InstalledEndpoints};
    use crate::authentication::DefaultAuthenticators;
    use crate::cors::Cors;
    use crate::csrf::CsrfRules;
    use crate::parsers::ParserRules;
    use crate::permissions::DefaultPermissions;
    use crate::security::Security;
    use crate::throttling::{DefaultThrottles, ThrottleRules};

    /// Accessors that answer without asking first whether anything is there.
    #[test]
    fn a_door_has_every_slot_that_is_required_of_it() {
        fn has<T: Send + Sync + 'static>(door: &Door) {
            assert!(door.slot::<T>().is_some(), "{} is missing", type_name::<T>());
        }
        let mut settings = Settings {
            secret_key: Secret::new("a key for a test, as long as all of them are to be".to_owned()),
            ..Settings::default()
        };
        settings.rest.authentication.clear();
        settings.passwords.backends.clear();
        let door = Door::stateless(settings).unwrap();
        has::<Cors>(&door);
        has::<Backends>(&door);
        has::<Checks>(&door);
        has::<Chores>(&door);
        has::<DefaultAuthenticators>(&door);
        has::<DefaultPermissions>(&door);
        has::<DefaultThrottles>(&door);
        has::<InstalledEndpoints>(&door);
        has::<ParserRules>(&door);
        has::<Security>(&door);
        has::<Subscribers>(&door);
        has::<ThrottleRules>(&door);
        has::<CsrfRules>(&door);
        has::<Twins>(&door);
        has::<Engine>(&door);
        has::<doorward_db::schema::Times>(&door);
    }
}
