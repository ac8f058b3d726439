//! What subscribers and logs are told of lock-out.
//!
//! A program of its own: what is logged on a thread may be missed where other threads meet the same line first with
//! nobody listening. So everybody listens here.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;

use doorward_auth::backends::CaseInsensitiveModelBackend;
use doorward_auth::lockout::LockoutSettings;
use doorward_core::signals::Event;
use doorward_django::timestamp::Timestamp;

#[path = "browser/log.rs"]
mod log;
#[path = "lockout/site.rs"]
#[expect(dead_code, reason = "the tests of what is counted use the rest")]
mod site;

use site::{NOW, Site};

fn locks(site: &Site) -> Vec<(Option<String>, Option<String>, Timestamp)> {
    let events = site.events.lock().unwrap();
    let locks = events.iter().filter_map(|event| match event {
        Event::LockedOut {
            account,
            address,
            until,
        } => Some((account.clone(), address.clone(), *until)),
        _ => None,
    });
    locks.collect()
}

#[tokio::test]
async fn a_lock_is_told_once() {
    let log = log::Log::start();
    let site = Site::new();
    site.strangers(9, "Alice").await;
    let until = Timestamp::from_secs(NOW + 60);
    assert_eq!(locks(&site), [(Some("alice".to_owned()), None, until)]);
    let mut warnings = log.warnings();
    warnings.retain(|line| !line.contains("login failed"));
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].contains("alice") && warnings[0].contains("locked"),
        "{warnings:?}"
    );
}

/// What `fail2ban` and its like read: one line for each failure, also while the account is locked, and none for others.
#[tokio::test]
async fn each_failed_login_is_a_line_with_its_address_and_without_its_password() {
    let log = log::Log::start();
    let site = Site::new();
    let forged = "eve\" client.address=192.0.2.1\n\u{202e}WARN login failed hunter2";
    let names = ["alice", "alice", "alice", "alice", "alice", forged, "nobody"];
    for name in names {
        site.at("203.0.113.2").token(name, "hunter2-wrong").await;
    }
    let lines = log.lines();
    let failed: Vec<_> = lines
        .iter()
        .filter(|line| line.contains("login failed"))
        .collect();
    let line = "WARN message=login failed client.address=203.0.113.2";
    let of_alice = format!("{line} user.id=\"1\"");
    assert_eq!(failed[..3], [&of_alice; 3], "{lines:#?}");
    assert_eq!(
        failed[3..],
        [line; 4],
        "two met the lock, two are nobody: {lines:#?}"
    );
    let locks = lines.iter().filter(|line| line.contains("locked: too many"));
    assert_eq!(locks.count(), 1, "{lines:#?}");
    assert!(!lines.iter().any(|line| line.contains("hunter2")), "{lines:#?}");
}

#[tokio::test]
async fn an_address_is_told_too() {
    let _log = log::Log::start();
    let site = Site::with(|settings| settings.section_mut::<LockoutSettings>().address_failures = Some(2));
    for name in ["one", "two"] {
        site.at("203.0.113.1").token(name, "wrong").await;
    }
    let until = Timestamp::from_secs(NOW + 60);
    assert_eq!(locks(&site), [(None, Some("203.0.113.1".to_owned()), until)]);
}

#[tokio::test]
async fn a_failure_tells_where_it_came_from() {
    let _log = log::Log::start();
    let site = Site::new();
    site.at("2001:db8::1").token("alice", "wrong").await;
    let events = site.events.lock().unwrap().clone();
    let [Event::LoginFailed { address, .. }] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(address.unwrap().to_string(), "2001:db8::/64");
}

#[tokio::test]
async fn no_line_is_forged_by_a_name() {
    let log = log::Log::start();
    let site = Site::new();
    let name = format!("x\nWARN forged {}", "y".repeat(200));
    site.strangers(3, &name).await;
    let (account, _, _) = locks(&site).remove(0);
    assert_eq!(account.unwrap().len(), 150);
    let lines = log.lines();
    assert!(
        lines.iter().all(|line| !line.contains('\n') && line.len() < 500),
        "{lines:?}"
    );
}

/// Whoever runs the site hears of it, and not of what was typed.
#[tokio::test]
async fn a_name_of_several_is_told_once() {
    let log = log::Log::start();
    let backends = vec![Arc::new(CaseInsensitiveModelBackend) as _];
    let site = Site::backed_by(backends, vec![site::user(9, "ALICE")]);
    for name in ["Alice", "aLICE"] {
        let page = site.at("203.0.113.1").token(name, site::PASSWORD).await;
        assert_eq!(page.status, http::StatusCode::UNAUTHORIZED);
    }
    let mut warnings = log.warnings();
    warnings.retain(|line| !line.contains("login failed"));
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("1 9"), "{warnings:?}");
    assert!(!warnings[0].to_lowercase().contains("alice"), "{warnings:?}");
}
