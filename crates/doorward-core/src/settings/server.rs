//! What surrounds the door: database, cache, listener, addresses.

use std::collections::BTreeMap;

use doorward_django::secret::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AcmeSettings, Http2Settings, Period};

/// A file in the working directory.
const DATABASE_URL: &str = "sqlite://doorward.sqlite3";

/// `[database]`: Django's `DATABASES`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct DatabaseSettings {
    /// `sqlite://path`, `postgres://…` or `mysql://…` (`DATABASES`); may hold a password.
    #[schemars(extend("default" = DATABASE_URL))]
    pub url: Secret<String>,
    /// How many connections to a server one process holds at most; half of them read, half write (`OPTIONS.pool.max_size`).
    pub max_connections: u32,
    /// How long a request waits for a connection that is free (`OPTIONS.pool.timeout`).
    pub pool_timeout: Period,
    /// How long a server may take to accept a connection; `connect_timeout` of the address counts first.
    pub connect_timeout: Period,
    /// How long a statement waits for a lock.
    pub lock_timeout: Period,
    /// How old a connection to a server gets (`OPTIONS.pool.max_lifetime`).
    pub max_lifetime: Period,
    /// Whether statements stay prepared on a connection. Where it is not set, it is found out: behind a pooler that lends its
    /// sessions for a transaction each they do not (`DISABLE_SERVER_SIDE_CURSORS`).
    pub prepared_statements: Option<bool>,
    /// The zone of the times that Django keeps there with `USE_TZ = False` (`TIME_ZONE`); `UTC` with `USE_TZ = True`.
    pub time_zone: String,
}

super::of_field!(DatabaseSettings, database);

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self {
            url: Secret::new(DATABASE_URL.to_owned()),
            max_connections: 16,
            pool_timeout: Period::from_secs(5),
            connect_timeout: Period::from_secs(5),
            lock_timeout: Period::from_secs(5),
            max_lifetime: Period::from_secs(3_600),
            prepared_statements: None,
            time_zone: "UTC".to_owned(),
        }
    }
}

/// `[cache]`: what is remembered of users and credentials, and how fresh it must be.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct CacheSettings {
    /// Whether anything is remembered at all.
    pub enabled: bool,
    /// How old what a request is judged by may be; `0s`: each request is judged by what is so after it came.
    pub max_staleness: Period,
    /// How long anything is remembered at most.
    pub max_age: Period,
    /// Whether the change feed is used.
    pub feed: FeedUse,
    /// How many facts are remembered at most, of all kinds together.
    pub capacity: u64,
    /// How much memory is taken by what is remembered, in bytes, about.
    pub max_memory: u64,
}

super::of_field!(CacheSettings, cache);

/// Whether the change feed is used, which tells what others write to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FeedUse {
    /// Where it is installed.
    Auto,
    /// Always: that it is not installed, or down, is an error in the log.
    On,
    /// Never: what is remembered is read again after `max_staleness`.
    Off,
}

impl Default for CacheSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            max_staleness: Period::from_millis(100),
            max_age: Period::from_secs(60),
            feed: FeedUse::Auto,
            capacity: 1_000_000,
            max_memory: 128 << 20,
        }
    }
}

/// `[server]`: the listener of the ready server.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
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
    /// How many values and names a JSON body may have: 400 past it.
    pub max_json_values: usize,
    /// How long requests in flight may take after SIGTERM.
    pub shutdown_grace: Period,
    /// How long new connections are still taken after SIGTERM, while `/readyz` says no.
    pub shutdown_delay: Period,
    /// How long a client may take to send its headers.
    pub header_timeout: Period,
    /// The largest head of a request that is read, in bytes: 431 past it.
    pub max_header: usize,
    /// How long a handler may wait for a client's body: 408 past it; `0s` is for ever.
    pub body_timeout: Period,
    /// How many bytes of a body buy it one second more than `body_timeout`; `0` gives no more time, however long it is.
    pub body_min_rate: u64,
    /// How long a handler may take, waiting for the body not counted: 503 past it; `0s` is for ever.
    pub handler_timeout: Period,
    /// How long a client may leave its answer unread before its connection is closed; `0s` is for ever.
    pub write_timeout: Period,
    /// How long a connection may stay open between two requests.
    pub keep_alive_timeout: Period,
    /// How many connections there may be, more wait; as many as the process may have files open, less some, unless set.
    pub max_connections: Option<usize>,
    /// How many requests may be in work at once: 503 past it, but for health probes.
    pub max_requests_in_flight: usize,
    /// How often the process writes that it serves, for `doorward status`; `0s` is never.
    pub heartbeat: Period,
    /// Certificates from an authority that speaks ACME.
    pub acme: AcmeSettings,
    /// What holds for HTTP/2.
    pub http2: Http2Settings,
}

super::of_field!(ServerSettings, server);

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            bind: "127.0.0.1:8000".to_owned(),
            tls_cert: None,
            tls_key: None,
            acme: AcmeSettings::default(),
            max_body: 2_621_440,
            max_json_values: 100_000,
            shutdown_grace: Period::from_secs(30),
            shutdown_delay: Period::from_secs(0),
            header_timeout: Period::from_secs(10),
            max_header: 65_536,
            body_timeout: Period::from_secs(30),
            body_min_rate: 4_096,
            handler_timeout: Period::from_secs(60),
            write_timeout: Period::from_secs(30),
            keep_alive_timeout: Period::from_secs(75),
            max_connections: None,
            max_requests_in_flight: 2_048,
            heartbeat: Period::from_secs(10),
            http2: Http2Settings::default(),
        }
    }
}

/// `[urls]`: the paths of the ready server; `false` switches an endpoint off.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct UrlSettings(pub BTreeMap<String, UrlSetting>);

impl UrlSettings {
    /// The path of the endpoint of that name: its usual one unless moved; `None` where it is switched off.
    #[must_use]
    pub fn path<'a>(&'a self, name: &str, usual: &'a str) -> Option<&'a str> {
        match self.0.get(name) {
            None | Some(UrlSetting::Switch(true)) => Some(usual),
            Some(UrlSetting::Switch(false)) => None,
            Some(UrlSetting::Path(path)) => Some(path),
        }
    }
}

/// Where an endpoint stands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged, expecting = "expected a path, true or false")]
pub enum UrlSetting {
    /// Switched off (`false`) or left where it is (`true`).
    Switch(bool),
    /// Moved to that path.
    Path(String),
}
