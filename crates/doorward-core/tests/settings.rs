//! `doorward_core::settings`: the defaults of the contract, and what stops the start.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use doorward_core::settings::tree::{Node, Origin, Value as Said, ValueError};
use doorward_core::settings::{Period, SectionKind, Settings};
use doorward_django::secret::Secret;
use serde_json::{Value, json};

const KEY: &str = "a-secret-key-for-tests-only-0123456789-0123456789-012345";

fn settings(sections: Value) -> Result<Settings, ValueError> {
    let kinds: Vec<_> = SectionKind::of_ready_server().collect();
    Settings::read(&node(sections), &kinds)
}

/// As if a file had said it.
fn node(value: Value) -> Node {
    let value = match value {
        Value::String(text) => Said::Text(text),
        Value::Bool(truth) => Said::Bool(truth),
        Value::Number(number) => Said::Integer(number.as_i64().unwrap()),
        Value::Array(items) => Said::List(items.into_iter().map(node).collect()),
        Value::Object(table) => {
            let entries = table.into_iter();
            Said::Table(
                entries
                    .map(|(key, value)| (key, (Origin::Unset, node(value))))
                    .collect(),
            )
        }
        Value::Null => unreachable!("TOML has no null"),
    };
    Node {
        value,
        origin: Origin::Unset,
    }
}

fn with_key(mut sections: Value) -> Settings {
    sections["secret_key"] = json!(KEY);
    settings(sections).unwrap().with_apps(&doorward_auth::apps())
}

#[test]
fn the_defaults_are_djangos_and_the_contracts() {
    let defaults = Settings::default();
    assert_eq!(defaults.allowed_hosts, ["127.0.0.1", "localhost", "[::1]"]);
    assert!(defaults.append_slash && !defaults.debug);
    assert_eq!(defaults.session.cookie_name, "sessionid");
    assert_eq!(defaults.session.cookie_age, Period::from_secs(14 * 86_400));
    assert_eq!(defaults.csrf.cookie_age, Period::from_secs(31_449_600));
    assert_eq!(defaults.jwt.access_token_lifetime, Period::from_secs(300));
    assert_eq!(defaults.jwt.reuse_grace, Period::from_secs(10));
    assert_eq!(defaults.server.max_body, 2_621_440);
    assert_eq!(defaults.server.bind, "127.0.0.1:8000");
    assert_eq!(defaults.passwords.hashers.len(), 5);
    assert_eq!(defaults.passwords.validators.len(), 4);
}

#[test]
fn durations_are_a_number_and_a_unit() {
    let good = [
        ("100ms", 100),
        ("90s", 90_000),
        ("5m", 300_000),
        ("1h", 3_600_000),
        ("14d", 1_209_600_000),
    ];
    for (text, millis) in good {
        let period: Period = text.parse().unwrap();
        assert_eq!(period, Period::from_millis(millis), "{text}");
        assert_eq!(period.to_string().parse::<Period>().unwrap(), period);
    }
    for text in [
        "",
        "5",
        "m",
        "-5m",
        "5 weeks",
        "1.5h",
        "99999999999999999999s",
        "18446744073709551615d",
    ] {
        assert!(text.parse::<Period>().is_err(), "{text}");
    }
}

#[test]
fn unknown_keys_are_refused() {
    for sections in [
        json!({"secret_kye": "x"}),
        json!({"jwt": {"leway": "1s"}}),
        json!({"rest": {"permissions": []}}),
    ] {
        assert!(settings(sections.clone()).is_err(), "{sections}");
    }
}

#[test]
fn a_door_needs_a_secret_key_that_is_long_enough() {
    assert_eq!(Settings::default().validate().unwrap_err().key(), "secret_key");
    let mut short = Settings::default();
    short.secret_key = Secret::new("short-canary".to_owned());
    let error = short.validate().unwrap_err();
    assert_eq!(error.key(), "secret_key");
    assert!(!error.to_string().contains("canary"));
    with_key(json!({})).validate().unwrap();
}

