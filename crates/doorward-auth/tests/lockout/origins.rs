//! No stranger locks an owner out.

use std::time::Duration;

use doorward_auth::accounts;
use doorward_auth::lockout::{LockoutBy, LockoutSettings, LoginAttempts, Reset};
use doorward_django::secret::Secret;
use http::StatusCode;
use serde_json::json;

use crate::site::{HOME, PASSWORD, Site};

const AWAY: &str = "198.51.100.9";

#[tokio::test]
async fn an_owner_gets_in_from_a_network_that_the_account_was_used_from() {
    let site = Site::new();
    assert_eq!(
        site.at(HOME).basic("alice", PASSWORD).await.status,
        StatusCode::OK
    );
    site.strangers(4, "alice").await;
    assert_eq!(
        site.at(HOME).token("alice", PASSWORD).await.status,
        StatusCode::OK
    );
    assert!(site.at(AWAY).token("alice", PASSWORD).await.is_locked());
    assert!(site.at("192.0.2.8").token("alice", PASSWORD).await.is_locked());
    // It is known to that account only.
    site.strangers(4, "bob").await;
    assert!(site.at(HOME).token("bob", PASSWORD).await.is_locked());
}

#[tokio::test]
async fn a_network_of_ipv6_is_one_origin() {
    let site = Site::new();
    assert_eq!(
        site.at("2001:db8::1").basic("alice", PASSWORD).await.status,
        StatusCode::OK
    );
    site.strangers(4, "alice").await;
    assert_eq!(
        site.at("2001:db8::2").basic("alice", PASSWORD).await.status,
        StatusCode::OK
    );
    assert!(
        site.at("2001:db8:1::2")
            .basic("alice", PASSWORD)
            .await
            .is_locked()
    );
}

