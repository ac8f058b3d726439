//! `[metrics]`: who may read them.

use serde::Deserialize;

/// `[metrics]`: `/metrics` of the ready server.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct MetricsSettings {
    /// The networks whose machines may read them, asking directly: through a proxy nobody may.
    pub allowed_networks: Vec<String>,
}

impl Default for MetricsSettings {
    fn default() -> Self {
        Self {
            allowed_networks: ["127.0.0.0/8", "::1"].map(str::to_owned).into(),
        }
    }
}
