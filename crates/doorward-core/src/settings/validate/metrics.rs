//! `[metrics]`: networks that are some.

use doorward_django::client_ident::Network;

use super::{Checked, Settings, SettingsError};

pub(super) fn check(settings: &Settings) -> Checked {
    settings.metrics.allowed_networks.iter().try_for_each(|network| {
        let parsed = network.parse::<Network>();
        parsed.map(drop).map_err(|error| {
            let network = network.escape_debug();
            SettingsError::new("metrics.allowed_networks", format!("`{network}`: {error}"))
        })
    })
}
