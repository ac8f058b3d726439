//! What `[lockout]` takes.

use doorward_auth::lockout::{LockoutBy, LockoutSettings};
use doorward_core::app::Apps;
use doorward_core::settings::{Period, Settings};

use crate::site::settings;

#[track_caller]
fn refused(change: impl FnOnce(&mut Settings), key: &str, says: &str) {
    let mut settings = settings();
    change(&mut settings);
    let error = settings.validate().unwrap_err();
    assert_eq!(error.key(), key);
    assert!(error.to_string().contains(says), "{error}");
}

#[test]
fn impossible_values_stop_the_start() {
    refused(
        |s| s.section_mut::<LockoutSettings>().failures = Some(0),
        "lockout.failures",
        "between 1 and 1000",
    );
    refused(
        |s| s.section_mut::<LockoutSettings>().failures = Some(1_001),
        "lockout.failures",
        "1000",
    );
    refused(
        |s| s.section_mut::<LockoutSettings>().address_failures = Some(0),
        "lockout.address_failures",
        "1000",
    );
    refused(
        |s| s.section_mut::<LockoutSettings>().window = Period::from_secs(0),
        "lockout.window",
        "0ms",
    );
    refused(
        |s| s.section_mut::<LockoutSettings>().cool_off = Period::from_secs(0),
        "lockout.cool_off",
        "0ms",
    );
    refused(
        |s| s.section_mut::<LockoutSettings>().known_for = Period::from_secs(0),
        "lockout.known_for",
        "0ms",
    );
    refused(
        |s| s.section_mut::<LockoutSettings>().cool_off_max = Period::from_secs(59),
        "lockout.cool_off_max",
        "59s",
    );
    refused(
        |s| s.section_mut::<LockoutSettings>().by = Vec::new(),
        "lockout.by",
        "empty",
    );
    refused(
        |s| s.section_mut::<LockoutSettings>().allow = vec!["10.0.0.0/99".to_owned()],
        "lockout.allow",
        "10.0.0.0/99",
    );
}

#[test]
fn it_is_off_unless_a_number_is_set() {
    let settings = Settings::default();
    let lockout = settings.section::<LockoutSettings>();
    assert_eq!((lockout.failures, lockout.address_failures), (None, None));
    assert_eq!(lockout.by, [LockoutBy::Account, LockoutBy::Address]);
    let by = serde_json::json!({ "by": ["account", "address", "account+address"], "failures": 5 });
    let read: LockoutSettings = serde_json::from_value(by).unwrap();
    assert_eq!(read.by.len(), 3);
    let unknown = serde_json::json!({ "by": ["user_agent"] });
    assert!(serde_json::from_value::<LockoutSettings>(unknown).is_err());
}

/// What the section says would count for nothing.
#[test]
fn a_site_without_the_app_is_refused() {
    let without = settings().with_apps(&Apps::new());
    let error = without.validate().unwrap_err();
    assert_eq!(error.key(), "lockout");
    assert!(
        error.to_string().contains("doorward_auth::lockout::LockoutApp"),
        "{error}"
    );
    let mut as_usual = without.with_section(LockoutSettings::default());
    as_usual.rest.authentication.clear();
    as_usual.passwords.backends.clear();
    assert!(as_usual.validate().is_ok(), "nothing is set");
}

/// No other cookie takes the name of the device's.
#[test]
fn the_name_of_its_cookie_is_taken() {
    refused(
        |s| s.csrf.cookie_name = "doorward_device".to_owned(),
        "csrf.cookie_name",
        "`lockout` has that name too",
    );
    refused(
        |s| s.jwt.cookie.refresh_name = Some("doorward_device".to_owned()),
        "jwt.cookie.refresh_name",
        "`lockout` has that name too",
    );
}
