//! `[jwt.cookie]`: cookies that no browser would take stop the start.

use doorward_core::settings::{SameSite, Settings};

use super::site::settings;

#[track_caller]
fn refused(change: impl FnOnce(&mut Settings), key: &str, says: &str) {
    let error = settings(change).validate().unwrap_err();
    assert_eq!(error.key(), key, "{error}");
    assert!(error.problem().contains(says), "{error}");
}

#[track_caller]
fn possible(change: impl FnOnce(&mut Settings)) {
    assert_eq!(settings(change).validate(), Ok(()));
}

fn named(settings: &mut Settings) {
    settings.jwt.cookie.refresh_name = Some("refresh".to_owned());
    settings.jwt.cookie.access_name = Some("access".to_owned());
}

#[test]
fn the_usual_names_are_possible() {
    possible(named);
    possible(|s| s.jwt.cookie.refresh_name = Some("refresh".to_owned()));
    possible(|s| {
        named(s);
        s.jwt.cookie.access_name = Some("__Host-access".to_owned());
        s.jwt.cookie.refresh_name = Some("__Secure-refresh".to_owned());
    });
    possible(|s| {
        named(s);
        s.jwt.cookie.refresh_name = Some("__Host-refresh".to_owned());
        s.jwt.cookie.refresh_path = Some("/".to_owned());
    });
    possible(|s| {
        named(s);
        s.jwt.cookie.samesite = SameSite::None;
    });
}

#[test]
fn an_access_cookie_alone_is_refused() {
    let alone = |s: &mut Settings| s.jwt.cookie.access_name = Some("access".to_owned());
    refused(alone, "jwt.cookie.access_name", "jwt.cookie.refresh_name");
}

#[test]
fn prefixes_keep_their_rules() {
    let host = |s: &mut Settings| s.jwt.cookie.refresh_name = Some("__Host-refresh".to_owned());
    refused(
        host,
        "jwt.cookie.refresh_name",
        "`jwt.cookie.refresh_path = \"/\"`",
    );
    refused(
        |s| {
            named(s);
            s.jwt.cookie.access_name = Some("__Host-access".to_owned());
            s.jwt.cookie.domain = Some("example.com".to_owned());
        },
        "jwt.cookie.access_name",
        "without a domain",
    );
    for name in ["__Secure-refresh", "__Host-refresh"] {
        refused(
            |s| {
                s.jwt.cookie.refresh_name = Some(name.to_owned());
                s.jwt.cookie.secure = false;
            },
            "jwt.cookie.refresh_name",
            "`jwt.cookie.secure = true`",
        );
    }
}

#[test]
fn what_no_browser_takes_is_told() {
    refused(
        |s| {
            named(s);
            s.jwt.cookie.samesite = SameSite::None;
            s.jwt.cookie.secure = false;
        },
        "jwt.cookie.samesite",
        "`jwt.cookie.secure = true`",
    );
    for (name, shown) in [("", "``"), ("a b", "`a b`"), ("a;b", "`a;b`"), ("a=b", "`a=b`")] {
        let wrong = |s: &mut Settings| s.jwt.cookie.refresh_name = Some(name.to_owned());
        refused(wrong, "jwt.cookie.refresh_name", shown);
    }
    for path in ["", "api", "/a;b", "/a b"] {
        let wrong = |s: &mut Settings| {
            named(s);
            s.jwt.cookie.path = path.to_owned();
        };
        refused(wrong, "jwt.cookie.path", "starts with `/`");
        let wrong = |s: &mut Settings| {
            named(s);
            s.jwt.cookie.refresh_path = Some(path.to_owned());
        };
        refused(wrong, "jwt.cookie.refresh_path", "starts with `/`");
    }
    let domain = |s: &mut Settings| {
        named(s);
        s.jwt.cookie.domain = Some("a;b".to_owned());
    };
    refused(domain, "jwt.cookie.domain", "`a;b`");
}

#[test]
fn no_two_cookies_have_one_name() {
    for (name, key) in [
        ("sessionid", "jwt.cookie.refresh_name"),
        ("csrftoken", "jwt.cookie.refresh_name"),
        ("access", "jwt.cookie.access_name"),
    ] {
        let same = |s: &mut Settings| {
            named(s);
            s.jwt.cookie.refresh_name = Some(name.to_owned());
        };
        refused(same, key, "that name");
    }
}
