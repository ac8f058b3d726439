//! `[session]` and `[csrf]`: Django's `SESSION_*` and `CSRF_*`.

use doorward_django::secret::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Period;

/// `[session]`: Django's `SESSION_*`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "they are Django's settings")]
pub struct SessionSettings {
    /// Where sessions are kept (`SESSION_ENGINE`): in the table, in a cache in Redis, in both, or in the cookie itself.
    pub engine: SessionEngine,
    /// `[session.cache]`
    pub cache: SessionCacheSettings,
    /// The cookie's name (`SESSION_COOKIE_NAME`).
    pub cookie_name: String,
    /// How long a session lasts (`SESSION_COOKIE_AGE`).
    pub cookie_age: Period,
    /// Whether every request saves, and so renews, its session (`SESSION_SAVE_EVERY_REQUEST`).
    pub save_every_request: bool,
    /// Whether the cookie ends with the browser (`SESSION_EXPIRE_AT_BROWSER_CLOSE`).
    pub expire_at_browser_close: bool,
    /// Whether the cookie is sent over TLS only (`SESSION_COOKIE_SECURE`); set it wherever there is TLS.
    pub cookie_secure: bool,
    /// Whether scripts are kept from the cookie (`SESSION_COOKIE_HTTPONLY`).
    pub cookie_httponly: bool,
    /// The cookie's `SameSite` (`SESSION_COOKIE_SAMESITE`); `None` wants `cookie_secure`.
    pub cookie_samesite: SameSite,
    /// The cookie's `Domain` (`SESSION_COOKIE_DOMAIN`).
    pub cookie_domain: Option<String>,
    /// The cookie's `Path` (`SESSION_COOKIE_PATH`).
    pub cookie_path: String,
    /// Where a login leads that names no safe address itself: a path, or an address with its scheme
    /// (`LOGIN_REDIRECT_URL`); unless set, Django's `/accounts/profile/`, and `/` of the ready server.
    pub login_redirect: Option<String>,
    /// The same for a logout (`LOGOUT_REDIRECT_URL`); unless set, a page says that it is done.
    pub logout_redirect: Option<String>,
    /// How often expired sessions are deleted while the server runs; `0s`: only `doorward clearsessions` does.
    pub flush_interval: Period,
}

super::of_field!(SessionSettings, session);

impl Default for SessionSettings {
    fn default() -> Self {
        Self {
            engine: SessionEngine::Db,
            cache: SessionCacheSettings::default(),
            cookie_name: "sessionid".to_owned(),
            cookie_age: Period::from_secs(1_209_600),
            save_every_request: false,
            expire_at_browser_close: false,
            cookie_secure: false,
            cookie_httponly: true,
            cookie_samesite: SameSite::Lax,
            cookie_domain: None,
            cookie_path: "/".to_owned(),
            login_redirect: None,
            logout_redirect: None,
            flush_interval: Period::from_secs(0),
        }
    }
}

/// Where sessions are kept: the modules of `django.contrib.sessions.backends`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SessionEngine {
    /// In the table `django_session`.
    Db,
    /// In a cache alone.
    Cache,
    /// In the table, and in a cache that is asked first.
    CachedDb,
    /// In the cookie itself, signed.
    SignedCookies,
}

impl SessionEngine {
    /// Whether a cache keeps them, alone or beside the table.
    #[must_use]
    pub fn has_cache(self) -> bool {
        matches!(self, Self::Cache | Self::CachedDb)
    }

    /// Whether the table keeps them, alone or with a cache before it.
    #[must_use]
    pub fn has_table(self) -> bool {
        matches!(self, Self::Db | Self::CachedDb)
    }
}

/// `[session.cache]`: the cache of the engines `cache` and `cached_db`, the one of `CACHES` that
/// `SESSION_CACHE_ALIAS` names.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SessionCacheSettings {
    /// The address, `redis://…` or `rediss://…` (`LOCATION`); may hold a password. Unless set, that of `[redis]`.
    pub url: Option<Secret<String>>,
    /// What its keys begin with (`KEY_PREFIX`).
    pub key_prefix: String,
    /// Which version of its keys is read and written (`VERSION`).
    pub version: u32,
    /// How a session is written there: `pickle`, as Django and django-redis do, or `json` (`SERIALIZER` of django-redis).
    pub serializer: SessionSerializer,
    /// How that is compressed (`COMPRESSOR` of django-redis).
    pub compressor: SessionCompressor,
    /// How long a request waits for an answer at most.
    pub timeout: Period,
}

impl Default for SessionCacheSettings {
    fn default() -> Self {
        Self {
            url: None,
            key_prefix: String::new(),
            version: 1,
            serializer: SessionSerializer::Pickle,
            compressor: SessionCompressor::None,
            timeout: Period::from_secs(1),
        }
    }
}

/// How a session is written into a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SessionSerializer {
    /// Python's pickle.
    Pickle,
    /// JSON.
    Json,
}

/// How what is written into a cache is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SessionCompressor {
    /// Not at all.
    None,
    /// By zlib (RFC 1950).
    Zlib,
    /// By gzip (RFC 1952).
    Gzip,
}

/// `[csrf]`: Django's `CSRF_*`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct CsrfSettings {
    /// The cookie's name (`CSRF_COOKIE_NAME`).
    pub cookie_name: String,
    /// How long the cookie lasts (`CSRF_COOKIE_AGE`).
    pub cookie_age: Period,
    /// Whether the cookie is sent over TLS only (`CSRF_COOKIE_SECURE`).
    pub cookie_secure: bool,
    /// Whether scripts are kept from the cookie (`CSRF_COOKIE_HTTPONLY`).
    pub cookie_httponly: bool,
    /// The cookie's `SameSite` (`CSRF_COOKIE_SAMESITE`).
    pub cookie_samesite: SameSite,
    /// The cookie's `Domain` (`CSRF_COOKIE_DOMAIN`).
    pub cookie_domain: Option<String>,
    /// The cookie's `Path` (`CSRF_COOKIE_PATH`).
    pub cookie_path: String,
    /// The header that carries the token (`CSRF_HEADER_NAME`), as `X-CSRFToken` or in WSGI's spelling.
    pub header_name: String,
    /// Origins besides our own whose forms are accepted, with their scheme, such as
    /// `https://*.example.com` (`CSRF_TRUSTED_ORIGINS`).
    pub trusted_origins: Vec<String>,
}

super::of_field!(CsrfSettings, csrf);

impl Default for CsrfSettings {
    fn default() -> Self {
        Self {
            cookie_name: "csrftoken".to_owned(),
            cookie_age: Period::from_secs(31_449_600),
            cookie_secure: false,
            cookie_httponly: false,
            cookie_samesite: SameSite::Lax,
            cookie_domain: None,
            cookie_path: "/".to_owned(),
            header_name: "HTTP_X_CSRFTOKEN".to_owned(),
            trusted_origins: Vec::new(),
        }
    }
}

/// The `SameSite` attribute of a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum SameSite {
    /// Sent with requests of this site only.
    Strict,
    /// Sent with navigation from other sites too.
    Lax,
    /// Sent always; wants `Secure`.
    None,
}
