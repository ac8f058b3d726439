//! `[metrics]`: where they are told, and to whom.

use doorward_django::secret::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Section;

/// `[metrics]`: `/metrics` of the ready server. Where no key is set, there is none.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct MetricsSettings {
    /// What whoever reads them has to bear, as `Authorization: Bearer …`; 16 characters at least.
    pub token: Option<Secret<String>>,
    /// An address of their own, such as `127.0.0.1:9100`: there they are told over plain HTTP, and nowhere else.
    pub bind: Option<String>,
    /// The networks whose machines may read them, such as `127.0.0.1`: asking directly, for through a proxy nobody may.
    pub allowed_networks: Vec<String>,
}

impl Section for MetricsSettings {
    const LABEL: &'static str = "metrics";
    const AFTER: Option<&'static str> = Some("server");
}
