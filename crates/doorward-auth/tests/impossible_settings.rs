//! Which settings are possible, section by section, and that all that is wrong is told at once.

use doorward_auth::authtoken::TokenSettings;
use doorward_core::settings::{Blacklist, Period, SameSite, Settings, SettingsError, SettingsErrors};
use doorward_django::secret::Secret;

fn validate(settings: &Settings) -> Result<(), SettingsErrors> {
    settings.validate()
}

fn good() -> Settings {
    let mut settings = Settings::default().with_apps(&doorward_auth::apps());
    settings.secret_key = Secret::new("a-key-for-tests-that-is-long-enough-0123456789".to_owned());
    settings
}

#[track_caller]
fn refused(change: impl FnOnce(&mut Settings), key: &str, says: &str) {
    let mut settings = good();
    change(&mut settings);
    let error = validate(&settings).expect_err("these settings are impossible");
    assert_eq!(error.key(), key);
    assert!(error.problem().contains(says), "{error}");
}

#[test]
fn the_defaults_with_a_key_are_possible() {
    assert_eq!(validate(&good()), Ok(()));
}

#[test]
fn a_secret_key_must_be_hard_to_guess() {
    let key = |text: &'static str| move |s: &mut Settings| s.secret_key = Secret::new(text.to_owned());
    refused(key(""), "secret_key", "doorward generate-key");
    refused(key(" \t "), "secret_key", "no secret key");
    refused(key("hunter2-hunter2-hunter2"), "secret_key", "32");
    refused(
        key("abababababababababababababababababababab"),
        "secret_key",
        "different",
    );
}

#[test]
fn a_secret_key_is_never_repeated() {
    let mut settings = good();
    settings.secret_key = Secret::new("hunter2".to_owned());
    let error = validate(&settings).expect_err("it is short");
    assert!(!error.to_string().contains("hunter2"));
}

#[test]
fn fallback_keys_are_not_blank() {
    refused(
        |s| s.secret_key_fallbacks = vec![Secret::new(" ".to_owned())],
        "secret_key_fallbacks",
        "blank",
    );
}

#[test]
fn databases_are_named_without_their_passwords() {
    let url = |text: &'static str| move |s: &mut Settings| s.database.url = Secret::new(text.to_owned());
    for text in [
        "postgres:app:hunter2@db/app",
        "postgres://app:hunter2@db:port/app",
        "postgres://app:hunter2@db:0/app",
        "postgresql://app:hun/ter2@db/app",
        "mysql:app:hunter2@db/app",
        "mariadb://app:hunter2@db:port/app",
    ] {
        refused(url(text), "database.url", "postgres://user:password@host");
    }
    refused(url("oracle://app:hunter2@db/app"), "database.url", "sqlite://");
    refused(url("app:hunter2@db"), "database.url", "sqlite://");
    refused(url(""), "database.url", "sqlite://");
    refused(url("sqlite://"), "database.url", "file");
    let mut settings = good();
    settings.database.url = Secret::new("postgres://app:hunter2@db:port/app".to_owned());
    assert!(
        !validate(&settings)
            .expect_err("no port")
            .to_string()
            .contains("hunter2")
    );
}

#[test]
fn servers_are_named_as_libpq_names_them() {
    for text in [
        "postgres://app:hunter2@db.example.org/app",
        "postgresql://app@[::1]:5433/app?sslmode=require",
        "postgres://app@[::1]/app",
        "postgres:///app?host=/run/postgresql",
        "postgres://app:p%2Fq@db:5432/app",
        "mysql://app:hunter2@db.example.org/app",
        "mariadb://app@[::1]:3307/app?ssl-mode=REQUIRED",
        "mysql://app@/app?socket=/run/mysqld/mysqld.sock",
    ] {
        let mut settings = good();
        settings.database.url = Secret::new(text.to_owned());
        assert!(validate(&settings).is_ok(), "{text}");
    }
}

#[test]
fn hosts_are_names_not_addresses_of_pages() {
    refused(
        |s| s.allowed_hosts = vec!["https://example.com".to_owned()],
        "allowed_hosts",
        "https://example.com",
    );
    refused(|s| s.allowed_hosts = vec![String::new()], "allowed_hosts", "``");
    refused(|s| s.allowed_hosts.clear(), "allowed_hosts", "nobody");
    let mut settings = good();
    settings.allowed_hosts = [".example.com", "*", "[::1]", "xn--bcher-kva.example"]
        .map(str::to_owned)
        .into();
    assert_eq!(validate(&settings), Ok(()));
}

