//! `[cors]`: which sites' scripts may call.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[cors]`: `CORS_*` of django-cors-headers.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct CorsSettings {
    /// Origins that may call, exactly (`CORS_ALLOWED_ORIGINS`).
    pub allowed_origins: Vec<String>,
    /// Origins that may call, by pattern (`CORS_ALLOWED_ORIGIN_REGEXES`); each begins with `^` and ends with `$`.
    pub allowed_origin_regexes: Vec<String>,
    /// Whether every origin may call (`CORS_ALLOW_ALL_ORIGINS`).
    pub allow_all_origins: bool,
    /// Whether cookies may come with it (`CORS_ALLOW_CREDENTIALS`).
    pub allow_credentials: bool,
    /// Request headers that are allowed (`CORS_ALLOW_HEADERS`); a default list unless set.
    pub allow_headers: Option<Vec<String>>,
    /// Methods that are allowed (`CORS_ALLOW_METHODS`); a default list unless set.
    pub allow_methods: Option<Vec<String>>,
    /// Whether pages from the internet may call this server in a private network (`CORS_ALLOW_PRIVATE_NETWORK`).
    pub allow_private_network: bool,
    /// Response headers that scripts may read (`CORS_EXPOSE_HEADERS`).
    pub expose_headers: Vec<String>,
    /// How long a preflight's answer is good for, in seconds (`CORS_PREFLIGHT_MAX_AGE`).
    pub preflight_max_age: u64,
}

super::of_field!(CorsSettings, cors);

impl Default for CorsSettings {
    fn default() -> Self {
        Self {
            allowed_origins: Vec::new(),
            allowed_origin_regexes: Vec::new(),
            allow_all_origins: false,
            allow_credentials: false,
            allow_headers: None,
            allow_methods: None,
            allow_private_network: false,
            expose_headers: Vec::new(),
            preflight_max_age: 86_400,
        }
    }
}
