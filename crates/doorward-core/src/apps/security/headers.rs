//! Django's deployment checks of headers and redirects (`django.core.checks.security`), under their ids.

use crate::app::Rule;

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

pub(super) const CHECKS: [Rule; 10] = [
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
    Rule {
        id: "security.W006",
        fails: |s| !s.security.content_type_nosniff,
        message: "`security.content_type_nosniff` is off: browsers guess what an answer is",
        hint: "leave it on",
    },
    Rule {
        id: "security.W019",
        fails: |s| s.security.x_frame_options != "DENY",
        message: "`security.x_frame_options` is not `DENY`: pages can be shown inside others",
        hint: "leave it at `DENY`, unless parts of the site are framed on purpose",
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
    Rule {
        id: "doorward.W010",
        fails: |s| s.security.content_security_policy.trim().is_empty(),
        message: "`security.content_security_policy` is empty: what slips into a page may load and send anything",
        hint: "leave it at its default, and let pages that need more set their own header",
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
