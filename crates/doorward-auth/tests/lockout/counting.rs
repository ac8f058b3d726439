//! What is counted, and that it is counted exactly.

use std::sync::atomic::Ordering;

use doorward_auth::accounts;
use doorward_auth::lockout;
use doorward_auth::lockout::{
    Counter, CounterName, Limits, Lock, LockoutBy, LockoutSettings, LoginAttempt, LoginAttemptStore,
    Reserved, Reset, Settlement,
};
use doorward_core::settings::Settings;
use doorward_core::stores::{Outage, StoreAnswer, StoreError};
use doorward_core::{Answer, Door};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use futures_util::future::poll_immediate;
use http::StatusCode;
use http::header::AUTHORIZATION;
use serde_json::json;

use crate::site::{HOME, LOCKED, PASSWORD, Site, memory, settings};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_any_burst_exactly_so_many_passwords_are_checked() {
    let site = Site::new();
    let requests = (0..200_usize).map(|number| {
        let client = site.at(&format!("203.0.113.{}", number % 20 + 1));
        tokio::spawn(async move {
            match number % 4 {
                0 => client.basic("alice", "wrong").await,
                1 => client.post("/api/token/", "alice", "wrong").await,
                2 => client.post("/api/token/sliding/", "alice", "wrong").await,
                _ => client.post("/api-token-auth/", "alice", "wrong").await,
            }
        })
    });
    let requests: Vec<_> = requests.collect();
    let mut locked = 0;
    for request in requests {
        let page = request.await.unwrap();
        if page.is_locked() {
            assert_eq!((page.text.as_str(), page.wait()), (LOCKED, Some(60)));
            locked += 1;
        }
    }
    assert_eq!((site.checks(), locked), (3, 197));
}

#[tokio::test]
async fn every_path_that_takes_a_password_counts() {
    let site = Site::with(|settings| settings.section_mut::<LockoutSettings>().failures = Some(7));
    let client = site.at(HOME);
    let by_token = client.post("/api-token-auth/", "alice", PASSWORD).await;
    let token: serde_json::Value = serde_json::from_str(&by_token.text).unwrap();
    let token = format!("Token {}", token["token"].as_str().unwrap());
    let headers = [
        (AUTHORIZATION.as_str(), token.as_str()),
        ("content-type", "application/json"),
    ];
    let change = json!({ "old_password": "wrong", "new_password": "another-good-one-42" });
    // From elsewhere: at home she is known.
    let client = site.at("203.0.113.1");
    let path = "/api/password/change/";
    let pages = [
        client.basic("alice", "wrong").await,
        client.post("/api/token/", "alice", "wrong").await,
        client.post("/api/token/sliding/", "alice", "wrong").await,
        client.post("/api-token-auth/", "alice", "wrong").await,
        client.login("application/json", "alice", "wrong").await,
        client
            .login("application/x-www-form-urlencoded", "alice", "wrong")
            .await,
        client.send("POST", path, &headers, change.clone()).await,
    ];
    let statuses = pages.map(|page| page.status.as_u16());
    assert_eq!(statuses, [401, 401, 401, 400, 400, 200, 400]);
    for page in [
        client.basic("alice", PASSWORD).await,
        client.post("/api/token/", "alice", PASSWORD).await,
        client.post("/api/token/sliding/", "alice", PASSWORD).await,
        client.post("/api-token-auth/", "alice", PASSWORD).await,
        client.login("application/json", "alice", PASSWORD).await,
        client.send("POST", path, &headers, change).await,
    ] {
        assert_eq!((page.status.as_u16(), page.text.as_str()), (429, LOCKED));
    }
}

#[tokio::test]
async fn the_login_page_tells_it_on_the_form() {
    let site = Site::new();
    site.strangers(3, "alice").await;
    let form = "application/x-www-form-urlencoded";
    let page = site.at("203.0.113.99").login(form, "alice", PASSWORD).await;
    assert_eq!(
        (page.status, page.wait()),
        (StatusCode::TOO_MANY_REQUESTS, Some(60))
    );
    assert!(
        page.text.contains("Account locked: too many login attempts."),
        "{}",
        page.text
    );
    assert!(page.text.contains("<form"), "{}", page.text);
}

