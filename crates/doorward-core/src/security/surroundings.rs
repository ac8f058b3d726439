//! Hosts and headers.

use crate::settings::origin::is_host_name;
use crate::settings::{Findings, Settings};

pub(super) fn check(settings: &Settings, found: &mut Findings) {
    if !settings.debug || !settings.allowed_hosts.is_empty() {
        hosts(&settings.allowed_hosts, found);
    }
    headers(settings, found);
}

fn hosts(hosts: &[String], found: &mut Findings) {
    found.require(!hosts.is_empty(), "allowed_hosts", || {
        "an empty list answers nobody; name the hosts of this site".to_owned()
    });
    for host in hosts.iter().filter(|host| !is_host_pattern(host)) {
        found.require(false, "allowed_hosts", || {
            let host = host.escape_debug();
            format!(
                "`{host}` is no host; write `example.com`, without scheme and port, `.example.com` for its subdomains \
                 too, `[::1]`, or `*`; other letters as Punycode"
            )
        });
    }
}

/// A host with an underscore is refused as Django refuses it, whatever the list says (`host_validation_re`).
fn is_host_pattern(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match address {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => host == "*" || (is_host_name(host.strip_prefix('.').unwrap_or(host)) && !host.contains('_')),
    }
}

fn headers(settings: &Settings, found: &mut Findings) {
    let security = &settings.security;
    let texts = [
        ("security.referrer_policy", &security.referrer_policy),
        (
            "security.cross_origin_opener_policy",
            &security.cross_origin_opener_policy,
        ),
        ("security.x_frame_options", &security.x_frame_options),
    ];
    for (key, text) in texts {
        let is_plain = text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
        found.require(is_plain, key, || {
            format!("`{}` cannot stand in a header", text.escape_debug())
        });
    }
}
