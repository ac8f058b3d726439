//! [`Door`]: settings, stores, clock and chance, put together once.

mod builder;
mod stateless;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::ConnectInfo;
use doorward_django::csrf::TrustedOrigins;
use doorward_django::jwt;
use doorward_django::secret::{SecretKey, SecretKeys};
use doorward_django::timestamp::Timestamp;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue};

pub use builder::DoorBuilder;

use crate::authentication::backends::{CredentialsBackend, Twins};
use crate::authentication::{Authenticator, IntrospectionClient, RemoteUserRules};
use crate::clock::Clock;
use crate::endpoints;
use crate::entropy::{self, Entropy};
use crate::lockout::Lockout;
use crate::mail::PostOffice;
use crate::parsers::ParserRules;
use crate::passwords::PasswordHashing;
use crate::permissions::Permission;
use crate::router::Router;
use crate::security::Security;
use crate::settings::origin::origin;
use crate::settings::{Settings, SettingsError, SettingsErrors};
use crate::signals::{self, Event, Subscriber};
use crate::stores::Stores;
use crate::throttling::{Throttle, ThrottleRules};
use crate::tokens::{OwnClaims, TokenRules};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Everything a request is judged by; cheap to clone.
///
/// Two doors with different settings live in one process.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    settings: Settings,
    secret_keys: SecretKeys,
    stores: Stores,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    passwords: PasswordHashing,
    tokens: TokenRules,
    own_claims: OwnClaims,
    introspection: Option<IntrospectionClient>,
    kind: Kind,
    security: Security,
    throttle_rules: ThrottleRules,
    lockout: Option<Lockout>,
    trusted_origins: TrustedOrigins,
    authenticators: Vec<Arc<dyn Authenticator>>,
    permissions: Vec<Arc<dyn Permission>>,
    throttles: Vec<Arc<dyn Throttle>>,
    subscribers: Vec<Arc<dyn Subscriber>>,
    backends: Vec<Arc<dyn CredentialsBackend>>,
    twins: Twins,
    post_office: PostOffice,
    remote_user: RemoteUserRules,
    parser_rules: ParserRules,
}

/// Whether there is anybody to look up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    OnStores,
    Stateless,
}

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

    /// A door without users, sessions and stores, for a service that only verifies tokens (a resource server).
    ///
    /// It needs no secret key, but public keys (`jwt.verifying_key`, `jwt.keys`, `jwt.jwk_url`), a secret that it
    /// shares with the issuer, or somebody to ask (`jwt.introspection`). Its routes are guarded by
    /// [`JwtStatelessUserAuthentication`](crate::authentication::JwtStatelessUserAuthentication), or by
    /// [`TokenIntrospection`](crate::authentication::TokenIntrospection) where somebody is asked.
    ///
    /// # Errors
    /// As [`Door::new`]; also where nothing could verify a token.
    pub fn stateless(settings: Settings) -> Result<Self, SettingsErrors> {
        DoorBuilder::stateless(settings).build()
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

    /// A router whose routes this door guards.
    #[must_use]
    pub fn router(&self) -> Router {
        Router::new(self.clone())
    }

    /// The endpoints of the settings: obtain, refresh, verify, blacklist, login, logout.
    #[must_use]
    pub fn endpoints(&self) -> Router {
        endpoints::router(self)
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// What is kept.
    #[must_use]
    pub fn stores(&self) -> &Stores {
        &self.0.stores
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// A reading of the clock that never goes back, for what is measured.
    #[must_use]
    pub fn monotonic(&self) -> Timestamp {
        self.0.clock.monotonic()
    }

    /// The address of the client that sent a request with these extensions and headers: the peer's, or the one that
    /// trusted proxies forward, as throttles count it (`[throttle] num_proxies`, `trusted_proxies`). `None` where the
    /// server told no peer.
    #[must_use]
    pub fn client_address(&self, extensions: &Extensions, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip();
        let forwarded = headers.get_all(X_FORWARDED_FOR).iter();
        let forwarded = forwarded.map(HeaderValue::as_bytes);
        Some(self.0.throttle_rules.address(peer, forwarded))
    }

    /// `N` random bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        entropy::bytes(&*self.0.entropy)
    }

    /// The secret key, and those that were before it.
    #[must_use]
    pub fn secret_keys(&self) -> &SecretKeys {
        &self.0.secret_keys
    }

    /// Where passwords are hashed.
    #[must_use]
    pub fn passwords(&self) -> &PasswordHashing {
        &self.0.passwords
    }

    /// The rules and keys of JSON web tokens.
    #[must_use]
    pub fn tokens(&self) -> &TokenRules {
        &self.0.tokens
    }

    /// What new tokens say besides.
    pub(crate) fn own_claims(&self) -> &OwnClaims {
        &self.0.own_claims
    }

    /// The rules on JSON web tokens' claims.
    #[must_use]
    pub fn jwt(&self) -> &jwt::Rules {
        self.0.tokens.rules()
    }

    /// Who knows names and passwords, in the order of asking (`AUTHENTICATION_BACKENDS`).
    #[must_use]
    pub fn backends(&self) -> &[Arc<dyn CredentialsBackend>] {
        &self.0.backends
    }

    pub(crate) fn twins(&self) -> &Twins {
        &self.0.twins
    }

    /// Tells every subscriber what happened; for paths of one's own. None of them can make it fail.
    pub async fn emit(&self, event: &Event) {
        signals::send(self, &self.0.subscribers, event).await;
    }

    pub(crate) fn introspection(&self) -> Option<&IntrospectionClient> {
        self.0.introspection.as_ref()
    }

    /// Whether this door only verifies tokens.
    #[must_use]
    pub fn is_stateless(&self) -> bool {
        self.0.kind == Kind::Stateless
    }

    pub(crate) fn remote_user(&self) -> &RemoteUserRules {
        &self.0.remote_user
    }

    pub(crate) fn parser_rules(&self) -> &ParserRules {
        &self.0.parser_rules
    }

    pub(crate) fn post_office(&self) -> &PostOffice {
        &self.0.post_office
    }

    /// Tries every letter that waits for its mail server once more, and waits for all that are on their way: for the end of a
    /// process. Bound it in time.
    pub async fn finish_letters(&self) {
        self.post_office().close().await;
    }

    pub(crate) fn security(&self) -> &Security {
        &self.0.security
    }

    pub(crate) fn trusted_origins(&self) -> &TrustedOrigins {
        &self.0.trusted_origins
    }

    pub(crate) fn authenticators(&self) -> &[Arc<dyn Authenticator>] {
        &self.0.authenticators
    }

    pub(crate) fn permissions(&self) -> &[Arc<dyn Permission>] {
        &self.0.permissions
    }

    pub(crate) fn throttles(&self) -> &[Arc<dyn Throttle>] {
        &self.0.throttles
    }

    /// `None` where failed logins are not counted.
    pub(crate) fn lockout(&self) -> Option<&Lockout> {
        self.0.lockout.as_ref()
    }

    pub(crate) fn throttle_rules(&self) -> &ThrottleRules {
        &self.0.throttle_rules
    }
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

fn trusted_origins(settings: &Settings) -> Result<TrustedOrigins, SettingsError> {
    let wrong = |problem: String| SettingsError::new("csrf.trusted_origins", problem);
    let origins = settings.csrf.trusted_origins.iter().map(|text| origin(text));
    let origins: Vec<String> = origins.collect::<Result<_, _>>().map_err(wrong)?;
    TrustedOrigins::parse(origins.iter().map(String::as_str)).map_err(|error| wrong(error.to_string()))
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Door")
    }
}
