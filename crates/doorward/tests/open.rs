//! A door from a settings file, and its tables.
#![cfg(all(feature = "sqlite", feature = "config"))]

use std::path::Path;

use doorward::Doorward;
use doorward::migrations::Origin;
use doorward::settings::{Environment, Loader};

/// A folder with settings for a database in it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("site.sqlite3").display().to_string();
    let settings = format!(
        "secret_key = \"a-key-for-tests-that-is-long-enough-0123456789\"\n[database]\nurl = \"sqlite://{database}\"\n"
    );
    std::fs::write(folder.path().join("doorward.toml"), settings).expect("the settings are written");
    folder
}

async fn from_settings(folder: &Path) -> Doorward {
    let loader = Loader::new().environment(Environment::default());
    let settings = loader
        .config(folder.join("doorward.toml"))
        .load()
        .expect("good settings");
    Doorward::from_settings(settings).await.expect("it opens")
}

#[tokio::test]
async fn a_new_database_gets_its_tables() {
    let folder = folder();
    let door = Doorward::open(folder.path().join("doorward.toml"))
        .await
        .expect("it opens");
    assert!(
        door.stores()
            .users
            .is_empty()
            .await
            .expect("there is a table of users")
    );
    assert!(door.migrator().is_current().await.expect("it can be asked"));
}

#[tokio::test]
async fn settings_alone_make_no_tables() {
    let folder = folder();
    let door = from_settings(folder.path()).await;
    assert_eq!(
        door.migrator().plan().await.expect("it can be asked").origin(),
        Origin::New
    );
}

#[tokio::test]
async fn a_database_in_use_is_left_as_it_is() {
    let folder = folder();
    let door = from_settings(folder.path()).await;
    let table =
        "CREATE TABLE django_migrations (id integer PRIMARY KEY, app text, name text, applied datetime)";
    door.database().execute(table, []).await.expect("a table");
    let row = "INSERT INTO django_migrations (app, name, applied) VALUES ('shop', '0001_initial', '2026-01-01 00:00:00')";
    door.database().execute(row, []).await.expect("a row");
    let door = Doorward::open(folder.path().join("doorward.toml"))
        .await
        .expect("it opens");
    assert!(!door.migrator().is_current().await.expect("it can be asked"));
}

#[tokio::test]
async fn what_is_wrong_with_the_settings_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("doorward.toml"), "debug = 1\n").expect("the settings are written");
    let error = Doorward::open(folder.path().join("doorward.toml"))
        .await
        .expect_err("no key");
    assert!(error.is_settings());
    assert!(
        format!("{error:?}").contains("doorward.toml:1:9: debug: expected true or false"),
        "{error:?}"
    );
}
