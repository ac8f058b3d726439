//! What django-axes has counted, brought over: who is locked out there is locked out here.

use doorward_auth::lockout::{Imported, LockoutBy, LockoutSettings, import_axes};
use doorward_core::settings::{Period, Settings};
use doorward_db::Database;
use doorward_django::timestamp::Timestamp;

use crate::site::{NOW, PASSWORD, Site};

/// As the package's migrations make it, without what is not read.
const TABLE: &str = "CREATE TABLE axes_accessattempt (id integer PRIMARY KEY, user_agent varchar(255) NOT NULL, \
                     ip_address char(39) NULL, username varchar(255) NULL, attempt_time datetime NOT NULL, \
                     failures_since_start integer NOT NULL)";

/// Three lock for ten minutes, as django-axes would.
fn ten_minutes(settings: &mut Settings) {
    let lockout = settings.section_mut::<LockoutSettings>();
    let period = Period::from_secs(600);
    (lockout.window, lockout.cool_off, lockout.cool_off_max) = (period, period, period);
    lockout.address_failures = None;
}

async fn with_table(site: &Site) -> Database {
    let database = site.database();
    database.execute(TABLE, []).await.unwrap();
    database
}

/// So many failures for that name from there, the last of them so many seconds ago.
async fn failed(database: &Database, name: Option<&str>, address: &str, failures: i64, ago: i64) {
    let at = Timestamp::from_secs(NOW - ago);
    let sql = "INSERT INTO axes_accessattempt (user_agent, ip_address, username, attempt_time, failures_since_start) \
               VALUES ('curl', ?, ?, ?, ?)";
    let marks = [address.into(), name.into(), at.into(), failures.into()];
    database.execute(sql, marks).await.unwrap();
}

async fn imported(site: &Site) -> (u64, u64, u64) {
    let Imported {
        attempts,
        locked,
        counting,
        ..
    } = import_axes(&site.door).await.unwrap().unwrap();
    (attempts, locked, counting)
}

#[tokio::test]
async fn who_is_locked_out_there_is_locked_out_here_for_as_long() {
    let site = Site::with(ten_minutes);
    let database = with_table(&site).await;
    failed(&database, Some("alice"), "203.0.113.1", 2, 100).await;
    failed(&database, Some("alice"), "203.0.113.2", 1, 200).await;
    failed(&database, Some("bob"), "203.0.113.3", 2, 100).await;
    assert_eq!(imported(&site).await, (3, 1, 4));
    let page = site.at("192.0.2.1").token("alice", PASSWORD).await;
    assert_eq!((page.is_locked(), page.wait()), (true, Some(400)));
    assert_eq!(site.checks(), 0);
    let bob = site.at("192.0.2.2");
    assert!(!bob.token("bob", "wrong").await.is_locked());
    assert!(
        bob.token("bob", PASSWORD).await.is_locked(),
        "the third one locked"
    );
}

#[tokio::test]
async fn an_address_is_locked_where_addresses_are_counted() {
    let site = Site::with(ten_minutes);
    let database = with_table(&site).await;
    for name in [Some("alice"), Some("nobody"), None] {
        failed(&database, name, "203.0.113.1", 1, 10).await;
    }
    imported(&site).await;
    assert!(site.at("203.0.113.1").token("carol", PASSWORD).await.is_locked());
    assert!(!site.at("203.0.113.2").token("carol", PASSWORD).await.is_locked());
}

#[tokio::test]
async fn a_name_from_an_address_is_locked_where_they_are_counted_together() {
    let site = Site::with(|settings| {
        ten_minutes(settings);
        settings.section_mut::<LockoutSettings>().by = vec![LockoutBy::AccountAndAddress];
    });
    let database = with_table(&site).await;
    failed(&database, Some("alice"), "203.0.113.1", 3, 10).await;
    assert_eq!(imported(&site).await, (1, 1, 0));
    assert!(site.at("203.0.113.1").token("alice", PASSWORD).await.is_locked());
    assert!(!site.at("203.0.113.1").token("bob", PASSWORD).await.is_locked());
    assert!(!site.at("203.0.113.2").token("alice", PASSWORD).await.is_locked());
}

#[tokio::test]
async fn what_is_over_there_or_allowed_here_is_not_brought() {
    let site = Site::with(|settings| {
        ten_minutes(settings);
        settings.section_mut::<LockoutSettings>().allow = vec!["198.51.100.0/24".to_owned()];
    });
    let database = with_table(&site).await;
    failed(&database, Some("alice"), "203.0.113.1", 9, 601).await;
    failed(&database, Some("alice"), "198.51.100.7", 9, 10).await;
    assert_eq!(imported(&site).await, (0, 0, 0));
    assert!(!site.at("192.0.2.1").token("alice", PASSWORD).await.is_locked());
}

#[tokio::test]
async fn twice_is_the_same_as_once() {
    let site = Site::with(ten_minutes);
    let database = with_table(&site).await;
    failed(&database, Some("bob"), "203.0.113.3", 2, 100).await;
    assert_eq!(imported(&site).await, imported(&site).await);
    assert!(!site.at("192.0.2.2").token("bob", PASSWORD).await.is_locked());
}

#[tokio::test]
async fn more_rows_than_are_read_at_once_are_all_read() {
    let site = Site::with(ten_minutes);
    let database = with_table(&site).await;
    let many = "INSERT INTO axes_accessattempt (user_agent, ip_address, username, attempt_time, failures_since_start) \
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) \
                SELECT i, '203.0.113.1', 'somebody', '2023-11-14 22:13:00', 0 FROM n";
    database.execute(many, []).await.unwrap();
    failed(&database, Some("alice"), "203.0.113.2", 3, 10).await;
    assert_eq!(imported(&site).await.0, 2_501);
    assert!(site.at("192.0.2.1").token("alice", PASSWORD).await.is_locked());
}

#[tokio::test]
async fn without_the_table_there_is_nothing_and_without_a_limit_it_is_said() {
    let site = Site::with(ten_minutes);
    assert_eq!(import_axes(&site.door).await.unwrap(), None);
    let site = Site::with(|settings| settings.section_mut::<LockoutSettings>().failures = None);
    let error = import_axes(&site.door).await.unwrap_err();
    // It lasts until somebody sets the limit, so nobody is told to come again.
    assert_eq!(error.status().as_u16(), 500);
}
