//! Doorward's own checks: who may come in, how often, and from where.

use super::{CheckMessage, Level};
use crate::app::Rule;
use crate::endpoints;
use crate::lockout::LockoutSettings;
use crate::mail::MailSettings;
use crate::router::RouteInfo;
use crate::settings::{AuthenticatorName, MetricsSettings, PermissionName, Settings, ThrottleName};

/// Hosts that only this machine calls.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

pub(super) fn check(settings: &Settings, routes: &[RouteInfo]) -> Vec<CheckMessage> {
    let found = RULES.iter().filter_map(|rule| rule.message(settings));
    found.chain(open(routes)).collect()
}

const RULES: [Rule; 15] = [
    Rule {
        id: "doorward.W001",
        fails: is_plain,
        message: "this server ends no TLS and believes no proxy: credentials come over plain HTTP, or everyone behind \
                  the proxy counts as one client",
        hint: "set `server.tls_cert` and `server.tls_key`; or let a proxy end TLS, and name its network in \
               `throttle.trusted_proxies`",
    },
    Rule {
        id: "doorward.W002",
        fails: |s| s.cors.allow_all_origins,
        message: "`cors.allow_all_origins` is on: every site's scripts may call",
        hint: "name the sites in `cors.allowed_origins`",
    },
    Rule {
        id: "doorward.W003",
        fails: is_unthrottled,
        message: "routes that say nothing are not throttled, or not for everyone",
        hint: "set `rest.throttle = [\"anon\", \"user\"]` and both in `[throttle.rates]`",
    },
    Rule {
        id: "doorward.W005",
        fails: |s| s.rest.permission == PermissionName::AllowAny,
        message: "`rest.permission` is `AllowAny`: a route that says nothing is open to everyone",
        hint: "leave it at `IsAuthenticated`, and open single routes",
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
        id: "doorward.W008",
        fails: |s| s.passwords.hashers.first().is_some_and(|first| first == "md5"),
        message: "`passwords.hashers` begins with md5: passwords are stored as good as readable",
        hint: "put `pbkdf2_sha256` or `argon2` first; hashes of old are replaced as their users log in",
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
        id: "doorward.W010",
        fails: |s| s.security.content_security_policy.trim().is_empty(),
        message: "`security.content_security_policy` is empty: what slips into a page may load and send anything",
        hint: "leave it at its default, and let pages that need more set their own header",
    },
    Rule {
        id: "doorward.W012",
        fails: |s| s.section::<LockoutSettings>().failures.is_none() && takes_passwords(s),
        message: "`lockout.failures` is not set: passwords can be guessed without end",
        hint: "set it, to 5 for instance; strangers are locked out then, and never an account's owner",
    },
    Rule {
        id: "doorward.W013",
        fails: |s| s.redis.url.is_some() && s.throttle.nodes == 1,
        message: "`redis.url` is set and `throttle.nodes` is 1: while Redis is away, several nodes allow several times \
                  the rates that guard passwords",
        hint: "set `throttle.nodes` to the number of processes that share this Redis",
    },
    Rule {
        id: "doorward.W017",
        fails: |s| s.jwt.introspection.url.is_some() && s.jwt.audience.is_none(),
        message: "`jwt.introspection.url` is set and `jwt.audience` is not: a token that was made for any other service \
                  opens this one",
        hint: "set `jwt.audience` to what this service is called where tokens are made",
    },
    Rule {
        id: "doorward.W016",
        fails: |s| !s.passwords.revoke_tokens_on_reset && s.section::<MailSettings>().reset_url.is_some(),
        message: "`passwords.revoke_tokens_on_reset` is off: who stole a token keeps it when its owner resets the \
                  password",
        hint: "leave it on",
    },
    Rule {
        id: "doorward.W018",
        fails: tells_strangers_counts,
        message: "`[metrics]` may tell strangers what was counted: its listener is open to other machines, or a proxy on \
                  this machine may be taken for a reader",
        hint: "set `metrics.token`, or `metrics.bind` to an address of this machine",
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

fn ends_tls(settings: &Settings) -> bool {
    settings.server.tls_cert.is_some() || !settings.server.acme.domains.is_empty()
}

/// `user` counts anonymous callers too, by their address.
fn is_unthrottled(settings: &Settings) -> bool {
    let counts = settings.rest.throttle.contains(&ThrottleName::User);
    let rate = settings.throttle.rates.get("user");
    !counts || rate.is_none_or(|rate| rate == "none")
}

/// Whether some endpoint of the settings, or every route, takes a name and a password.
fn takes_passwords(settings: &Settings) -> bool {
    const ENDPOINTS: [(&str, &str); 5] = [
        ("login", "/api-auth/login/"),
        ("admin", "/admin/"),
        ("obtain_auth_token", "/api-token-auth/"),
        ("token_obtain_pair", "/api/token/"),
        ("token_obtain_sliding", "/api/token/sliding/"),
    ];
    let by_basic = settings.rest.authentication.contains(&AuthenticatorName::Basic);
    let mut endpoints = ENDPOINTS.iter();
    by_basic || endpoints.any(|(name, usual)| endpoints::path(&settings.urls, name, usual).is_some())
}

fn is_local(settings: &Settings) -> bool {
    let hosts = &settings.allowed_hosts;
    !hosts.is_empty() && hosts.iter().all(|host| LOOPBACK.contains(&host.as_str()))
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
