//! Databases that lack the table, or have it from an earlier Doorward.

use doorward_auth::lockout::LoginAttempts;
use doorward_db::migrations::Migrator;
use doorward_db::{Database, Schema};

use crate::bench::at;

fn migrator(database: &Database) -> Migrator {
    let apps = doorward_auth::apps().tables().into_iter();
    apps.fold(Migrator::new(database, &Schema::default()), Migrator::app)
}

#[tokio::test]
async fn without_the_table_it_says_what_to_do() {
    let database = Database::open("sqlite::memory:").await.unwrap();
    let error = LoginAttempts::on(&database).list(1).await.unwrap_err();
    assert!(error.to_string().contains("doorward migrate"), "{error}");
}

/// Migrations of Doorward's own are recorded together, and applied in the order of their names; then the feed is installed, which
/// watches the tables.
#[tokio::test]
async fn its_migration_is_one_of_doorward_s_own() {
    let database = Database::open("sqlite::memory:").await.unwrap();
    let plan = migrator(&database).apply(at(0)).await.unwrap();
    let own: Vec<_> = plan
        .steps()
        .iter()
        .filter(|step| step.app() == "doorward")
        .collect();
    let names: Vec<_> = own.iter().map(|step| step.name()).collect();
    assert_eq!(
        names,
        [
            "0001_created",
            "0002_token_families",
            "0003_login_counter",
            "0005_node",
            "0004_feed"
        ]
    );
    let listed = migrator(&database).list().await.unwrap();
    assert!(listed.iter().all(|app| app.label != "lockout"), "{listed:?}");
    let again = migrator(&database).apply(at(1)).await.unwrap();
    assert!(again.steps().is_empty(), "{again:?}");
}

/// A table that was dropped is made again, and one that lacks a column is told.
#[tokio::test]
async fn its_table_is_looked_at() {
    let database = Database::open("sqlite::memory:").await.unwrap();
    migrator(&database).apply(at(0)).await.unwrap();
    database
        .execute("DROP TABLE doorward_login_counter", [])
        .await
        .unwrap();
    let mended = migrator(&database).apply(at(1)).await.unwrap();
    let steps: Vec<_> = mended.steps().iter().map(ToString::to_string).collect();
    assert_eq!(steps, ["doorward.mend_doorward_login_counter"]);
    let sql = "ALTER TABLE doorward_login_counter DROP COLUMN state";
    database.execute(sql, []).await.unwrap();
    assert!(!migrator(&database).problems().await.unwrap().is_empty());
}
