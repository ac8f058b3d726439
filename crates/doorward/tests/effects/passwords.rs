//! New passwords, and letters for who has forgotten the old one.

use std::time::Duration;

use doorward::jwt::pair;
use doorward::lockout::LockoutSettings;
use doorward::settings::Settings;
use doorward::stores::Outage;
use doorward_django::secret::Secret;
use serde_json::{Value, json};

use super::site::{Asked, Effects, Exception, PASSWORD, Site};

const CHANGE: &str = "/api/password/change/";
const RESET: &str = "/api/password/reset/";
const NEW: &str = "another horse battery";

fn plain(_: &mut Settings) {}

fn change() -> Value {
    json!({ "old_password": PASSWORD, "new_password": NEW })
}

/// A link that was sent to alice, to be used.
async fn link(site: &Site) -> Asked {
    let sent = site.letters.count();
    assert_eq!(
        site.ask(&Asked::post(RESET, &json!({ "email": "alice@example.com" })))
            .await
            .status,
        200
    );
    let letter = until(|| {
        (site.letters.count() > sent)
            .then(|| site.letters.last())
            .flatten()
    })
    .await;
    let (_, link) = letter.split_once("/reset/").unwrap();
    let mut parts = link.split('/');
    let (uid, token) = (parts.next().unwrap(), parts.next().unwrap());
    let body = json!({ "uid": uid, "token": token, "new_password": NEW });
    Asked::post("/api/password/reset/confirm/", &body)
}

async fn until<T>(ready: impl Fn() -> Option<T>) -> T {
    for _ in 0..500 {
        if let Some(ready) = ready() {
            return ready;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came");
}

/// Everything that falls with a password.
async fn credentials(site: &Site) -> pair::TokenPair {
    doorward::accounts::obtain_auth_token(&site.door, &site.alice)
        .await
        .unwrap();
    pair::obtain(&site.door, &site.alice).await.unwrap()
}

#[tokio::test]
async fn password_change() {
    let ask = async |site: &Site| Asked::post(CHANGE, &change()).bearer(&credentials(site).await.access);
    Effects::of(plain).check(ask).await;
}

#[tokio::test]
async fn password_change_in_a_session() {
    let kept = Effects {
        given: &[(
            "sessions.replace",
            "",
            "the password is another one, and the session ends with the old one",
        )],
        ..Effects::of(plain)
    };
    let ask = async |site: &Site| {
        credentials(site).await;
        Asked::post(CHANGE, &change()).in_browser(&site.logged_in("alice").await)
    };
    kept.check(ask).await;
}

#[tokio::test]
async fn password_reset_confirm() {
    let ask = async |site: &Site| {
        credentials(site).await;
        link(site).await
    };
    Effects::of(plain).check(ask).await;
}

/// Nobody waits for the letter: that it could not be sent is a line in the log, and asking again is all there is to do.
#[tokio::test]
async fn password_reset() {
    let site = Site::new(plain).await;
    let before = site.rows().await;
    let asked = Asked::post(RESET, &json!({ "email": "alice@example.com" }));
    site.plan.fail_after(0, Outage::Passing);
    assert_eq!(site.ask(&asked).await.status, 503, "the throttle was not asked");
    assert_eq!(site.plan.lift(), Some("throttle_history.hit"));
    site.plan.fail_after(2, Outage::Passing);
    assert_eq!(site.ask(&asked).await.status, 200);
    until(|| site.plan.has_failed().then_some(())).await;
    assert_eq!(site.plan.lift(), Some("users.by_field_ignoring_case"));
    assert_eq!(site.letters.count(), 0);
    assert_eq!(site.rows().await, before);
    link(&site).await;
    assert_eq!(site.rows().await, before);
}

/// Devices that knew the old password are forgotten where failed logins are counted.
#[tokio::test]
async fn a_password_with_lockout() {
    const GIVEN: &[Exception] = &[(
        "login_attempts.settle",
        "",
        "the password is another one, and the log tells what was left undone",
    )];
    let counted = Effects {
        given: GIVEN,
        ..Effects::of(|settings| settings.section_mut::<LockoutSettings>().failures = Some(3))
    };
    counted.check(link).await;
    let ask = async |site: &Site| Asked::post(CHANGE, &change()).bearer(&credentials(site).await.access);
    counted.check(ask).await;
}

/// Where failed logins are counted, a right password leaves no count behind, whatever fails after it.
#[tokio::test]
async fn with_lockout() {
    let counted = Effects {
        given: &[(
            "login_attempts.settle",
            "",
            "the password was right, and the place that was held lapses",
        )],
        ..Effects::of(|settings| settings.section_mut::<LockoutSettings>().failures = Some(3))
    };
    let login = || json!({ "username": "alice", "password": PASSWORD });
    counted
        .check(async |_: &Site| Asked::post("/api/token/", &login()))
        .await;
    counted
        .check(async |_: &Site| Asked::post("/api-token-auth/", &login()))
        .await;
    let in_browser = async |_: &Site| Asked::post("/api-auth/login/", &login()).in_browser("a=b");
    counted.check(in_browser).await;
}

/// Too many passwords wait to be hashed: each endpoint says so, and has done nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue() {
    let site = Site::new(|settings| {
        settings.passwords.workers = Some(1);
        settings.passwords.queue = 0;
        settings.passwords.hashers = vec!["md5".to_owned(), "pbkdf2_sha256".to_owned()];
    })
    .await;
    let access = credentials(&site).await.access;
    let login = json!({ "username": "alice", "password": PASSWORD });
    let link = link(&site).await;
    let requests = [
        Asked::post("/api/token/", &login),
        Asked::post("/api/token/sliding/", &login),
        Asked::post("/api-token-auth/", &login),
        Asked::post("/api-auth/login/", &login).in_browser("a=b"),
        Asked::post(CHANGE, &change()).bearer(&access),
        link.clone(),
    ];
    let before = site.rows().await;
    for asked in &requests {
        let slow = tokio::spawn(slow_check(site.door.clone()));
        let is_full = || format!("{:?}", site.door.passwords()).contains("free_places: 0");
        until(|| is_full().then_some(())).await;
        assert_eq!(site.ask(asked).await.status, 503, "{asked:?}");
        assert_eq!(site.rows().await, before, "{asked:?}");
        slow.await.unwrap();
    }
    assert_eq!(site.ask(&link).await.status, 200, "the link is still good");
}

/// A password that takes a worker for a while.
async fn slow_check(door: doorward::Door) {
    let encoded = Secret::new("pbkdf2_sha256$2000000$salt$hash=".to_owned());
    let checked = door
        .passwords()
        .check(&Secret::new(String::new()), &encoded)
        .await;
    assert!(!checked.unwrap().is_correct());
}
