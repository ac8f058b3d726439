//! What is told of settings before they meet the internet.

#[path = "../../doorward-core/tests/support/mod.rs"]
mod support;

use axum::routing::get;
use doorward_auth::lockout::LockoutSettings;
use doorward_auth::mail::MailSettings;
use doorward_core::checks::{CheckMessage, Level, deploy};
use doorward_core::permissions::AllowAny;
use doorward_core::router::RouteInfo;
use doorward_core::settings::{PermissionName, Settings, ThrottleName};
use doorward_core::{Policy, RouteExt};
use doorward_django::secret::Secret;
use support::{door, settings};

fn key(text: impl Into<String>) -> Secret<String> {
    Secret::new(text.into())
}

/// Settings that leave nothing to wish for.
fn good() -> Settings {
    let mut good = Settings::default().with_apps(&doorward_auth::apps());
    good.section_mut::<LockoutSettings>().failures = Some(5);
    good.secret_key = key("a-key-for-tests-that-is-long-enough-for-Django-too-0123456789");
    good.allowed_hosts = vec!["api.example.com".to_owned()];
    good.security.hsts_seconds = 31_536_000;
    good.security.hsts_include_subdomains = true;
    good.security.hsts_preload = true;
    good.security.ssl_redirect = true;
    good.session.cookie_secure = true;
    good.csrf.cookie_secure = true;
    good.throttle.trusted_proxies = vec!["10.0.0.0/8".to_owned()];
    good.security.proxy_ssl_header = Some("X-Forwarded-Proto: https".to_owned());
    good.rest.throttle = vec![ThrottleName::Anon, ThrottleName::User];
    let rates = [("anon", "100/day"), ("user", "1000/day")];
    good.throttle.rates = rates
        .map(|(scope, rate)| (scope.to_owned(), rate.to_owned()))
        .into();
    good
}

fn ids(found: &[CheckMessage]) -> Vec<&str> {
    found.iter().map(|message| message.id).collect()
}

#[track_caller]
fn told(change: impl FnOnce(&mut Settings), expected: &[&str]) {
    let mut settings = good();
    change(&mut settings);
    let found = deploy(&settings, &[]);
    assert_eq!(ids(&found), expected);
    assert!(found.iter().all(|message| !message.hint.is_empty()));
}

#[test]
fn good_settings_are_told_nothing() {
    told(|_| (), &[]);
}

#[test]
fn the_defaults_want_work() {
    let expected = [
        "security.W004",
        "security.W008",
        "security.W009",
        "security.W012",
        "security.W016",
        "doorward.W001",
        "doorward.W003",
        "doorward.W007",
        "doorward.W012",
    ];
    assert_eq!(
        ids(&deploy(
            &Settings::default().with_apps(&doorward_auth::apps()),
            &[]
        )),
        expected
    );
}

/// Each row of `django.core.checks.security`, as its own tests have them.
#[test]
fn djangos_checks_keep_their_ids() {
    told(|s| s.security.hsts_seconds = 0, &["security.W004"]);
    told(|s| s.security.hsts_include_subdomains = false, &["security.W005"]);
    told(|s| s.security.content_type_nosniff = false, &["security.W006"]);
    told(|s| s.security.ssl_redirect = false, &["security.W008"]);
    told(|s| s.session.cookie_secure = false, &["security.W012"]);
    told(|s| s.session.cookie_httponly = false, &["security.W015"]);
    told(|s| s.csrf.cookie_secure = false, &["security.W016"]);
    told(|s| s.jwt.cookie.secure = false, &[]);
    told(
        |s| {
            s.jwt.cookie.refresh_name = Some("refresh".to_owned());
            s.jwt.cookie.secure = false;
        },
        &["doorward.W011"],
    );
    told(|s| s.debug = true, &["security.W018"]);
    told(
        |s| s.security.x_frame_options = "SAMEORIGIN".to_owned(),
        &["security.W019"],
    );
    told(|s| s.allowed_hosts.clear(), &["security.W020"]);
    told(|s| s.security.hsts_preload = false, &["security.W021"]);
    told(|s| s.security.referrer_policy.clear(), &["security.W022"]);
    told(
        |s| s.security.referrer_policy = "origin, invalid".to_owned(),
        &["security.E023"],
    );
    told(
        |s| s.security.referrer_policy = "no-referrer, origin".to_owned(),
        &[],
    );
    told(
        |s| s.security.cross_origin_opener_policy = "unsafe".to_owned(),
        &["security.E024"],
    );
    told(|s| s.security.cross_origin_opener_policy.clear(), &[]);
}

