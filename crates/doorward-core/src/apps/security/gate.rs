//! From where requests come, and for which hosts.

use crate::app::Rule;
use crate::settings::Settings;

/// Hosts that only this machine calls.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

pub(super) const CHECKS: [Rule; 6] = [
    Rule {
        id: "security.W020",
        fails: |s| s.allowed_hosts.is_empty(),
        message: "`allowed_hosts` is empty",
        hint: "name the hosts of this site",
    },
    Rule {
        id: "doorward.W001",
        fails: is_plain,
        message: "this server ends no TLS and believes no proxy: credentials come over plain HTTP, or everyone behind \
                  the proxy counts as one client",
        hint: "set `server.tls_cert` and `server.tls_key`; or let a proxy end TLS, and name its network in \
               `throttle.trusted_proxies`",
    },
    Rule {
        id: "doorward.W006",
        fails: |s| s.allowed_hosts.iter().any(|host| host == "*"),
        message: "`allowed_hosts` holds `*`: whoever calls chooses the host in links and redirects",
        hint: "name the hosts of this site",
    },
    Rule {
        id: "doorward.W007",
        fails: is_local,
        message: "`allowed_hosts` names this machine only: requests for any other host are refused",
        hint: "name the hosts of this site",
    },
    Rule {
        id: "doorward.W009",
        fails: |s| believes_proxies(s) && !s.security.ssl_redirect && !knows_tls(s),
        message: "this server stands behind a proxy and takes every request for plain HTTP: it sends no HSTS, and \
                  checks no referer",
        hint: "have the proxy tell TLS, name its network in `throttle.trusted_proxies`, and set \
               `security.proxy_ssl_header = \"X-Forwarded-Proto: https\"`",
    },
    Rule {
        id: "doorward.E003",
        fails: |s| s.security.ssl_redirect && !knows_tls(s),
        message: "`security.ssl_redirect` is on, and nothing tells of TLS: every request is redirected or refused",
        hint: "set `server.tls_cert` and `server.tls_key`, or behind a proxy `throttle.trusted_proxies` and \
               `security.proxy_ssl_header`",
    },
];

/// Whether TLS ends here, or a proxy that is believed tells of it.
fn knows_tls(settings: &Settings) -> bool {
    ends_tls(settings) || settings.security.proxy_ssl_header.is_some()
}

fn is_plain(settings: &Settings) -> bool {
    !ends_tls(settings) && !believes_proxies(settings)
}

fn believes_proxies(settings: &Settings) -> bool {
    let throttle = &settings.throttle;
    throttle.num_proxies.is_some_and(|count| count > 0) || !throttle.trusted_proxies.is_empty()
}

fn ends_tls(settings: &Settings) -> bool {
    settings.server.tls_cert.is_some() || !settings.server.acme.domains.is_empty()
}

fn is_local(settings: &Settings) -> bool {
    let hosts = &settings.allowed_hosts;
    !hosts.is_empty() && hosts.iter().all(|host| LOOPBACK.contains(&host.as_str()))
}
