//! Addresses that a server listens at.

use std::net::SocketAddr;

use super::Findings;

/// Refuses the value of `key` unless it is an address with a port.
pub fn check_address(key: &str, bind: &str, found: &mut Findings) {
    found.require(is_address(bind), key, || {
        let bind = bind.escape_debug();
        format!(
            "`{bind}` is no address with a port; allowed: such as `127.0.0.1:8000`, `[::1]:8000` or `localhost:8000`"
        )
    });
}

fn is_address(text: &str) -> bool {
    let named = || {
        text.rsplit_once(':')
            .is_some_and(|(host, port)| is_name(host) && port.parse::<u16>().is_ok())
    };
    text.parse::<SocketAddr>().is_ok() || named()
}

/// A name ends in no number: that would be an IPv4 address, and a wrong one.
fn is_name(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let numeric = last.chars().all(|c| c.is_ascii_digit());
    !numeric && host.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c))
}
