//! `[throttle]`: how often, and who is counted.

use std::collections::BTreeMap;

use doorward_django::sliding_window::Algorithm;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[throttle]`: `DEFAULT_THROTTLE_RATES`, `NUM_PROXIES`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ThrottleSettings {
    /// Rates by scope, such as `anon = "100/day"` (`DEFAULT_THROTTLE_RATES`), or `none`; without one, `anon` and
    /// `user` are not limited, `password_reset` is `60/h` and `password_reset_email` is `5/h`.
    pub rates: BTreeMap<String, String>,
    /// The scopes that every guarded route counts by address, before any credential is looked at.
    pub before_authentication: Vec<String>,
    /// Rates of single users and groups, in place of those of the scope, for throttles that count users (a `get_rate` of one's
    /// own).
    pub plans: Vec<PlanSettings>,
    /// How requests are counted.
    pub algorithm: AlgorithmName,
    /// How many proxies stand in front (`NUM_PROXIES`).
    pub num_proxies: Option<u32>,
    /// The networks whose forwarded addresses are believed; not together with `num_proxies`.
    pub trusted_proxies: Vec<String>,
    /// How many bits of an IPv6 address make one client.
    pub ipv6_prefix: u8,
    /// The scopes that guard passwords: where Redis is away, each node allows its share of their rates only.
    pub strict: Vec<String>,
    /// How many nodes share a Redis.
    pub nodes: u32,
    /// Whether answers tell what is left, in `RateLimit` and `RateLimit-Policy`.
    pub headers: bool,
}

super::of_field!(ThrottleSettings, throttle);

impl Default for ThrottleSettings {
    fn default() -> Self {
        Self {
            rates: BTreeMap::new(),
            before_authentication: Vec::new(),
            plans: Vec::new(),
            algorithm: AlgorithmName::SlidingWindow,
            num_proxies: None,
            trusted_proxies: Vec::new(),
            ipv6_prefix: 64,
            strict: ["login", "password_reset", "password_reset_email"]
                .map(str::to_owned)
                .into(),
            nodes: 1,
            headers: false,
        }
    }
}

/// `[[throttle.plans]]`: the first one that has the caller and names the scope counts.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PlanSettings {
    /// The names of users who have it.
    pub users: Vec<String>,
    /// The groups whose users have it.
    pub groups: Vec<String>,
    /// Rates by scope, such as `user = "1000/day"`; `none` counts nothing.
    pub rates: BTreeMap<String, String>,
}

/// How requests are counted, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AlgorithmName {
    /// [`Algorithm::SlidingWindow`]
    SlidingWindow,
    /// [`Algorithm::Gcra`]
    Gcra,
}

impl AlgorithmName {
    /// What the name stands for.
    #[must_use]
    pub fn algorithm(self) -> Algorithm {
        match self {
            Self::SlidingWindow => Algorithm::SlidingWindow,
            Self::Gcra => Algorithm::Gcra,
        }
    }
}