#[test]
fn checks_are_silenced_by_ids_that_there_are() {
    let quiet = with_key(json!({"silenced_checks": ["security.W005", "doorward.I001"]}));
    let ids: Vec<_> = quiet.silenced_checks.iter().map(|id| id.as_str()).collect();
    assert_eq!(ids, ["security.W005", "doorward.I001"]);
    quiet.validate().unwrap();
    let unknown = with_key(json!({"silenced_checks": ["security.W005", "security.W999"]}));
    let refused = unknown.validate().unwrap_err();
    assert_eq!(refused.key(), "silenced_checks");
    assert_eq!(refused.first().item(), Some(1));
    assert!(
        refused.problem().starts_with("`security.W999` is unknown;"),
        "{refused}"
    );
}

#[test]
fn redis_may_be_one_server_a_service_or_a_cluster() {
    for good in [
        json!({"url": "rediss://cache.example", "prefix": "", "timeout": "5ms"}),
        json!({"url": "redis://mymaster/1", "sentinels": ["rediss://s1:26379", "redis://:canary@s2:26379"]}),
        json!({"url": "rediss://a:1,b:2", "cluster": true, "tls_ca": "ca", "tls_cert": "cert", "tls_key": "key"}),
    ] {
        with_key(json!({ "redis": good })).validate().unwrap();
    }
}

#[test]
fn what_cannot_be_of_redis_is_told() {
    for (section, key) in [
        (json!({"url": "redis://:canary@"}), "redis.url"),
        (json!({"url": "redis://:canary@a:1,b:2"}), "redis.url"),
        (
            json!({"url": "redis://:canary@a:1/1", "cluster": true}),
            "redis.url",
        ),
        (
            json!({"url": "redis://:canary@a:1", "sentinels": ["redis://s:26379"]}),
            "redis.url",
        ),
        (
            json!({"url": "redis://a", "sentinels": ["redis://:canary@s"]}),
            "redis.sentinels",
        ),
        (
            json!({"sentinels": ["redis://:canary@s:26379"]}),
            "redis.sentinels",
        ),
        (json!({"cluster": true}), "redis.cluster"),
        (
            json!({"url": "redis://a", "sentinels": ["redis://s:26379"], "cluster": true}),
            "redis.cluster",
        ),
        (json!({"prefix": "a b"}), "redis.prefix"),
        (json!({"prefix": "{a}"}), "redis.prefix"),
        (json!({"timeout": "0s"}), "redis.timeout"),
    ] {
        is_refused(&section, key);
    }
}

#[test]
fn what_cannot_be_of_redis_over_tls_is_told() {
    for (section, key) in [
        (json!({"url": "redis://a", "tls_ca": "ca.pem"}), "redis.tls_ca"),
        (
            json!({"url": "rediss://a", "tls_cert": "cert.pem"}),
            "redis.tls_key",
        ),
        (
            json!({"url": "rediss://a", "tls_key": "key.pem"}),
            "redis.tls_cert",
        ),
        (
            json!({"url": "rediss://a", "tls_cert": "a", "tls_key": "-----BEGIN PRIVATE KEY-----\ncanary"}),
            "redis.tls_key",
        ),
    ] {
        is_refused(&section, key);
    }
}

/// Whether such a `[redis]` is refused at that key, without a word of a secret.
#[track_caller]
fn is_refused(redis: &Value, key: &str) {
    let error = with_key(json!({ "redis": redis })).validate().unwrap_err();
    assert_eq!(error.key(), key);
    assert!(!error.to_string().contains("canary"), "{error}");
}

#[test]
fn what_cannot_be_of_the_cache_is_told() {
    let good = json!({"cache": {"enabled": false, "max_staleness": "0s", "max_age": "1ms", "max_memory": 1_048_576}});
    with_key(good).validate().unwrap();
    for (sections, key) in [
        (json!({"cache": {"max_staleness": "366d"}}), "cache.max_staleness"),
        (json!({"cache": {"max_age": "0s"}}), "cache.max_age"),
        (json!({"cache": {"capacity": 0}}), "cache.capacity"),
        (json!({"cache": {"max_memory": 0}}), "cache.max_memory"),
        (json!({"cache": {"max_memory": 2_u64 << 40}}), "cache.max_memory"),
    ] {
        assert_eq!(with_key(sections).validate().unwrap_err().key(), key);
    }
}

/// One file may be shared by the ready server and by a program that has none of its apps.
#[test]
fn sections_of_the_ready_server_are_read_over() {
    for said in [json!({"token": "short", "unknown": 1}), json!("no section")] {
        with_key(json!({"metrics": said})).validate().unwrap();
    }
}
