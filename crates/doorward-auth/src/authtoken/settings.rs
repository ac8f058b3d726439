//! `[token]`: opaque tokens.

use doorward_core::settings::{Period, Section};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[token]`: opaque tokens (`rest_framework.authtoken`).
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TokenSettings {
    /// The word before the key in the Authorization header (`TokenAuthentication.keyword`).
    pub keyword: String,
    /// Whether each user that a command makes gets a token, as the tutorials' signal does.
    pub auto_create: bool,
    /// How long a token is good for; for ever unless set.
    pub max_age: Option<Period>,
}

impl Section for TokenSettings {
    const LABEL: &'static str = "token";
}

impl Default for TokenSettings {
    fn default() -> Self {
        Self {
            keyword: "Token".to_owned(),
            auto_create: false,
            max_age: None,
        }
    }
}
