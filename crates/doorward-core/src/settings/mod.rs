//! [`Settings`]: everything that can be configured, as plain structs with Django's, DRF's and SimpleJWT's defaults.
//!
//! Two doors with different settings live in one process: nothing here is global, and nothing is read later than
//! [`Door::new`](crate::Door::new), which resolves it once. They are data: what a module makes of its section, and what
//! it refuses, stands in that module.

mod acme;
mod check_id;
mod cors;
mod error;
pub mod header;
mod http2;
mod jwt;
mod names;
mod one_or_more;
pub(crate) mod origin;
mod password_costs;
mod passwords;
pub(crate) mod pattern;
mod period;
mod read;
pub(crate) mod ready_server;
mod redis;
pub mod reference;
mod rest;
mod section;
mod sections;
mod security;
mod server;
mod sessions;
mod throttle;
#[doc(hidden)]
pub mod tree;
mod user;
pub mod validate;
mod validators;

use doorward_django::secret::Secret;
use schemars::JsonSchema;
use serde::Deserialize;

pub use acme::AcmeSettings;
pub use check_id::CheckId;
pub use cors::CorsSettings;
pub use error::{Errors, SettingsError, SettingsErrors};
pub use http2::Http2Settings;
pub use jwt::{
    Audience, Blacklist, ClaimTemplate, ClaimTemplateError, IntrospectionSettings, JwtCookieSettings,
    JwtKeySettings, JwtSettings, KeyDirectory, ReuseBinding, SecretFile, TokenClass, TokenStorage, UserClaim,
};
pub(crate) use names::Name;
pub use one_or_more::OneOrMore;
pub use password_costs::PasswordCosts;
pub use passwords::{BackendName, PasswordSettings};
pub use period::Period;
pub use redis::RedisSettings;
pub use rest::{
    AuthenticatorName, ExceptionHandlerName, PermissionName, RestSettings, ThrottleName, TrailingSlash,
};
pub(crate) use section::of_field;
pub use section::{Section, SectionKind};
use sections::Sections;
pub use security::SecuritySettings;
pub use server::{CacheSettings, DatabaseSettings, FeedUse, ServerSettings, UrlSetting, UrlSettings};
pub use sessions::{
    CsrfSettings, SameSite, SessionCacheSettings, SessionCompressor, SessionEngine, SessionSerializer,
    SessionSettings,
};
pub use throttle::{AlgorithmName, PlanSettings, ThrottleSettings};
pub use user::{
    FreshValue, NewUserValue, SessionAuthAlgorithm, SessionAuthHashSettings, UserFieldKind, UserFlag,
    UserIdType, UserSettings,
};
pub use validate::Findings;
pub use validators::{PasswordListFile, ValidatorName, ValidatorSettings};

/// The whole configuration of one door: keys of the settings file, and its sections.
///
/// [`Settings::read`] reads all of it. Serde alone reads what is a field here.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Settings {
    /// What everything is signed with (`SECRET_KEY`): at least 32 bytes, at least 5 different characters. A door
    /// does not open without one.
    pub secret_key: Secret<String>,
    /// Older secret keys, which still verify sessions (`SECRET_KEY_FALLBACKS`); as in SimpleJWT, not JSON web
    /// tokens.
    pub secret_key_fallbacks: Vec<Secret<String>>,
    /// Whether explanations meant for developers are given (`DEBUG`). `allowed_hosts` may be empty then, which
    /// means this machine's own names.
    pub debug: bool,
    /// The hosts that this site answers for (`ALLOWED_HOSTS`); `.example.com` covers subdomains, `*` all.
    pub allowed_hosts: Vec<String>,
    /// Whether an address without its final slash is redirected (`APPEND_SLASH`).
    pub append_slash: bool,
    /// Checks whose messages `doorward check` leaves out, by id (`SILENCED_SYSTEM_CHECKS`).
    pub silenced_checks: Vec<CheckId>,
    /// `[database]`
    #[schemars(skip)]
    pub database: DatabaseSettings,
    /// `[redis]`
    #[schemars(skip)]
    pub redis: RedisSettings,
    /// `[user]`
    #[schemars(skip)]
    pub user: UserSettings,
    /// `[rest]`
    #[schemars(skip)]
    pub rest: RestSettings,
    /// `[passwords]`
    #[schemars(skip)]
    pub passwords: PasswordSettings,
    /// `[session]`
    #[schemars(skip)]
    pub session: SessionSettings,
    /// `[csrf]`
    #[schemars(skip)]
    pub csrf: CsrfSettings,
    /// `[cors]`
    #[schemars(skip)]
    pub cors: CorsSettings,
    /// `[throttle]`
    #[schemars(skip)]
    pub throttle: ThrottleSettings,
    /// `[jwt]`
    #[schemars(skip)]
    pub jwt: JwtSettings,
    /// `[cache]`
    #[schemars(skip)]
    pub cache: CacheSettings,
    /// `[security]`
    #[schemars(skip)]
    pub security: SecuritySettings,
    /// `[server]`
    #[schemars(skip)]
    pub server: ServerSettings,
    /// `[urls]`
    #[schemars(skip)]
    pub urls: UrlSettings,
    #[serde(skip)]
    pub(crate) sections: Sections,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            secret_key: Secret::new(String::new()),
            secret_key_fallbacks: Vec::new(),
            debug: false,
            allowed_hosts: ["127.0.0.1", "localhost", "[::1]"].map(str::to_owned).into(),
            append_slash: true,
            silenced_checks: Vec::new(),
            database: DatabaseSettings::default(),
            redis: RedisSettings::default(),
            user: UserSettings::default(),
            rest: RestSettings::default(),
            passwords: PasswordSettings::default(),
            session: SessionSettings::default(),
            csrf: CsrfSettings::default(),
            cors: CorsSettings::default(),
            throttle: ThrottleSettings::default(),
            jwt: JwtSettings::default(),
            cache: CacheSettings::default(),
            security: SecuritySettings::default(),
            server: ServerSettings::default(),
            urls: UrlSettings::default(),
            sections: Sections::default(),
        }
    }
}