#[tokio::test]
async fn an_owner_gets_in_with_a_device_from_anywhere() {
    let site = Site::new();
    let page = site.at(HOME).token("alice", PASSWORD).await;
    site.strangers(4, "alice").await;
    let travelling = site.at(AWAY).with(&page);
    assert_eq!(
        travelling.token("alice ", "wrong").await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(travelling.token("alice", PASSWORD).await.status, StatusCode::OK);
}

/// Also an address that is locked for what others did there.
#[tokio::test]
async fn a_known_origin_is_not_locked_with_its_address() {
    let site = Site::with(|settings| settings.section_mut::<LockoutSettings>().address_failures = None);
    let page = site.at(HOME).token("alice", PASSWORD).await;
    for name in ["one", "two", "three", "four"] {
        site.at(HOME).token(name, "wrong").await;
        site.at(AWAY).token(name, "wrong").await;
    }
    assert!(site.at(HOME).token("bob", PASSWORD).await.is_locked());
    assert_eq!(
        site.at(HOME).token("alice", PASSWORD).await.status,
        StatusCode::OK
    );
    assert_eq!(
        site.at(AWAY).with(&page).token("alice", PASSWORD).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_known_network_has_a_counter_of_its_own() {
    let site = Site::new();
    site.at(HOME).basic("alice", PASSWORD).await;
    for _ in 0..3 {
        assert_eq!(
            site.at(HOME).basic("alice", "wrong").await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    assert!(site.at(HOME).basic("alice", PASSWORD).await.is_locked());
    // What happened there does not count for strangers.
    assert_eq!(
        site.at(AWAY).basic("alice", PASSWORD).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_device_that_is_locked_is_none() {
    let site = Site::new();
    let page = site.at(HOME).token("alice", PASSWORD).await;
    let stolen = site.at(AWAY).with(&page);
    for number in 0..6 {
        let status = stolen.token("alice", "wrong").await.status;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{number}");
    }
    assert_eq!(site.checks(), 7, "three as the device, three as a stranger");
    assert!(stolen.token("alice", PASSWORD).await.is_locked());
    assert_eq!(
        site.at(HOME).token("alice", PASSWORD).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_cookie_is_good_for_its_account_and_as_we_made_it() {
    let site = Site::new();
    let page = site.at(HOME).token("bob", PASSWORD).await;
    site.strangers(3, "alice").await;
    assert!(
        site.at(AWAY)
            .with(&page)
            .token("alice", PASSWORD)
            .await
            .is_locked()
    );
    let page = site.at(HOME).token("carol", PASSWORD).await;
    site.strangers(3, "carol").await;
    let mut client = site.at(AWAY).with(&page);
    let good = client.cookie.clone().unwrap();
    for bad in [
        "doorward_device=".to_owned(),
        "doorward_device=x:y:z".to_owned(),
        good.replacen("doorward_device=", "doorward_device=x", 1),
        format!("{good}x"),
        good.get(..good.len() - 2).unwrap().to_owned(),
    ] {
        client.cookie = Some(bad.clone());
        assert!(client.token("carol", PASSWORD).await.is_locked(), "{bad}");
    }
    client.cookie = Some(good);
    assert_eq!(client.token("carol", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_cookie_is_as_a_session_cookie_and_no_script_reads_it() {
    let site = Site::with(|settings| {
        settings.session.cookie_secure = true;
        settings.session.cookie_httponly = false;
    });
    let client = site.at(HOME);
    for page in [
        client.token("alice", PASSWORD).await,
        client.post("/api/token/sliding/", "alice", PASSWORD).await,
        client.post("/api-token-auth/", "alice", PASSWORD).await,
        client.login("application/json", "alice", PASSWORD).await,
        client
            .login("application/x-www-form-urlencoded", "alice", PASSWORD)
            .await,
    ] {
        let cookie = page.device().unwrap_or_else(|| panic!("no cookie in {page:?}"));
        for attribute in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=7776000"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
    }
    assert_eq!(client.basic("alice", PASSWORD).await.device(), None);
    assert_eq!(client.token("alice", "wrong").await.device(), None);
}

#[tokio::test]
async fn a_renewed_cookie_names_the_same_device() {
    let site = Site::with(|settings| settings.section_mut::<LockoutSettings>().reset_on_success = false);
    let first = site.at(HOME).token("alice", PASSWORD).await;
    let device = site.at(AWAY).with(&first);
    device.token("alice", "wrong").await;
    device.token("alice", "wrong").await;
    let second = device.token("alice", PASSWORD).await;
    let device = device.with(&second);
    device.token("alice", "wrong").await;
    // The device is locked after three; what follows counts for its network, which is known since.
    let held = LoginAttempts::of(&site.door).unwrap().list(10).await.unwrap();
    let now = site.door.now();
    let locked: Vec<_> = held
        .iter()
        .filter(|(_, counter)| counter.locked_until(now).is_some())
        .collect();
    assert_eq!(locked.len(), 1);
    assert_eq!(locked[0].0.kind.name(), "device");
}

/// Whoever knew the old password could have made a thousand devices known, each with a counter of its own.
#[tokio::test]
async fn a_changed_password_forgets_every_origin() {
    let site = Site::new();
    let theirs = site.at("198.51.100.1").token("alice", PASSWORD).await;
    site.clock.advance(Duration::from_secs(60));
    let home = site.at(HOME);
    let body = json!({ "old_password": PASSWORD, "new_password": "through-the-looking-glass" });
    let headers = [
        ("content-type", "application/json"),
        ("authorization", "Basic YWxpY2U6d29uZGVybGFuZC00Mg=="),
    ];
    let changed = home.send("POST", "/api/password/change/", &headers, body).await;
    assert_eq!(changed.status, StatusCode::OK);
    site.strangers(3, "alice").await;
    let thief = site.at("198.51.100.1").with(&theirs);
    assert!(thief.token("alice", "wrong").await.is_locked());
    for owner in [home, site.at("198.51.100.2").with(&changed)] {
        let page = owner.token("alice", "through-the-looking-glass").await;
        assert_eq!(page.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn an_account_is_counted_where_the_address_is_not_known() {
    let site = Site::with(|settings| settings.section_mut::<LockoutSettings>().by = vec![LockoutBy::Address]);
    let wrong = Secret::new("wrong".to_owned());
    for _ in 0..3 {
        assert!(
            accounts::authenticate(&site.door, "alice", &wrong)
                .await
                .unwrap()
                .is_none()
        );
    }
    let refused = accounts::authenticate(&site.door, "alice", &wrong)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "locked_out");
}

#[tokio::test]
async fn without_a_request_the_account_is_counted_alone() {
    let site = Site::new();
    let wrong = Secret::new("wrong".to_owned());
    for _ in 0..3 {
        let found = accounts::authenticate(&site.door, "alice", &wrong).await;
        assert!(found.unwrap().is_none());
    }
    let right = Secret::new(PASSWORD.to_owned());
    let refused = accounts::authenticate(&site.door, "alice", &right)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "locked_out");
    let reset = LoginAttempts::of(&site.door)
        .unwrap()
        .reset(&Reset::account("ALICE"), 10)
        .await;
    assert_eq!(reset.unwrap(), 1);
    assert!(
        accounts::authenticate(&site.door, "alice", &right)
            .await
            .unwrap()
            .is_some()
    );
}