#[tokio::test]
async fn a_name_that_nobody_has_is_treated_alike() {
    let site = Site::new();
    for number in 0..6 {
        let mut pages = Vec::new();
        for name in ["alice", "nobody"] {
            pages.push(site.at(&format!("203.0.113.{number}")).token(name, "wrong").await);
        }
        let [alice, nobody] = <[_; 2]>::try_from(pages).unwrap();
        assert_eq!((alice.status, &alice.text), (nobody.status, &nobody.text));
        assert_eq!(alice.headers, nobody.headers);
    }
    assert_eq!(site.checks(), 6, "no hash is computed while locked");
}

/// Hardening, row 158.
#[tokio::test]
async fn spellings_of_a_name_share_one_counter() {
    let site = Site::new();
    let spellings = ["alice", " ALICE ", "\u{ff21}lice", "aLiCe", "\talice"];
    let mut statuses = Vec::new();
    for (number, name) in spellings.into_iter().enumerate() {
        let page = site.at(&format!("203.0.113.{number}")).token(name, "wrong").await;
        statuses.push(page.status.as_u16());
    }
    assert_eq!(statuses, [401, 401, 401, 429, 429]);
}

/// Difference 6: the password as it was sent, then trimmed.
#[tokio::test]
async fn a_padded_password_is_one_attempt() {
    let site = Site::new();
    for number in 0..3 {
        let page = site
            .at(&format!("203.0.113.{number}"))
            .token("alice", "  wrong ")
            .await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(site.checks(), 6);
    assert!(site.at("203.0.113.9").token("alice", "x").await.is_locked());
}

#[tokio::test]
async fn an_address_is_locked_whichever_names_it_tries() {
    let site = Site::with(|settings| settings.section_mut::<LockoutSettings>().address_failures = None);
    let stranger = site.at("203.0.113.1");
    for name in ["one", "two", "three"] {
        assert_eq!(
            stranger.token(name, "wrong").await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    assert!(stranger.token("four", "wrong").await.is_locked());
    assert!(stranger.token("alice", PASSWORD).await.is_locked());
    let other = site.at("203.0.113.2");
    assert_eq!(other.token("alice", PASSWORD).await.status, StatusCode::OK);
}

/// Who has an account of his own does not clear his address by logging in between.
#[tokio::test]
async fn a_success_does_not_clear_an_address() {
    let site = Site::with(|settings| settings.section_mut::<LockoutSettings>().address_failures = Some(4));
    let stranger = site.at("203.0.113.1");
    let mut statuses = Vec::new();
    for name in ["alice", "carol", "dora", "erna", "fred"] {
        assert_eq!(stranger.token("bob", PASSWORD).await.status, StatusCode::OK);
        statuses.push(stranger.token(name, "wrong").await.status.as_u16());
    }
    assert_eq!(statuses, [401, 401, 401, 401, 429]);
}

#[tokio::test]
async fn account_and_address_can_be_counted_together() {
    let site = Site::with(|settings| {
        settings.section_mut::<LockoutSettings>().by = vec![LockoutBy::AccountAndAddress];
    });
    let stranger = site.at("203.0.113.1");
    for _ in 0..3 {
        assert_eq!(
            stranger.token("alice", "wrong").await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    assert!(stranger.token("alice", PASSWORD).await.is_locked());
    assert_eq!(stranger.token("bob", PASSWORD).await.status, StatusCode::OK);
    assert_eq!(
        site.at("203.0.113.2").token("alice", PASSWORD).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn networks_that_are_allowed_are_not_counted() {
    let site = Site::with(|settings| {
        settings.section_mut::<LockoutSettings>().allow = vec!["10.0.0.0/8".to_owned()];
    });
    for number in 0..9 {
        let page = site.at(&format!("10.0.0.{number}")).token("alice", "wrong").await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(
        site.strangers(4, "alice").await[3].status,
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(
        site.at("10.0.0.1").token("alice", PASSWORD).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_fault_of_ours_is_no_failure() {
    let site = Site::new();
    site.checker.is_broken.store(true, Ordering::SeqCst);
    for page in site.strangers(5, "alice").await {
        assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    }
    site.checker.is_broken.store(false, Ordering::SeqCst);
    assert_eq!(
        site.at(HOME).token("alice", PASSWORD).await.status,
        StatusCode::OK
    );
}

/// A store that is away, or that must not be asked.
#[derive(Debug)]
struct Away(Outage);

impl LoginAttemptStore for Away {
    fn reserve<'a>(&'a self, _: &'a LoginAttempt, _: Timestamp) -> StoreAnswer<'a, Reserved> {
        Answer::ready(Err(StoreError::new("away", self.0, "away")))
    }

    fn settle<'a>(&'a self, _: &'a LoginAttempt, _: Settlement, _: Timestamp) -> StoreAnswer<'a, Vec<Lock>> {
        Answer::ready(Err(StoreError::new("away", self.0, "away")))
    }

    fn take_in<'a>(&'a self, _: &'a CounterName, _: &'a Counter, _: &'a Limits) -> StoreAnswer<'a, ()> {
        panic!("nobody brings anything")
    }

    fn list(&self, _: u32) -> StoreAnswer<'_, Vec<(CounterName, Counter)>> {
        panic!("nobody asks for a list")
    }

    fn reset<'a>(&'a self, _: &'a Reset, _: u32) -> StoreAnswer<'a, u64> {
        panic!("nobody asks for a reset")
    }
}

#[tokio::test]
async fn no_password_is_checked_that_cannot_be_counted() {
    let site = Site::on(|_| {}, Away(Outage::Passing));
    let page = site.at(HOME).token("alice", PASSWORD).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(site.checks(), 0);
}

#[tokio::test]
async fn what_cannot_be_checked_is_not_written() {
    let change = |settings: &mut Settings| {
        settings.passwords.hashers = vec!["pbkdf2_sha256".to_owned()];
        settings.passwords.workers = Some(1);
        settings.passwords.queue = 0;
    };
    let site = Site::on(change, Away(Outage::Lasting));
    let password = Secret::new("any".to_owned());
    let mut busy = Box::pin(site.door.passwords().dummy(&password));
    assert!(poll_immediate(&mut busy).await.is_none());
    let refused = site.at(HOME).token("alice", PASSWORD).await;
    assert_eq!((refused.status.as_u16(), refused.wait()), (503, Some(1)));
    busy.await.unwrap();
    // The store is away for good: now it is asked.
    let asked = site.at(HOME).token("alice", PASSWORD).await;
    assert_eq!(asked.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn off_it_asks_no_store_and_sets_no_cookie() {
    let site = Site::on(
        |settings| settings.section_mut::<LockoutSettings>().failures = None,
        Away(Outage::Passing),
    );
    for page in site.strangers(20, "alice").await {
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    }
    let page = site.at(HOME).token("alice", PASSWORD).await;
    assert_eq!((page.status, page.device()), (StatusCode::OK, None));
}

/// A name past its bound is nobody's, and is counted as any such name is.
#[tokio::test]
async fn a_name_past_its_bound_locks_as_an_unknown_one_does() {
    let site = Site::new();
    let name = "\u{fdfa}".repeat(10_000);
    for expected in [401, 401, 401, 429] {
        let page = site.at(HOME).token(&name, PASSWORD).await;
        assert_eq!(page.status, expected);
    }
}

/// A door that keeps nothing may share its settings with others: there no password is checked.
#[tokio::test]
async fn a_door_that_keeps_nothing_checks_no_password() {
    let mut settings = settings();
    settings.jwt.signing_key = Some(Secret::new(
        "a-key-that-is-shared-with-the-issuer-0123456789".to_owned(),
    ));
    let door = Door::stateless(settings).unwrap();
    let password = Secret::new(PASSWORD.to_owned());
    let refused = accounts::authenticate(&door, "alice", &password)
        .await
        .unwrap_err();
    assert_eq!(refused.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(lockout::held(&door, 1).await.is_err());
}

#[tokio::test]
async fn a_door_without_a_database_does_not_open() {
    let stores = memory().stores();
    let error = Door::new(settings(), stores.clone()).unwrap_err();
    assert_eq!(error.key(), "lockout.failures");
    assert!(error.to_string().contains("DoorBuilder::database"), "{error}");
    let mut off = settings();
    off.section_mut::<LockoutSettings>().failures = None;
    assert!(Door::new(off, stores).is_ok());
}
