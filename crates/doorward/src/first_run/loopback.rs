//! [`is_loopback`]: whether an address is one of this machine alone.

use std::net::{IpAddr, SocketAddr};

/// Whether an address such as `127.0.0.1:8000` can be reached from this machine only.
#[must_use]
pub fn is_loopback(bind: &str) -> bool {
    if let Ok(address) = bind.parse::<SocketAddr>() {
        return address.ip().is_loopback();
    }
    let host = bind.rsplit_once(':').map_or(bind, |(host, _)| host);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_addresses_are_known() {
        for bind in ["127.0.0.1:8000", "127.9.9.9:1", "[::1]:8000", "localhost:8000"] {
            assert!(is_loopback(bind), "{bind}");
        }
        for bind in [
            "0.0.0.0:8000",
            "[::]:8000",
            "10.0.0.1:80",
            "example.com:80",
            "localhost.example.com:80",
            "",
        ] {
            assert!(!is_loopback(bind), "{bind}");
        }
    }
}
