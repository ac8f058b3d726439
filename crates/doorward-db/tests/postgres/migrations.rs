//! The tables on PostgreSQL: made, made once, and looked at.

use std::time::Duration;

use doorward_db::migrations::{App, MigrateError, Migration, Migrator, Model, Origin, Problem};
use doorward_db::{Database, Opening, PoolSettings, Schema};
use doorward_django::timestamp::Timestamp;
use tokio::time::sleep;

use crate::Scratch;

pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

fn migrator(database: &Database) -> Migrator {
    Migrator::new(database, &Schema::default())
}

#[tokio::test]
async fn a_new_database_gets_its_tables_and_nothing_is_wrong_with_them() {
    let Some(scratch) = Scratch::new("db_new").await else {
        return;
    };
    let database = scratch.open().await;
    let migrator = migrator(&database);
    let plan = migrator.apply(NOW).await.unwrap();
    assert_eq!(plan.origin(), Origin::New);
    assert!(migrator.is_current().await.unwrap());
    assert_eq!(migrator.problems().await.unwrap(), []);
    migrator.prove_writable().await.unwrap();
    let applied = migrator.list().await.unwrap();
    assert!(
        applied
            .iter()
            .flat_map(|app| &app.migrations)
            .all(|(_, at)| *at == Some(NOW))
    );
}

#[tokio::test]
async fn of_many_that_start_at_once_one_makes_the_tables() {
    let Some(scratch) = Scratch::new("db_at_once").await else {
        return;
    };
    let mut tasks = Vec::new();
    for _ in 0..6 {
        let database = scratch.open().await;
        tasks.push(tokio::spawn(async move { migrator(&database).apply(NOW).await }));
    }
    let mut made = 0;
    for task in tasks {
        made += usize::from(!task.await.unwrap().unwrap().steps().is_empty());
    }
    assert_eq!(made, 1);
}

#[tokio::test]
async fn another_s_migration_is_waited_for_longer_than_a_lock() {
    let Some(scratch) = Scratch::new("db_turns").await else {
        return;
    };
    let pool = PoolSettings {
        lock_timeout: Duration::from_millis(100),
        ..PoolSettings::default()
    };
    let database = Database::open_with(&scratch.url(), Opening::Existing, &pool)
        .await
        .unwrap();
    let mut other = database.transaction().await.unwrap();
    other.exclusive(&["migrate"]).await.unwrap();
    let waiting = tokio::spawn({
        let database = database.clone();
        async move { migrator(&database).apply(NOW).await }
    });
    sleep(Duration::from_millis(700)).await;
    assert!(!waiting.is_finished());
    other.commit().await.unwrap();
    assert!(!waiting.await.unwrap().unwrap().steps().is_empty());
}

#[tokio::test]
async fn a_migration_that_is_cut_off_is_done_the_next_time() {
    let Some(scratch) = Scratch::new("db_cut_off").await else {
        return;
    };
    let admin = Database::open(&format!("{}/postgres", scratch.server))
        .await
        .unwrap();
    for wait in [0, 5, 10, 20, 40] {
        let database = scratch.open().await;
        let migrating = tokio::spawn({
            let database = database.clone();
            async move { migrator(&database).apply(NOW).await }
        });
        sleep(Duration::from_millis(wait)).await;
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'db_cut_off'";
        admin.fetch_all(cut, []).await.unwrap();
        let _ = migrating.await.unwrap();
    }
    let database = scratch.open().await;
    migrator(&database).apply(NOW).await.unwrap();
    assert!(migrator(&database).is_current().await.unwrap());
    assert_eq!(migrator(&database).problems().await.unwrap(), []);
}

#[tokio::test]
async fn what_somebody_changed_is_told_and_our_own_tables_are_made_again() {
    let Some(scratch) = Scratch::new("db_changed").await else {
        return;
    };
    let database = scratch.open().await;
    let migrator = migrator(&database);
    migrator.apply(NOW).await.unwrap();
    database
        .execute("DROP TABLE doorward_revocation", [])
        .await
        .unwrap();
    let plan = migrator.apply(NOW).await.unwrap();
    let steps: Vec<_> = plan.steps().iter().map(ToString::to_string).collect();
    assert_eq!(steps, ["doorward.mend_doorward_revocation"]);
    for (sql, expected) in [
        (
            "ALTER TABLE auth_user RENAME COLUMN last_name TO surname",
            "table auth_user has no column last_name (varchar(150))",
        ),
        (
            "ALTER TABLE authtoken_token ALTER COLUMN user_id TYPE text",
            "table authtoken_token has user_id as text; expected: integer",
        ),
        (
            "ALTER TABLE token_blacklist_blacklistedtoken DROP CONSTRAINT token_blacklist_blacklistedtoken_token_id_key",
            "table token_blacklist_blacklistedtoken may hold the same token_id twice; expected: unique",
        ),
        (
            "ALTER TABLE django_session ADD COLUMN owner integer NOT NULL",
            "table django_session demands a value for its column owner",
        ),
        ("DROP TABLE django_session", "there is no table django_session"),
    ] {
        if sql.contains("TYPE text") {
            let unbound = "ALTER TABLE authtoken_token DROP CONSTRAINT authtoken_token_user_id_35299eff_fk_auth_user_id";
            database.execute(unbound, []).await.unwrap();
        }
        database.execute(sql, []).await.unwrap();
        let problems = migrator.problems().await.unwrap();
        let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|text| text.contains(expected)), "{sql}: {told:?}");
        assert!(matches!(migrator.plan().await, Err(MigrateError::Refused(_))));
    }
}

#[tokio::test]
async fn an_application_s_tables_come_along_with_their_permissions() {
    let Some(scratch) = Scratch::new("db_app").await else {
        return;
    };
    let database = scratch.open().await;
    let shop = App::new("shop")
        .migration(Migration::new("0001_initial").postgres(&[
            "CREATE TABLE shop_product (id bigint NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, \
             owner_id {user_id} NULL REFERENCES {user} ({user_pk}) DEFERRABLE INITIALLY DEFERRED)",
        ]))
        .model(Model::new("product", "product"));
    let with = migrator(&database).app(shop);
    let plan = with.apply(NOW).await.unwrap();
    assert_eq!(plan.apps().last(), Some(&"shop"));
    let sql = "SELECT codename FROM auth_permission WHERE codename LIKE '%_product'";
    assert_eq!(database.fetch_all(sql, []).await.unwrap().len(), 4);
    database
        .execute("INSERT INTO shop_product DEFAULT VALUES", [])
        .await
        .unwrap();

    let other = App::new("other")
        .migration(Migration::new("0001_initial").sqlite(&["CREATE TABLE other (id integer)"]));
    let Err(MigrateError::Refused(problems)) = migrator(&database).app(other).apply(NOW).await else {
        panic!("it makes nothing here");
    };
    let told = "other.0001_initial has no statements for PostgreSQL";
    assert_eq!(
        problems.iter().map(Problem::to_string).collect::<Vec<_>>(),
        [told]
    );
}
