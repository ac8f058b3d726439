//! What surrounds the door: database, cache, listener, addresses.

use std::collections::BTreeMap;

use doorward_django::secret::Secret;
use serde::Deserialize;

use super::Period;

/// `[database]`: Django's `DATABASES`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct DatabaseSettings {
    /// `sqlite://path`, `postgres://…` or `mysql://…`; may hold a password.
    pub url: Secret<String>,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self {
            url: Secret::new("sqlite://doorward.sqlite3".to_owned()),
        }
    }
}

/// `[redis]`: Django's `CACHES`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RedisSettings {
    /// The address; without one, counters stay in the process.
    pub url: Option<Secret<String>>,
}

/// `[user]`: the user table (`AUTH_USER_MODEL`).
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct UserSettings {
    /// The table's name.
    pub table: String,
    /// The type of the primary key: `int`, `uuid` or `text`.
    pub id: String,
    /// The column that holds the name to log in with.
    pub username_field: String,
}

impl Default for UserSettings {
    fn default() -> Self {
        Self {
            table: "auth_user".to_owned(),
            id: "int".to_owned(),
            username_field: "username".to_owned(),
        }
    }
}

/// `[cache]`: how fresh an answer must be.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct CacheSettings {
    /// How old what a request is judged by may be.
    pub max_staleness: Period,
    /// How long an entry is kept at most.
    pub max_age: Period,
    /// Whether the change feed is used: `auto`, `on` or `off`.
    pub feed: String,
    /// How many entries are kept.
    pub capacity: usize,
}

impl Default for CacheSettings {
    fn default() -> Self {
        Self {
            max_staleness: Period::from_millis(100),
            max_age: Period::from_secs(60),
            feed: "auto".to_owned(),
            capacity: 100_000,
        }
    }
}

/// `[server]`: the listener of the ready server.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ServerSettings {
    /// The address to listen on.
    pub bind: String,
    /// The certificate chain, as a PEM file.
    pub tls_cert: Option<String>,
    /// The private key, as a PEM file.
    pub tls_key: Option<String>,
    /// The largest body that is read, in bytes (`DATA_UPLOAD_MAX_MEMORY_SIZE`).
    pub max_body: usize,
    /// How long requests in flight may take after SIGTERM.
    pub shutdown_grace: Period,
    /// How long new connections are still taken after SIGTERM, while `/readyz` says no.
    pub shutdown_delay: Period,
    /// How long a client may take to send its headers.
    pub header_timeout: Period,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            bind: "127.0.0.1:8000".to_owned(),
            tls_cert: None,
            tls_key: None,
            max_body: 2_621_440,
            shutdown_grace: Period::from_secs(30),
            shutdown_delay: Period::from_secs(0),
            header_timeout: Period::from_secs(10),
        }
    }
}

/// `[urls]`: the paths of the ready server; `false` switches an endpoint off.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct UrlSettings(pub BTreeMap<String, UrlSetting>);

/// Where an endpoint stands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "expected a path, true or false")]
pub enum UrlSetting {
    /// Switched off (`false`) or left where it is (`true`).
    Switch(bool),
    /// Moved to that path.
    Path(String),
}
