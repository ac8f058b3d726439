//! Where the server listens.

use std::net::SocketAddr;

use super::Findings;
use crate::settings::ServerSettings;

pub(crate) fn check(server: &ServerSettings, found: &mut Findings) {
    check_address("server.bind", &server.bind, found);
    tls(server, found);
}

/// An address with a port.
pub(super) fn check_address(key: &str, bind: &str, found: &mut Findings) {
    found.require(is_address(bind), key, || {
        let bind = bind.escape_debug();
        format!(
            "`{bind}` is no address with a port; allowed: such as `127.0.0.1:8000`, `[::1]:8000` or `localhost:8000`"
        )
    });
}

/// A certificate is of no use without its key, nor a key without its certificate.
fn tls(server: &ServerSettings, found: &mut Findings) {
    let (cert, key) = (&server.tls_cert, &server.tls_key);
    found.require(key.is_none() || cert.is_some(), "server.tls_cert", || {
        "it is missing, and `server.tls_key` is set; name the file with the key's certificate, as PEM"
            .to_owned()
    });
    found.require(cert.is_none() || key.is_some(), "server.tls_key", || {
        "it is missing, and `server.tls_cert` is set; name the file with the certificate's key, as PEM"
            .to_owned()
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
