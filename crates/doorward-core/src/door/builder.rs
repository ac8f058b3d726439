//! [`DoorBuilder`]: what a door is given before it opens.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use doorward_django::passwords::CAN_HASH;

use super::stateless;
use super::{Door, Inner, Kind, secret_keys, trusted_origins};
use crate::accounts::AutoCreate;
use crate::authentication::backends::{CredentialsBackend, Twins};
use crate::authentication::{IntrospectionClient, RemoteUserRules};
use crate::clock::{Clock, SystemClock};
use crate::entropy::{Entropy, SystemEntropy};
use crate::http_client::HttpClient;
use crate::lockout::Lockout;
use crate::mail::{Mailer, PostOffice};
use crate::parsers::ParserRules;
use crate::passwords::PasswordHashing;
use crate::security::Security;
use crate::settings::{Settings, SettingsError, SettingsErrors};
use crate::signals::{Event, Listener, Subscriber};
use crate::stores::Stores;
use crate::stores::memory::MemoryStores;
use crate::throttling::ThrottleRules;
use crate::tokens::{ClaimsOf, OwnClaims, TokenClaims, TokenRules};
use crate::user::UserRow;

/// A door that is not open yet: it may still be given subscribers, a clock and a source of chance.
#[must_use = "a door is made by `build`"]
pub struct DoorBuilder {
    settings: Settings,
    stores: Stores,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    http_client: Option<Arc<dyn HttpClient>>,
    kind: Kind,
    subscribers: Vec<Arc<dyn Subscriber>>,
    backends: Vec<Arc<dyn CredentialsBackend>>,
    mailer: Option<Arc<dyn Mailer>>,
    token_claims: Vec<Arc<dyn TokenClaims>>,
}

impl DoorBuilder {
    pub(super) fn new(settings: Settings, stores: Stores) -> Self {
        Self {
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            http_client: None,
            kind: Kind::OnStores,
            subscribers: Vec::new(),
            backends: settings.passwords.backends(),
            mailer: None,
            token_claims: Vec::new(),
            settings,
            stores,
        }
    }

    /// A door without users and stores, which only verifies tokens: see [`Door::stateless`].
    pub fn stateless(settings: Settings) -> Self {
        Self {
            kind: Kind::Stateless,
            ..Self::new(settings, MemoryStores::new().stores())
        }
    }

    /// With that client, to ask other services for their keys and what tokens are worth.
    pub fn http_client(mut self, client: Arc<dyn HttpClient>) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Whether the settings name other services, and so a client is needed to ask them.
    #[must_use]
    pub fn asks_others(&self) -> bool {
        let jwt = &self.settings.jwt;
        jwt.jwk_url.is_some() || jwt.introspection.url.is_some()
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
        self.backends = backends.into_iter().collect();
        self
    }

    /// Claims that new tokens get beside those of `[jwt.claims]`, made of the user's row: a struct or a map.
    ///
    /// ```
    /// # use doorward_core::door::DoorBuilder;
    /// #[derive(serde::Serialize)]
    /// struct Staff {
    ///     is_staff: bool,
    /// }
    ///
    /// # fn door(door: DoorBuilder) -> DoorBuilder {
    /// door.claims(|user| Staff { is_staff: user.is_staff })
    /// # }
    /// ```
    pub fn claims<T: Serialize>(self, claims: impl Fn(&UserRow) -> T + Send + Sync + 'static) -> Self {
        self.token_claims(ClaimsOf::new(claims))
    }

    /// Claims that new tokens get besides, looked up: see [`TokenClaims`].
    pub fn token_claims(mut self, claims: impl TokenClaims + 'static) -> Self {
        self.token_claims.push(Arc::new(claims));
        self
    }

    /// What carries letters, whatever `mail.url` says.
    pub fn mailer(self, mailer: impl Mailer + 'static) -> Self {
        self.shared_mailer(Arc::new(mailer))
    }

    /// As [`DoorBuilder::mailer`], for one that others use too.
    pub fn shared_mailer(mut self, mailer: Arc<dyn Mailer>) -> Self {
        self.mailer = Some(mailer);
        self
    }

    /// The door.
    ///
    /// # Errors
    /// [`SettingsErrors`] names each key whose value is impossible or not supported yet.
    pub fn build(self) -> Result<Door, SettingsErrors> {
        let Self {
            mut settings,
            stores,
            clock,
            entropy,
            http_client,
            kind,
            mut subscribers,
            backends,
            mailer,
            token_claims,
        } = self;
        if kind == Kind::Stateless {
            stateless::prepare(&mut settings, &*entropy)?;
        }
        if kind == Kind::OnStores && !CAN_HASH {
            let problem = "this build has no password hashers; turn on the feature `passwords` of `doorward`";
            return Err(SettingsError::new("passwords.hashers", problem).into());
        }
        settings.validate()?;
        if settings.token.auto_create {
            subscribers.insert(0, Arc::new(AutoCreate));
        }
        Ok(Door(Arc::new(Inner {
            secret_keys: secret_keys(&settings),
            own_claims: OwnClaims::new(settings.jwt.claims.clone(), token_claims),
            passwords: PasswordHashing::new(&settings.passwords)?.with_clock(Arc::clone(&clock)),
            tokens: TokenRules::new(&settings)?.fetching_keys(&settings.jwt, http_client.as_ref())?,
            introspection: IntrospectionClient::new(&settings.jwt.introspection, http_client.as_ref())?,
            kind,
            security: Security::new(&settings)?,
            lockout: Lockout::new(&settings.lockout)?,
            throttle_rules: ThrottleRules::new(&settings.throttle)?,
            trusted_origins: trusted_origins(&settings)?,
            authenticators: settings.rest.default_authenticators(),
            permissions: settings.rest.default_permissions(),
            throttles: settings.rest.default_throttles(),
            subscribers,
            backends,
            twins: Twins::default(),
            remote_user: RemoteUserRules::new(&settings.remote_user)?,
            parser_rules: ParserRules::new(&settings.server),
            post_office: PostOffice::new(mailer, &settings.mail)?,
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
