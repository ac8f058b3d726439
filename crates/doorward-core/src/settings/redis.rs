//! `[redis]`: what several nodes share.

use doorward_django::secret::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Period;

/// `[redis]`: what several nodes count together, and what they know together.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RedisSettings {
    /// The address, `redis://…` or `rediss://…` (`CACHES`); may hold a password. With `sentinels` its host is the name of
    /// the service, of a `cluster` it may name several nodes, `a:6379,b:6379`. Without one, counters stay in the process.
    pub url: Option<Secret<String>>,
    /// The addresses of the Sentinels that know where the primary is (django-redis' `SENTINELS`); may hold passwords.
    pub sentinels: Vec<Secret<String>>,
    /// Whether the servers are nodes of a Redis Cluster.
    pub cluster: bool,
    /// The certificates that `rediss://` believes instead of the system's, as a PEM file (redis-py's `ssl_ca_certs`).
    pub tls_ca: Option<String>,
    /// The certificate chain that is shown to servers, as a PEM file (redis-py's `ssl_certfile`).
    pub tls_cert: Option<String>,
    /// Its private key, as a PEM file (redis-py's `ssl_keyfile`).
    pub tls_key: Option<String>,
    /// What every key begins with.
    pub prefix: String,
    /// How long a request waits for an answer at most.
    pub timeout: Period,
}

super::of_field!(RedisSettings, redis);

impl Default for RedisSettings {
    fn default() -> Self {
        Self {
            url: None,
            sentinels: Vec::new(),
            cluster: false,
            tls_ca: None,
            tls_cert: None,
            tls_key: None,
            prefix: "doorward:".to_owned(),
            timeout: Period::from_millis(50),
        }
    }
}
