//! `doorward.W018`: counts that strangers may read.

use doorward::app::{Check, Rule};
use doorward::settings::Settings;

use super::settings::MetricsSettings;

/// Hosts that only this machine calls.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

pub(super) fn check() -> Check {
    Rule::check(&RULES)
}

static RULES: [Rule; 1] = [Rule {
    id: "doorward.W018",
    fails: tells_strangers,
    message: "`[metrics]` may tell strangers what was counted: its listener is open to other machines, or a proxy on \
              this machine may be taken for a reader",
    hint: "set `metrics.token`, or `metrics.bind` to an address of this machine",
}];

fn tells_strangers(settings: &Settings) -> bool {
    let metrics = settings.section::<MetricsSettings>();
    let networks = &metrics.allowed_networks;
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

fn is_here(text: &str) -> bool {
    LOOPBACK.iter().any(|host| text.starts_with(host)) || text.starts_with("127.")
}

fn believes_proxies(settings: &Settings) -> bool {
    let throttle = &settings.throttle;
    throttle.num_proxies.is_some_and(|count| count > 0) || !throttle.trusted_proxies.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(change: impl FnOnce(&mut Settings)) -> Vec<&'static str> {
        let mut settings = Settings::default();
        change(&mut settings);
        check()
            .run(&settings, &[])
            .iter()
            .map(|message| message.id)
            .collect()
    }

    #[test]
    fn a_listener_for_other_machines_needs_a_token() {
        let bind = |address: &'static str| {
            move |settings: &mut Settings| {
                settings.section_mut::<MetricsSettings>().bind = Some(address.to_owned());
            }
        };
        assert_eq!(finds(bind("0.0.0.0:9100")), ["doorward.W018"]);
        assert!(finds(bind("127.0.0.1:9100")).is_empty());
        assert!(finds(|_| {}).is_empty());
    }

    #[test]
    fn a_proxy_on_this_machine_may_be_taken_for_a_reader() {
        let behind_a_proxy = |settings: &mut Settings| {
            settings.throttle.num_proxies = Some(1);
            let metrics = settings.section_mut::<MetricsSettings>();
            metrics.allowed_networks = vec!["127.0.0.1".to_owned()];
        };
        assert_eq!(finds(behind_a_proxy), ["doorward.W018"]);
    }
}
