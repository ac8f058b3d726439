//! `[redis]`: what several nodes share.

use doorward_django::secret::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Period;

/// `[redis]`: what several nodes count together.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RedisSettings {
    /// The address, `redis://…` or `rediss://…` (`CACHES`); may hold a password. Without one, counters stay in the
    /// process.
    pub url: Option<Secret<String>>,
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
            prefix: "doorward:".to_owned(),
            timeout: Period::from_millis(50),
        }
    }
}
