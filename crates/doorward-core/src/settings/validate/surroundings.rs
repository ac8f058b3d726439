//! Hosts, headers, the listener, the pool of the hashers; and what is judged where it is made.

use super::{Checked, Settings, require};
use crate::endpoints;
use crate::passwords::PasswordHashing;
use crate::security::Security;
use crate::tokens::TokenRules;

pub(super) fn check(settings: &Settings) -> Checked {
    if !settings.debug || !settings.allowed_hosts.is_empty() {
        hosts(&settings.allowed_hosts)?;
    }
    headers(settings)?;
    let workers = settings.passwords.workers;
    require(workers != Some(0), "passwords.workers", || {
        "0 workers would never answer a login; leave the key out for one per processor".to_owned()
    })?;
    made_elsewhere(settings)
}

/// Made here once for the answer alone, so that whoever loads settings can say where the mistake stands.
fn made_elsewhere(settings: &Settings) -> Checked {
    endpoints::check(&settings.urls)?;
    PasswordHashing::new(&settings.passwords)?;
    TokenRules::new(settings)?;
    Security::new(settings)?;
    Ok(())
}

fn hosts(hosts: &[String]) -> Checked {
    require(!hosts.is_empty(), "allowed_hosts", || {
        "an empty list answers nobody; name the hosts of this site".to_owned()
    })?;
    hosts.iter().try_for_each(|host| {
        require(is_host_pattern(host), "allowed_hosts", || {
            let host = host.escape_debug();
            format!("`{host}` is no host; write `example.com`, `.example.com` for its subdomains too, or `*`")
        })
    })
}

fn is_host_pattern(host: &str) -> bool {
    let letters =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-._".contains(c));
    let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match address {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => host == "*" || letters(host),
    }
}

fn headers(settings: &Settings) -> Checked {
    let security = &settings.security;
    let texts = [
        ("security.referrer_policy", &security.referrer_policy),
        (
            "security.cross_origin_opener_policy",
            &security.cross_origin_opener_policy,
        ),
        ("security.x_frame_options", &security.x_frame_options),
    ];
    texts.into_iter().try_for_each(|(key, text)| {
        let plain = text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
        require(plain, key, || {
            format!("`{}` cannot stand in a header", text.escape_debug())
        })
    })
}
