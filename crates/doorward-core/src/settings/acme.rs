//! Where certificates come from by themselves (RFC 8555).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[server.acme]`: certificates from an authority that speaks ACME, such as Let's Encrypt.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct AcmeSettings {
    /// The names to have a certificate for; without any, nobody is asked.
    pub domains: Vec<String>,
    /// Whom the authority may write to, such as `mailto:admin@example.com`.
    pub contact: Vec<String>,
    /// Whether the authority's terms of service are agreed to; without that it issues nothing.
    pub accept_terms: bool,
    /// The folder for the account's key and the certificate with its key; it is made where it is missing.
    pub cache_dir: String,
    /// The address of the authority's directory.
    pub directory: String,
}

impl Default for AcmeSettings {
    fn default() -> Self {
        Self {
            domains: Vec::new(),
            contact: Vec::new(),
            accept_terms: false,
            cache_dir: "acme".to_owned(),
            directory: "https://acme-v02.api.letsencrypt.org/directory".to_owned(),
        }
    }
}
