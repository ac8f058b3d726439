//! `[metrics]`: networks and an address that are some, and a token that nobody guesses.

use doorward_django::client_ident::Network;

use super::{Findings, Settings, listener};
use crate::settings::MetricsSettings;

/// The shortest token, in characters.
const MIN_LENGTH: usize = 16;

pub(crate) fn check(settings: &Settings, found: &mut Findings) {
    let metrics = settings.section::<MetricsSettings>();
    for network in &metrics.allowed_networks {
        if let Err(error) = network.parse::<Network>() {
            let network = network.escape_debug();
            found.require(false, "metrics.allowed_networks", || {
                format!("`{network}`: {error}")
            });
        }
    }
    if let Some(bind) = &metrics.bind {
        listener::check_address("metrics.bind", bind, found);
        let is_apart = *bind != settings.server.bind || bind.ends_with(":0");
        found.require(is_apart, "metrics.bind", || {
            "it is the address of the site (`server.bind`); give it a port of its own, or leave it out"
                .to_owned()
        });
    }
    let token = metrics.token.as_ref().map(|token| token.expose().as_str());
    found.require(token.is_none_or(is_token), "metrics.token", || {
        format!(
            "a token is {MIN_LENGTH} visible ASCII characters at least; make one with `doorward generate-key`"
        )
    });
}

fn is_token(text: &str) -> bool {
    text.len() >= MIN_LENGTH && text.bytes().all(|byte| byte.is_ascii_graphic())
}
