//! Tables that look otherwise than their recorded migrations make them, and our own that were dropped.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod whole;

use doorward_django::timestamp::Timestamp;
use doorward_sqlx::migrations::{Flaw, MigrateError, Migrator, Problem};
use doorward_sqlx::{Database, Row, Schema};
use whole::whole;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

async fn migrated() -> (Database, Migrator) {
    let database = Database::open("sqlite::memory:").await.unwrap();
    let migrator = whole(&database, &Schema::default());
    migrator.apply(NOW).await.unwrap();
    (database, migrator)
}

async fn run(database: &Database, sql: &'static str) {
    for statement in sql.split(';').map(str::trim).filter(|text| !text.is_empty()) {
        database.execute(statement, []).await.unwrap();
    }
}

async fn texts(database: &Database, sql: &'static str) -> Vec<String> {
    let rows = database.fetch_all(sql, []).await.unwrap();
    let read = |row: &Row| row.read::<String>(0).unwrap();
    rows.iter().map(read).collect()
}

/// Each change, and what is said of it.
const REFUSED: &[(&str, &str)] = &[
    (
        "ALTER TABLE auth_user_groups RENAME COLUMN user_id TO person_id",
        "table auth_user_groups has no column user_id (integer); it has group_id, id, person_id; rename the column \
         back to user_id",
    ),
    (
        "ALTER TABLE auth_user RENAME COLUMN last_name TO surname",
        "table auth_user has no column last_name (varchar(150))",
    ),
    (
        "ALTER TABLE auth_user DROP COLUMN last_login",
        "table auth_user has no column last_login (datetime)",
    ),
    (
        "ALTER TABLE auth_permission RENAME COLUMN codename TO code",
        "table auth_permission has no column codename",
    ),
    (
        "DROP INDEX django_content_type_app_label_model_76bd3d3b_uniq",
        "table django_content_type may hold the same app_label, model twice; expected: unique",
    ),
    (
        "DROP TABLE authtoken_token; \
         CREATE TABLE authtoken_token (key integer PRIMARY KEY, created datetime, user_id integer UNIQUE)",
        "table authtoken_token has key as INTEGER; expected: varchar(40)",
    ),
    (
        "DROP TABLE authtoken_token; \
         CREATE TABLE authtoken_token (key varchar(40) PRIMARY KEY, created datetime, user_id integer)",
        "table authtoken_token may hold the same user_id twice",
    ),
    (
        "DROP TABLE authtoken_token; CREATE TABLE authtoken_token (key varchar(40) PRIMARY KEY, created datetime, \
         user_id integer UNIQUE, device varchar(20) NOT NULL)",
        "table authtoken_token demands a value for its column device",
    ),
    (
        "DROP TABLE django_session; \
         CREATE TABLE django_session (session_key varchar(40), session_data text, expire_date datetime)",
        "table django_session may hold the same session_key twice",
    ),
    (
        "ALTER TABLE doorward_revocation RENAME COLUMN user_id TO person_id",
        "table doorward_revocation has no column user_id (integer)",
    ),
    (
        "DROP TABLE auth_group",
        "there is no table auth_group, though it is recorded as made",
    ),
];

#[tokio::test]
async fn a_table_that_we_cannot_work_on_is_told() {
    for (change, expected) in REFUSED {
        let (database, migrator) = migrated().await;
        run(&database, change).await;
        let before = texts(&database, "SELECT coalesce(sql, '') FROM sqlite_master").await;
        for refused in [migrator.plan().await, migrator.apply(NOW).await] {
            let error = refused.expect_err(expected);
            assert!(matches!(error, MigrateError::Refused(_)), "{error}");
            let told = error.to_string().to_lowercase();
            assert!(told.contains(&expected.to_lowercase()), "{expected}: {error}");
        }
        assert_eq!(migrator.problems().await.unwrap().len(), 1, "{expected}");
        let after = texts(&database, "SELECT coalesce(sql, '') FROM sqlite_master").await;
        assert_eq!(before, after);
    }
}

#[tokio::test]
async fn what_a_project_may_add_or_widen_is_fine() {
    let (database, migrator) = migrated().await;
    run(
        &database,
        "ALTER TABLE auth_user ADD COLUMN phone varchar(20) NULL; \
         ALTER TABLE auth_user ADD COLUMN score integer NOT NULL DEFAULT 0; \
         ALTER TABLE auth_group ADD COLUMN colour text NULL; \
         DROP INDEX auth_user_groups_user_id_group_id_94350c0c_uniq; \
         DROP TABLE django_session; \
         CREATE TABLE django_session (session_key text NOT NULL PRIMARY KEY, session_data text NOT NULL, \
         expire_date timestamp NOT NULL, account_id integer NULL)",
    )
    .await;
    assert_eq!(migrator.problems().await.unwrap(), []);
    assert!(migrator.is_current().await.unwrap());
}

