//! `[remote_user]`: who may say who is calling.

use doorward_core::settings::Section;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[remote_user]`: Django's `REMOTE_USER`, `RemoteUserBackend`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RemoteUserSettings {
    /// The header that names the caller, such as `X-Remote-User` (`RemoteUserMiddleware.header`); none is read
    /// unless it is set.
    pub header: Option<String>,
    /// The networks of the servers whose header is believed. They must take the header away from what clients send.
    pub trusted_peers: Vec<String>,
    /// Whether unknown names are made users (`RemoteUserBackend.create_unknown_user`).
    pub create_unknown_user: bool,
}

impl Section for RemoteUserSettings {
    const LABEL: &'static str = "remote_user";
}
