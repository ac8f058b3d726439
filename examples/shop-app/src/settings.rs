//! `[shop]`

use doorward::django::secret::Secret;
use doorward::settings::{Period, Section};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[shop]`: what is sold, and by whom.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ShopSettings {
    /// What tills show in the header `X-Till-Key`, at least 20 characters; without one no till sells.
    pub(crate) till_key: Option<Secret<String>>,
    /// Whether nothing is sold at the moment.
    pub(crate) closed: bool,
    /// How long sales are kept.
    pub(crate) keep_sales: Period,
}

impl Default for ShopSettings {
    fn default() -> Self {
        Self {
            till_key: None,
            closed: false,
            keep_sales: Period::from_secs(365 * 86_400),
        }
    }
}

impl Section for ShopSettings {
    const LABEL: &'static str = "shop";
}