#[test]
fn weak_keys_are_told_and_not_repeated() {
    let short = "a-key-of-49-characters-is-one-too-short-012345678";
    assert_eq!(short.len(), 49);
    let insecure = format!("django-insecure-{}", good().secret_key.expose());
    for weak in [short.to_owned(), "abcd".repeat(20), insecure] {
        told(|s| s.secret_key = key(&*weak), &["security.W009"]);
        told(
            |s| s.secret_key_fallbacks = vec![s.secret_key.clone(), key(&*weak)],
            &["security.W025"],
        );
    }
    let mut settings = good();
    settings.secret_key = key("canary");
    settings.secret_key_fallbacks = vec![key("canary")];
    let found = deploy(&settings, &[]);
    assert!(!format!("{found:?}").contains("canary"));
    assert!(found[1].message.contains("secret_key_fallbacks[0]"), "{found:?}");
}

#[test]
fn the_gate_has_checks_of_its_own() {
    told(|s| s.throttle.trusted_proxies.clear(), &["doorward.W001"]);
    told(
        |s| {
            s.throttle.trusted_proxies.clear();
            s.throttle.num_proxies = Some(1);
        },
        &[],
    );
    told(|s| s.redis.url = Some(key("redis://cache")), &["doorward.W013"]);
    told(
        |s| (s.redis.url, s.throttle.nodes) = (Some(key("redis://cache")), 3),
        &[],
    );
    told(|s| s.cors.allow_all_origins = true, &["doorward.W002"]);
    told(|s| s.rest.throttle.clear(), &["doorward.W003"]);
    told(|s| s.rest.throttle.truncate(1), &["doorward.W003"]);
    told(|s| s.throttle.rates.clear(), &["doorward.W003"]);
    told(
        |s| drop(s.throttle.rates.insert("user".to_owned(), "none".to_owned())),
        &["doorward.W003"],
    );
    told(
        |s| s.rest.permission = PermissionName::AllowAny.into(),
        &["doorward.W005"],
    );
    told(|s| s.allowed_hosts = vec!["*".to_owned()], &["doorward.W006"]);
    told(
        |s| s.allowed_hosts = vec!["localhost".to_owned()],
        &["doorward.W007"],
    );
    told(
        |s| s.passwords.hashers.insert(0, "md5".to_owned()),
        &["doorward.W008"],
    );
}

#[test]
fn tokens_that_outlive_a_theft_are_found() {
    let mailing = |s: &mut Settings| {
        s.section_mut::<MailSettings>().reset_url = Some("https://a.example/{uid}/{token}/".to_owned());
    };
    told(mailing, &[]);
    let lax = |s: &mut Settings| {
        mailing(s);
        s.passwords.revoke_tokens_on_reset = false;
    };
    told(lax, &["doorward.W016"]);
    let asking = |s: &mut Settings| s.jwt.introspection.url = Some("https://id.example/".to_owned());
    told(asking, &["doorward.W017"]);
    let meant = |s: &mut Settings| {
        asking(s);
        s.jwt.audience = Some(doorward_core::settings::Audience::One("me".to_owned()));
    };
    told(meant, &[]);
}

#[test]
fn tls_that_nobody_tells_of_is_found() {
    let untold = |redirect: bool| {
        move |s: &mut Settings| {
            s.security.proxy_ssl_header = None;
            s.security.ssl_redirect = redirect;
        }
    };
    told(untold(true), &["doorward.E003"]);
    told(untold(false), &["security.W008", "doorward.W009"]);
    let counted = |s: &mut Settings| {
        untold(false)(s);
        s.throttle.trusted_proxies.clear();
        s.throttle.num_proxies = Some(1);
    };
    told(counted, &["security.W008", "doorward.W009"]);
    told(
        |s| {
            s.security.proxy_ssl_header = None;
            s.server.tls_cert = Some("cert.pem".into());
        },
        &[],
    );
    told(|s| s.security.content_security_policy.clear(), &["doorward.W010"]);
}

fn routes() -> Vec<RouteInfo> {
    let ok = || get(|| async { "ok" });
    let router = door(settings()).router();
    let router = router
        .route("/closed/", ok())
        .route("/all/", ok().policy(AllowAny));
    let router = router.route("/open/", ok().policy(Policy::open()));
    router
        .route("/page/", ok().page())
        .public("/healthz", get(|| async { "ok" }))
        .routes()
}

#[test]
fn open_routes_are_listed_for_information() {
    let found = deploy(&good(), &routes());
    assert_eq!(ids(&found), ["doorward.I001"]);
    assert_eq!(found[0].level, Level::Info);
    assert_eq!(
        found[0].message,
        "open to everyone: /all/, /healthz, /open/, /page/"
    );
}

#[test]
fn the_heaviest_come_first() {
    let mut settings = good();
    settings.debug = true;
    settings.security.referrer_policy = "invalid".to_owned();
    let found = deploy(&settings, &routes());
    assert_eq!(ids(&found), ["security.E023", "security.W018", "doorward.I001"]);
}
