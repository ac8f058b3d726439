//! Doorward's own checks: who may come in, how often, and from where.

use super::{CheckMessage, Level};
use crate::app::Rule;
use crate::router::RouteInfo;
use crate::settings::{MetricsSettings, Settings};

/// Hosts that only this machine calls.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

pub(super) fn check(settings: &Settings, routes: &[RouteInfo]) -> Vec<CheckMessage> {
    let found = RULES.iter().filter_map(|rule| rule.message(settings));
    found.chain(open(routes)).collect()
}

const RULES: [Rule; 1] = [Rule {
    id: "doorward.W018",
    fails: tells_strangers_counts,
    message: "`[metrics]` may tell strangers what was counted: its listener is open to other machines, or a proxy on \
                  this machine may be taken for a reader",
    hint: "set `metrics.token`, or `metrics.bind` to an address of this machine",
}];

fn believes_proxies(settings: &Settings) -> bool {
    let throttle = &settings.throttle;
    throttle.num_proxies.is_some_and(|count| count > 0) || !throttle.trusted_proxies.is_empty()
}

fn tells_strangers_counts(settings: &Settings) -> bool {
    let metrics = settings.section::<MetricsSettings>();
    let networks = &metrics.allowed_networks;
    let is_here =
        |text: &String| LOOPBACK.iter().any(|host| text.starts_with(host)) || text.starts_with("127.");
    let strangers_reach = match &metrics.bind {
        Some(bind) => networks.is_empty() && !is_here(bind),
        None => {
            believes_proxies(settings)
                && networks
                    .iter()
                    .any(|network| is_here(network) || network == "::1")
        }
    };
    metrics.token.is_none() && strangers_reach
}

/// The routes that let everyone in, in one message.
fn open(routes: &[RouteInfo]) -> Option<CheckMessage> {
    let open = routes.iter().filter(|route| route.is_open());
    let paths: Vec<&str> = open.map(|route| route.path.as_str()).collect();
    let message = || {
        let message = format!("open to everyone: {}", paths.join(", "));
        let hint = "see that each of them is meant to be; `doorward routes` tells their policies";
        CheckMessage::new("doorward.I001", Level::Info, message, hint)
    };
    (!paths.is_empty()).then(message)
}