#[test]
fn a_listener_needs_an_address_and_a_port() {
    for bind in [
        "",
        "foo",
        "99999",
        "localhost:",
        ":8000",
        "127.0.0.1:99999",
        "1.2.3.4.5:80",
        "256.0.0.1:80",
        "::1:8000",
        "http://localhost:80",
        "a b:80",
    ] {
        refused(
            |s| s.server.bind = bind.to_owned(),
            "server.bind",
            "127.0.0.1:8000",
        );
    }
    for bind in [
        "127.0.0.1:0",
        "[::1]:8000",
        "0.0.0.0:80",
        "localhost:8000",
        "db-1.example:80",
    ] {
        let mut settings = good();
        settings.server.bind = bind.to_owned();
        assert_eq!(validate(&settings), Ok(()), "{bind}");
    }
}

#[test]
fn limits_leave_room_for_a_request() {
    let zero = Period::from_secs(0);
    refused(|s| s.server.max_body = 0, "server.max_body", "512 to");
    refused(|s| s.server.max_header = 4_096, "server.max_header", "8192 to");
    refused(
        |s| s.server.max_connections = Some(0),
        "server.max_connections",
        "leave the key out",
    );
    let key = "server.max_requests_in_flight";
    refused(|s| s.server.max_requests_in_flight = 0, key, "every request");
    refused(
        |s| s.server.header_timeout = zero,
        "server.header_timeout",
        "0ms would",
    );
    refused(
        |s| s.server.keep_alive_timeout = zero,
        "server.keep_alive_timeout",
        "0ms would",
    );
}

#[test]
fn limits_of_http2_leave_room_for_a_request() {
    let zero = Period::from_secs(0);
    refused(
        |s| s.server.http2.max_streams = 0,
        "server.http2.max_streams",
        "every request",
    );
    let key = "server.http2.max_pending_resets";
    refused(
        |s| s.server.http2.max_pending_resets = 0,
        key,
        "takes one request back",
    );
    refused(
        |s| s.server.http2.stream_window = 0,
        "server.http2.stream_window",
        "1 to 2147483647",
    );
    let key = "server.http2.connection_window";
    refused(
        |s| s.server.http2.connection_window = 1_000,
        key,
        "65535 to 2147483647",
    );
    refused(
        |s| s.server.http2.ping_timeout = zero,
        "server.http2.ping_timeout",
        "every connection",
    );
}

#[test]
fn limits_may_be_off() {
    let zero = Period::from_secs(0);
    let mut patient = good();
    (patient.server.body_timeout, patient.server.handler_timeout) = (zero, zero);
    (patient.server.write_timeout, patient.server.http2.ping_interval) = (zero, zero);
    assert_eq!(validate(&patient), Ok(()));
}

#[test]
fn cookies_keep_the_rules_of_their_prefixes() {
    refused(
        |s| s.session.cookie_name = "a b".to_owned(),
        "session.cookie_name",
        "`a b`",
    );
    refused(
        |s| s.session.cookie_name = "__Host-s".to_owned(),
        "session.cookie_name",
        "cookie_secure",
    );
    refused(
        |s| s.csrf.cookie_name = "__Secure-c".to_owned(),
        "csrf.cookie_name",
        "cookie_secure",
    );
    refused(
        |s| s.session.cookie_samesite = SameSite::None,
        "session.cookie_samesite",
        "cookie_secure",
    );
    refused(
        |s| s.session.cookie_path = "a".to_owned(),
        "session.cookie_path",
        "/",
    );
    refused(
        |s| s.session.cookie_domain = Some("a;b".to_owned()),
        "session.cookie_domain",
        "a;b",
    );
    refused(
        |s| s.session.cookie_age = Period::from_secs(0),
        "session.cookie_age",
        "0ms",
    );
    refused(
        |s| s.csrf.cookie_name = "sessionid".to_owned(),
        "csrf.cookie_name",
        "session",
    );
    let mut settings = good();
    settings.session.cookie_name = "__Host-s".to_owned();
    settings.session.cookie_secure = true;
    assert_eq!(validate(&settings), Ok(()));
    settings.session.cookie_domain = Some("example.com".to_owned());
    assert!(validate(&settings).is_err());
}

#[test]
fn origins_have_a_scheme() {
    let origin = "example.com".to_owned();
    refused(
        |s| s.csrf.trusted_origins = vec![origin],
        "csrf.trusted_origins",
        "https://",
    );
}

