//! Spellings with one meaning work, and those that nothing would ever match stop the start.

use super::Case;

#[test]
fn both_spellings_of_headers_are_good_everywhere() {
    for (key, names) in [
        ("remote_user.header", ["X-Remote-User", "HTTP_X_REMOTE_USER"]),
        ("csrf.header_name", ["X-CSRFToken", "HTTP_X_CSRFTOKEN"]),
        ("jwt.auth_header_name", ["Authorization", "HTTP_AUTHORIZATION"]),
        (
            "security.proxy_ssl_header",
            ["X-Forwarded-Proto: https", "HTTP_X_FORWARDED_PROTO: https"],
        ),
    ] {
        for name in names {
            let file = format!("{key} = \"{name}\"\nthrottle.trusted_proxies = [\"10.0.0.0/8\"]");
            let loaded = Case::with_key(&file).load();
            assert!(loaded.is_ok(), "{key} = {name}: {loaded:?}");
        }
        for name in ["", "X Remote User", "HTTP_", "Host: a", "ä"] {
            let file = format!("{key} = \"{name}\"\nthrottle.trusted_proxies = [\"10.0.0.0/8\"]");
            let errors = Case::with_key(&file).errors();
            assert!(
                errors.iter().any(|error| error.contains(key)),
                "{key} = {name}: {errors:#?}"
            );
        }
    }
}

#[test]
fn origins_that_no_browser_sends_are_told_with_the_right_spelling() {
    for key in ["csrf.trusted_origins", "cors.allowed_origins"] {
        for (origin, says) in [
            ("https://app.example/", "write `https://app.example`"),
            ("https://app.example/path", "write `https://app.example`"),
            ("app.example", "https://app.example"),
            ("https://bücher.example", "Punycode"),
        ] {
            let errors = Case::with_key(&format!("{key} = [\"{origin}\"]")).errors();
            assert!(
                errors
                    .iter()
                    .any(|error| error.contains(key) && error.contains(says)),
                "{errors:#?}"
            );
        }
        for origin in ["https://app.example:443", "HTTPS://App.example"] {
            assert!(
                Case::with_key(&format!("{key} = [\"{origin}\"]")).load().is_ok(),
                "{key} {origin}"
            );
        }
    }
}

#[test]
fn what_nothing_matches_stops_the_start() {
    for (line, key) in [
        ("allowed_hosts = [\"bücher.example\"]", "allowed_hosts"),
        ("allowed_hosts = [\"example.com:8000\"]", "allowed_hosts"),
        ("allowed_hosts = [\"example.com.\"]", "allowed_hosts"),
        ("allowed_hosts = [\"*.example.com\"]", "allowed_hosts"),
        ("allowed_hosts = [\"::1\"]", "allowed_hosts"),
        ("csrf.trusted_origins = [\"https://*\"]", "csrf.trusted_origins"),
        (
            "cors.allowed_origins = [\"https://*.example.com\"]",
            "cors.allowed_origins",
        ),
        (
            "cors.allowed_origin_regexes = ['^https://a\\.example/$']",
            "cors.allowed_origin_regexes",
        ),
        (
            "security.redirect_exempt = [\"^/health\"]",
            "security.redirect_exempt",
        ),
        (
            "session.cookie_domain = \"https://example.com\"",
            "session.cookie_domain",
        ),
        (
            "session.cookie_domain = \"example.com:8000\"",
            "session.cookie_domain",
        ),
        ("csrf.cookie_domain = \"bücher.example\"", "csrf.cookie_domain"),
        ("session.cookie_name = \"__host-sid\"", "session.cookie_name"),
        ("session.cookie_samesite = \"None\"", "session.cookie_samesite"),
        (
            "throttle.trusted_proxies = [\"10.1.2.3/8\"]",
            "throttle.trusted_proxies",
        ),
        ("jwt.audience = []", "jwt.audience"),
        (
            "security.hsts_seconds = 60\nsecurity.hsts_preload = true",
            "security.hsts_preload",
        ),
        ("database.url = \"sqlite://a?b\"", "database.url"),
    ] {
        let errors = Case::with_key(line).errors();
        assert!(
            errors.iter().any(|error| error.contains(&format!(": {key}: "))),
            "{line}: {errors:#?}"
        );
    }
}

#[test]
fn paths_that_no_request_has_stop_the_start() {
    for path in [
        "/ü/", "/a b/", "/a?b/", "//x/", "/a#b", "/%41/", "/a/../b/", "/./a/", "admin",
    ] {
        let errors = Case::with_key(&format!("urls.login = \"{path}\"")).errors();
        assert!(
            errors.iter().any(|error| error.contains(": urls.login: ")),
            "{path}: {errors:#?}"
        );
    }
}

#[test]
fn one_path_for_two_endpoints_stops_the_start() {
    for (line, keys) in [
        (
            "urls.login = \"/api/token/\"",
            ["urls.login", "urls.token_obtain_pair"],
        ),
        (
            "urls.profile = \"/x/\"\nurls.logout = \"/x/\"",
            ["urls.profile", "urls.logout"],
        ),
        (
            "urls.token_verify = \"/{a}/\"\nurls.profile = \"/{b}/\"",
            ["urls.token_verify", "urls.profile"],
        ),
    ] {
        let errors = Case::with_key(line).errors();
        assert_eq!(errors.len(), 1, "{errors:#?}");
        assert!(
            errors
                .iter()
                .all(|error| keys.iter().all(|key| error.contains(key))),
            "{errors:#?}"
        );
    }
    let swapped = "urls.profile = \"/api/token/\"\nurls.token_obtain_pair = \"/api/profile/\"";
    assert!(Case::with_key(swapped).load().is_ok());
}
