//! The tables that a test's door stands on, and the rows that a test writes behind its back.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use doorward_auth::accounts::{NewAccount, create_user};
use doorward_core::UserId;
use doorward_django::timestamp::Timestamp;
use doorward_sqlx::migrations::Migrator;
use doorward_sqlx::{Database, Schema};
use doorward_testing::{TestDatabase, TestDoor};

const EVERYTHING: &str = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid";
const PERMISSIONS: &str = "\
    SELECT p.id, t.app_label || '.' || t.model || '.' || p.codename || ': ' || p.name FROM auth_permission p \
    JOIN django_content_type t ON t.id = p.content_type_id ORDER BY p.id";

/// A new user of that name, without a password.
async fn user(door: &TestDoor, username: &str) -> UserId {
    let account = NewAccount {
        username: username.to_owned(),
        ..NewAccount::default()
    };
    create_user(door, account).await.unwrap().id.clone()
}

async fn objects(database: &Database) -> Vec<[Option<String>; 4]> {
    let rows = database.fetch_all(EVERYTHING, []).await.unwrap();
    let column = |column| {
        rows.iter()
            .map(move |row| row.read::<Option<String>>(column).unwrap())
    };
    let columns = column(0).zip(column(1)).zip(column(2)).zip(column(3));
    columns.map(|(((a, b), c), d)| [a, b, c, d]).collect()
}

async fn permissions(database: &Database) -> Vec<(i64, String)> {
    let rows = database.fetch_all(PERMISSIONS, []).await.unwrap();
    let read = rows
        .iter()
        .map(|row| (row.read(0).unwrap(), row.read(1).unwrap()));
    read.collect()
}

fn whole(database: &Database) -> Migrator {
    let tables = doorward_auth::apps().tables().into_iter();
    tables.fold(Migrator::new(database, &Schema::default()), Migrator::app)
}

#[tokio::test]
async fn the_tables_are_those_of_a_migration() {
    let migrated = Database::open("sqlite::memory:").await.unwrap();
    let migrator = whole(&migrated);
    migrator.apply(Timestamp::from_secs(0)).await.unwrap();
    for database in [TestDatabase::new(), TestDatabase::new()] {
        let database = database.database();
        assert_eq!(objects(database).await, objects(&migrated).await);
        assert_eq!(permissions(database).await, permissions(&migrated).await);
        let migrator = whole(database);
        assert!(migrator.is_current().await.unwrap());
        assert!(migrator.problems().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn two_doors_share_no_user() {
    let (first, second) = (TestDoor::new(), TestDoor::new());
    user(&first, "alice").await;
    assert!(!first.stores().users.is_empty().await.unwrap());
    assert!(second.stores().users.is_empty().await.unwrap());
}

#[tokio::test]
async fn what_is_granted_is_held_once() {
    let door = TestDoor::new();
    let alice = user(&door, "alice").await;
    for _ in 0..2 {
        door.memory().grant(&alice, "auth.view_user");
        door.memory().grant(&alice, "catalog.view_product");
        door.memory().add_to_group(&alice, "premium");
    }
    let held = &door.stores().permissions;
    assert_eq!(held.groups(&alice).await.unwrap(), ["premium".to_owned()].into());
    let expected = ["auth.view_user", "catalog.view_product"].map(str::to_owned);
    assert_eq!(held.permissions(&alice).await.unwrap(), expected.into());
    let made = permissions(door.memory().database()).await.pop().unwrap().1;
    assert_eq!(made, "catalog.product.view_product: Can view product");
}

#[tokio::test]
async fn a_user_who_is_removed_leaves_nothing_that_opens_a_door() {
    let door = TestDoor::new();
    let site = door.site(door.endpoints());
    let alice = door
        .user("alice")
        .group("premium")
        .permission("catalog.view_product")
        .create()
        .await;
    let (token, pair) = (site.token(&alice).await, site.obtain_token_pair(&alice).await);
    token.get("/api/profile/").await.assert_status(200);
    door.memory().remove_user(alice.id());
    token.get("/api/profile/").await.assert_status(401);
    let refreshed = site.anonymous().post("/api/token/refresh/");
    let refreshed = refreshed
        .json(&serde_json::json!({ "refresh": pair.refresh }))
        .await;
    refreshed.assert_status(401);
    assert!(door.stores().users.is_empty().await.unwrap());
}

/// Without a runtime, and on one that has no timers.
#[test]
fn rows_are_written_wherever_a_test_runs() {
    let door = TestDoor::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let alice = runtime.block_on(async {
        let alice = user(&door, "alice").await;
        door.memory().change_user(&alice, |row| row.is_staff = true);
        alice
    });
    door.memory()
        .change_user(&alice, |row| row.first_name = "Alice".to_owned());
    door.memory()
        .change_user(&UserId::Int(404), |row| row.is_staff = true);
    let found = runtime.block_on(async { door.stores().users.by_id(&alice).await });
    let found = found.unwrap().unwrap();
    assert_eq!((found.first_name.as_str(), found.is_staff), ("Alice", true));
}
