//! What has expired goes while a server runs; what has not stays.
#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::time::Duration;

use doorward::chores::Chores;
use doorward::django::secret::Secret;
use doorward::django::timestamp::Timestamp;
use doorward::settings::Settings;
use doorward::stores::{OutstandingToken, SessionRow};
use doorward::{Doorward, jwt};
use tempfile::TempDir;

async fn site(change: impl FnOnce(&mut Settings)) -> (TempDir, Doorward) {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::default();
    settings.secret_key = Secret::new("a-key-for-tests-that-is-long-enough-0123456789".to_owned());
    let path = folder.path().join("site.sqlite3");
    settings.database.url = Secret::new(format!("sqlite://{}", path.display()));
    change(&mut settings);
    let door = Doorward::from_settings(settings).await.unwrap();
    door.migrator().apply(door.now()).await.unwrap();
    (folder, door)
}

fn often(settings: &mut Settings) {
    settings.jwt.flush_interval = "50ms".parse().unwrap();
    settings.session.flush_interval = "50ms".parse().unwrap();
    settings.jwt.leeway = "1h".parse().unwrap();
}

fn token(jti: &str, expires_at: Timestamp) -> OutstandingToken {
    OutstandingToken {
        jti: jti.to_owned(),
        token: Secret::new("text".to_owned()),
        user: None,
        created_at: None,
        expires_at,
    }
}

/// 1 200 tokens that have ended, two of them taken back; one that ended within the leeway; one that lives.
async fn fill(door: &Doorward) {
    let now = door.now();
    let ago = |minutes| now.saturating_sub(Duration::from_mins(minutes));
    let store = &door.stores().outstanding_tokens;
    for number in 0..1_200 {
        store
            .record(token(&format!("ended{number}"), ago(90)))
            .await
            .unwrap();
    }
    store.blacklist(token("ended0", ago(90)), now).await.unwrap();
    store.blacklist(token("within", ago(30)), now).await.unwrap();
    let lives = now.saturating_add(Duration::from_mins(5));
    store.blacklist(token("lives", lives), now).await.unwrap();
    for (key, expire_date) in [("old", ago(1)), ("new", lives)] {
        let row = SessionRow {
            key: Secret::new(key.to_owned()),
            data: Secret::new(String::new()),
            expire_date,
        };
        door.stores().sessions.create(row).await.unwrap();
    }
}

async fn count(door: &Doorward, sql: &'static str) -> i64 {
    let row = door.database().fetch_optional(sql, []).await.unwrap();
    row.unwrap().read(0).unwrap()
}

async fn left(door: &Doorward) -> [i64; 3] {
    [
        count(door, "SELECT count(*) FROM token_blacklist_outstandingtoken").await,
        count(door, "SELECT count(*) FROM token_blacklist_blacklistedtoken").await,
        count(door, "SELECT count(*) FROM django_session").await,
    ]
}

async fn until(door: &Doorward, expected: [i64; 3]) {
    for _ in 0..200 {
        if left(door).await == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{:?} are left, not {expected:?}", left(door).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_expired_goes_and_the_rest_stays() {
    let (folder, door) = site(often).await;
    fill(&door).await;
    assert_eq!(left(&door).await, [1_202, 3, 2]);
    // Two servers on one file, as two processes would be.
    let mut settings = door.settings().clone();
    often(&mut settings);
    let other = Doorward::from_settings(settings).await.unwrap();
    let (_one, _two) = (Chores::start(&door).unwrap(), Chores::start(&other).unwrap());
    until(&door, [2, 2, 1]).await;
    for jti in ["within", "lives"] {
        assert!(
            door.stores()
                .outstanding_tokens
                .is_blacklisted(jti)
                .await
                .unwrap()
        );
    }
    drop(folder);
}

#[tokio::test]
async fn it_ends_with_its_handle_and_is_off_by_default() {
    let (_folder, door) = site(|_| {}).await;
    fill(&door).await;
    let _nothing = Chores::start(&door).unwrap();
    let (_other, often) = site(often).await;
    drop(Chores::start(&often).unwrap());
    fill(&often).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(left(&door).await, [1_202, 3, 2]);
    assert_eq!(left(&often).await, [1_202, 3, 2]);
}

#[tokio::test]
async fn a_sliding_token_that_was_taken_back_and_renewed_stays_so() {
    let (_folder, door) = site(|_| {}).await;
    let user = doorward::stores::NewUser {
        username: "alice".to_owned(),
        password: Secret::new("!".to_owned()),
        email: String::new(),
        is_staff: false,
        is_superuser: false,
        date_joined: door.now(),
        further: Vec::new(),
    };
    let doorward::stores::Created::User(user) = door.stores().users.create(user).await.unwrap() else {
        panic!("the database is new");
    };
    let sliding = jwt::sliding::obtain(&door, &user).await.unwrap();
    jwt::revocation::revoke(&door, &sliding).await.unwrap();
    // Its first `exp` is over, and whoever renewed it in time still has a token of that id.
    let after = door.now().saturating_add(Duration::from_mins(10));
    let store = &door.stores().outstanding_tokens;
    assert_eq!(store.delete_expired(after, 10).await.unwrap(), 0);
    let end = door.now().saturating_add(Duration::from_hours(25));
    assert_eq!(store.delete_expired(end, 10).await.unwrap(), 1);
}
