//! `[metrics]`: where they are told, and to whom.

use doorward::django::client_ident::Network;
use doorward::django::secret::Secret;
use doorward::settings::validate::listener::check_address;
use doorward::settings::{Findings, Section, Settings};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The shortest token, in characters.
const MIN_LENGTH: usize = 16;

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

impl MetricsSettings {
    /// Networks and an address that are some, and a token that nobody guesses; each thing that is wrong is told.
    pub(super) fn check(&self, site: &Settings, found: &mut Findings) {
        for network in &self.allowed_networks {
            if let Err(error) = network.parse::<Network>() {
                let network = network.escape_debug();
                found.require(false, "metrics.allowed_networks", || {
                    format!("`{network}`: {error}")
                });
            }
        }
        if let Some(bind) = &self.bind {
            check_address("metrics.bind", bind, found);
            let is_apart = *bind != site.server.bind || bind.ends_with(":0");
            found.require(is_apart, "metrics.bind", || {
                "it is the address of the site (`server.bind`); give it a port of its own, or leave it out"
                    .to_owned()
            });
        }
        let token = self.token.as_ref().map(|token| token.expose().as_str());
        found.require(token.is_none_or(is_token), "metrics.token", || {
            format!(
                "a token is {MIN_LENGTH} visible ASCII characters at least; make one with `doorward generate-key`"
            )
        });
    }
}

fn is_token(text: &str) -> bool {
    text.len() >= MIN_LENGTH && text.bytes().all(|byte| byte.is_ascii_graphic())
}