#[test]
fn tokens_need_words_and_lifetimes() {
    refused(
        |s| s.section_mut::<TokenSettings>().keyword = String::new(),
        "token.keyword",
        "``",
    );
    refused(
        |s| s.jwt.access_token_lifetime = Period::from_secs(0),
        "jwt.access_token_lifetime",
        "0ms",
    );
    refused(
        |s| s.jwt.auth_header_types.clear(),
        "jwt.auth_header_types",
        "Bearer",
    );
    refused(
        |s| s.jwt.auth_header_name = "Authorization: Bearer".to_owned(),
        "jwt.auth_header_name",
        "HTTP_",
    );
    refused(
        |s| s.jwt.user_id_claim = "exp".to_owned(),
        "jwt.user_id_claim",
        "exp",
    );
}

#[test]
fn a_blacklist_in_redis_needs_a_server() {
    refused(
        |s| s.jwt.blacklist = Blacklist::Redis,
        "jwt.blacklist",
        "needs a server",
    );
}

#[test]
fn acme_needs_names_and_agreement() {
    use doorward_core::settings::ServerSettings;

    let asks = |server: &mut ServerSettings| {
        server.acme.domains = vec!["example.com".to_owned()];
        server.acme.accept_terms = true;
    };
    let with = |change: fn(&mut ServerSettings), key: &str, says: &str| {
        refused(
            |s| {
                asks(&mut s.server);
                change(&mut s.server);
            },
            key,
            says,
        );
    };
    with(
        |s| s.acme.accept_terms = false,
        "server.acme.accept_terms",
        "terms of service",
    );
    with(
        |s| s.acme.domains.push("*.example.com".to_owned()),
        "server.acme.domains",
        "`*.example.com`",
    );
    with(
        |s| s.acme.domains.push(String::new()),
        "server.acme.domains",
        "``",
    );
    with(
        |s| s.acme.contact.push("me".to_owned()),
        "server.acme.contact",
        "mailto:",
    );
    with(
        |s| s.acme.directory = "http://ca".to_owned(),
        "server.acme.directory",
        "https://",
    );
    with(|s| s.acme.cache_dir.clear(), "server.acme.cache_dir", "folder");
    let both = |s: &mut ServerSettings| {
        (s.tls_cert, s.tls_key) = (Some("a".to_owned()), Some("b".to_owned()));
    };
    with(both, "server.acme.domains", "`server.tls_cert`");
    let mut settings = good();
    asks(&mut settings.server);
    assert_eq!(validate(&settings), Ok(()));
}

#[test]
fn a_certificate_and_its_key_come_together() {
    let file = || Some("a.pem".to_owned());
    refused(|s| s.server.tls_cert = file(), "server.tls_key", "missing");
    refused(|s| s.server.tls_key = file(), "server.tls_cert", "missing");
    let mut settings = good();
    (settings.server.tls_cert, settings.server.tls_key) = (file(), file());
    assert_eq!(validate(&settings), Ok(()));
}

#[test]
fn no_staleness_is_possible() {
    let mut settings = good();
    settings.cache.max_staleness = Period::from_secs(0);
    assert_eq!(validate(&settings), Ok(()));
}

/// The rules of a refused section are missing, and their names are known all the same.
#[test]
fn a_refused_section_hides_no_wrong_name() {
    use doorward_core::settings::ThrottleName;

    let mut settings = good();
    settings.throttle.nodes = 0;
    settings.rest.throttle = vec![ThrottleName::Anon, ThrottleName::of("anonymous")];
    let errors = validate(&settings).expect_err("much is wrong");
    let keys: Vec<&str> = errors.iter().map(SettingsError::key).collect();
    assert_eq!(keys, ["throttle.nodes", "rest.throttle"]);
    assert_eq!(errors.iter().last().and_then(SettingsError::item), Some(1));
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let mut settings = good();
    settings.server.max_body = 0;
    settings.session.cookie_path = "a".to_owned();
    settings.csrf.trusted_origins = vec!["a.example".to_owned(), "https://b.example/".to_owned()];
    settings.jwt.user_id_claim = "exp".to_owned();
    settings.security.proxy_ssl_header = Some("X-Forwarded-Proto".to_owned());
    settings.cache.max_memory = 0;
    let errors = validate(&settings).expect_err("much is wrong");
    let keys: Vec<&str> = errors.iter().map(SettingsError::key).collect();
    let expected = [
        "server.max_body",
        "session.cookie_path",
        "csrf.trusted_origins",
        "csrf.trusted_origins",
        "jwt.user_id_claim",
        "security.proxy_ssl_header",
        "cache.max_memory",
    ];
    assert_eq!(keys, expected);
    assert_eq!(errors.to_string().lines().count(), expected.len());
}