#[tokio::test]
async fn a_column_that_new_accounts_lack_stops_nothing_else() {
    let (database, migrator) = migrated().await;
    run(
        &database,
        "PRAGMA writable_schema = ON; \
         UPDATE sqlite_master SET sql = replace(sql, '\"email\"', '\"phone\" varchar(20) NOT NULL, \"email\"') \
         WHERE name = 'auth_user'",
    )
    .await;
    run(&database, "PRAGMA writable_schema = RESET").await;
    let expected = Problem::Misshapen {
        table: "auth_user".to_owned(),
        flaw: Flaw::DemandedOfUsers("phone".to_owned()),
    };
    assert_eq!(migrator.problems().await.unwrap(), [expected]);
    assert!(migrator.is_current().await.unwrap());
}

#[tokio::test]
async fn our_own_tables_are_made_again() {
    let own = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'doorward!_%' ESCAPE '!' ORDER BY name";
    let all = texts(&migrated().await.0, own).await;
    assert!(all.len() >= 5, "{all:?}");
    for (table, drop) in [
        ("doorward_login_counter", "DROP TABLE doorward_login_counter"),
        ("doorward_node", "DROP TABLE doorward_node"),
        ("doorward_revocation", "DROP TABLE doorward_revocation"),
        ("doorward_token_family", "DROP TABLE doorward_token_family"),
        ("doorward_token_reuse", "DROP TABLE doorward_token_reuse"),
    ] {
        let (database, migrator) = migrated().await;
        let before = texts(
            &database,
            "SELECT coalesce(sql, '') FROM sqlite_master ORDER BY name",
        )
        .await;
        run(&database, drop).await;
        assert_eq!(
            migrator.problems().await.unwrap(),
            [Problem::NoTable(table.to_owned())]
        );
        let plan = migrator.apply(NOW).await.unwrap();
        let steps: Vec<_> = plan.steps().iter().map(ToString::to_string).collect();
        assert_eq!(steps, [format!("doorward.mend_{table}")]);
        let after = texts(
            &database,
            "SELECT coalesce(sql, '') FROM sqlite_master ORDER BY name",
        )
        .await;
        assert_eq!(before, after, "with its indexes");
        assert!(migrator.is_current().await.unwrap());
    }
}

#[tokio::test]
async fn the_record_of_our_own_migrations_is_made_again() {
    let (database, migrator) = migrated().await;
    run(&database, "DROP TABLE doorward_migration").await;
    assert!(!migrator.is_current().await.unwrap());
    migrator.apply(NOW).await.unwrap();
    assert!(migrator.is_current().await.unwrap());
}

/// As Django leaves it where `AUTH_USER_MODEL` names a model of the project: `auth_user` and its relatives are not made.
#[tokio::test]
async fn a_user_model_of_the_projects_own_is_named() {
    const WITHOUT_USERS: &str = "DROP TABLE auth_user_groups; DROP TABLE auth_user_user_permissions; \
        DROP TABLE auth_user; DROP TABLE authtoken_token; DROP TABLE django_admin_log; \
        DROP TABLE token_blacklist_blacklistedtoken; DROP TABLE token_blacklist_outstandingtoken; \
        DELETE FROM django_migrations WHERE app IN ('authtoken', 'token_blacklist', 'admin'); \
        CREATE TABLE accounts_person (id integer PRIMARY KEY, password text, last_login datetime, email text)";
    const WITH_ADMIN: &str = "CREATE TABLE django_admin_log (id integer PRIMARY KEY, \
        user_id integer NOT NULL REFERENCES accounts_person (id)); \
        CREATE TABLE aaa_legacy (password text, last_login datetime)";
    for more in ["", WITH_ADMIN] {
        let (database, migrator) = migrated().await;
        run(&database, WITHOUT_USERS).await;
        run(&database, more).await;
        let problems = migrator.problems().await.unwrap();
        assert_eq!(problems, [Problem::OtherUsers("accounts_person".to_owned())]);
        let error = migrator.plan().await.expect_err("another user table").to_string();
        assert!(
            error.contains("keeps its users in the table accounts_person")
                && error.contains("`[user] table`"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn writing_is_proved_and_changes_nothing() {
    let (database, migrator) = migrated().await;
    let rows = "SELECT group_concat(id || name || applied) FROM doorward_migration";
    let before = texts(&database, rows).await;
    migrator.prove_writable().await.unwrap();
    assert_eq!(texts(&database, rows).await, before);
}
