//! Django's deployment checks that apply (`django.core.checks.security`), under their ids.

use std::collections::BTreeSet;

use super::{CheckMessage, Level};
use crate::app::Rule;
use crate::settings::Settings;

/// `SECRET_KEY_MIN_LENGTH`
const MIN_LENGTH: usize = 50;
/// `SECRET_KEY_MIN_UNIQUE_CHARACTERS`
const MIN_UNIQUE_CHARACTERS: usize = 5;
/// `SECRET_KEY_INSECURE_PREFIX`
const INSECURE_PREFIX: &str = "django-insecure-";

const NEW_KEY: &str = "make a key with `doorward generate-key`; older ones stand in `secret_key_fallbacks` until \
                       the last session has ended";

/// `CROSS_ORIGIN_OPENER_POLICY_VALUES`
const OPENER_POLICIES: [&str; 3] = ["same-origin", "same-origin-allow-popups", "unsafe-none"];
/// `REFERRER_POLICY_VALUES`
const REFERRER_POLICIES: [&str; 8] = [
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
];

pub(super) fn check(settings: &Settings) -> Vec<CheckMessage> {
    let rules = TRANSPORT.iter().chain(&COOKIES).chain(&PAGES);
    let found = rules.filter_map(|rule| rule.message(settings));
    found.chain(weak_fallbacks(settings)).collect()
}

const TRANSPORT: [Rule; 4] = [
    Rule {
        id: "security.W004",
        fails: |s| s.security.hsts_seconds == 0,
        message: "`security.hsts_seconds` is 0: browsers may come over plain HTTP",
        hint: "where the whole site is served over TLS only, set it: to an hour first, to a year in the end",
    },
    Rule {
        id: "security.W005",
        fails: |s| s.security.hsts_seconds > 0 && !s.security.hsts_include_subdomains,
        message: "`security.hsts_include_subdomains` is off: a subdomain over plain HTTP can set this site's cookies",
        hint: "turn it on, if every subdomain is served over TLS",
    },
    Rule {
        id: "security.W021",
        fails: |s| s.security.hsts_seconds > 0 && !s.security.hsts_preload,
        message: "`security.hsts_preload` is off: the first visit may be over plain HTTP",
        hint: "turn it on, if the site is to be on the browsers' preload list",
    },
    Rule {
        id: "security.W008",
        fails: |s| !s.security.ssl_redirect,
        message: "`security.ssl_redirect` is off: plain HTTP is answered",
        hint: "turn it on, or let the proxy in front redirect",
    },
];

const COOKIES: [Rule; 5] = [
    Rule {
        id: "security.W009",
        fails: |s| is_weak(s.secret_key.expose()),
        message: "`secret_key` has fewer than 50 characters or 5 different ones, or Django made it for development",
        hint: NEW_KEY,
    },
    Rule {
        id: "security.W012",
        fails: |s| !s.session.cookie_secure,
        message: "`session.cookie_secure` is off: the session cookie goes over plain HTTP too",
        hint: "turn it on",
    },
    Rule {
        id: "security.W015",
        fails: |s| !s.session.cookie_httponly,
        message: "`session.cookie_httponly` is off: scripts can read the session cookie",
        hint: "leave it on",
    },
    Rule {
        id: "security.W016",
        fails: |s| !s.csrf.cookie_secure,
        message: "`csrf.cookie_secure` is off: the CSRF cookie goes over plain HTTP too",
        hint: "turn it on",
    },
    Rule {
        id: "doorward.W011",
        fails: |s| s.jwt.cookie.refresh_name.is_some() && !s.jwt.cookie.secure,
        message: "`jwt.cookie.secure` is off: JSON web tokens in cookies go over plain HTTP too",
        hint: "leave it on",
    },
];

const PAGES: [Rule; 7] = [
    Rule {
        id: "security.W006",
        fails: |s| !s.security.content_type_nosniff,
        message: "`security.content_type_nosniff` is off: browsers guess what an answer is",
        hint: "leave it on",
    },
    Rule {
        id: "security.W018",
        fails: |s| s.debug,
        message: "`debug` is on: refusals tell strangers what they lack",
        hint: "turn it off",
    },
    Rule {
        id: "security.W019",
        fails: |s| s.security.x_frame_options != "DENY",
        message: "`security.x_frame_options` is not `DENY`: pages can be shown inside others",
        hint: "leave it at `DENY`, unless parts of the site are framed on purpose",
    },
    Rule {
        id: "security.W020",
        fails: |s| s.allowed_hosts.is_empty(),
        message: "`allowed_hosts` is empty",
        hint: "name the hosts of this site",
    },
    Rule {
        id: "security.W022",
        fails: |s| s.security.referrer_policy.is_empty(),
        message: "`security.referrer_policy` is empty: browsers tell other sites where a user comes from",
        hint: "leave it at `same-origin`",
    },
    Rule {
        id: "security.E023",
        fails: |s| !is_referrer_policy(&s.security.referrer_policy),
        message: "`security.referrer_policy` is none that browsers know",
        hint: "known are no-referrer, no-referrer-when-downgrade, origin, origin-when-cross-origin, same-origin, \
               strict-origin, strict-origin-when-cross-origin and unsafe-url",
    },
    Rule {
        id: "security.E024",
        fails: |s| !is_opener_policy(&s.security.cross_origin_opener_policy),
        message: "`security.cross_origin_opener_policy` is none that browsers know",
        hint: "known are same-origin, same-origin-allow-popups and unsafe-none",
    },
];

/// Several are fallbacks for browsers that do not know the last.
fn is_referrer_policy(policy: &str) -> bool {
    let mut values = policy.split(',').map(str::trim);
    policy.is_empty() || values.all(|value| REFERRER_POLICIES.contains(&value))
}

fn is_opener_policy(policy: &str) -> bool {
    policy.is_empty() || OPENER_POLICIES.contains(&policy)
}

fn weak_fallbacks(settings: &Settings) -> impl Iterator<Item = CheckMessage> {
    let keys = settings.secret_key_fallbacks.iter().enumerate();
    keys.filter(|(_, key)| is_weak(key.expose())).map(|(index, _)| {
        let message = format!("`secret_key_fallbacks[{index}]` can be guessed, and still verifies");
        CheckMessage::new("security.W025", Level::Warning, message, "take it out")
    })
}

/// `_check_secret_key`
fn is_weak(key: &str) -> bool {
    key.chars().count() < MIN_LENGTH
        || key.chars().collect::<BTreeSet<_>>().len() < MIN_UNIQUE_CHARACTERS
        || key.starts_with(INSECURE_PREFIX)
}
