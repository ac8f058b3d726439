//! What `migrate` makes, finds and refuses.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod whole;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use doorward_django::timestamp::Timestamp;
use doorward_sqlx::migrations::{App, MigrateError, Migration, Migrator, Model, Origin, Problem};
use doorward_sqlx::{Database, IdType, Row, Schema, UserSchema, open_stores};
use whole::whole;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

async fn memory() -> (Database, Migrator) {
    let database = Database::open("sqlite::memory:").await.unwrap();
    let migrator = whole(&database, &Schema::default());
    (database, migrator)
}

async fn texts(database: &Database, sql: &'static str) -> Vec<String> {
    let rows = database.fetch_all(sql, []).await.unwrap();
    let read = |row: &Row| row.read::<String>(0).unwrap();
    rows.iter().map(read).collect()
}

async fn run(database: &Database, statements: &[&'static str]) {
    for statement in statements {
        database.execute(*statement, []).await.unwrap();
    }
}

fn vectors(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../interop/vectors")
        .join(name);
    std::fs::read_to_string(path).unwrap()
}

/// The statements of the dump that Django's `migrate` left, as `sqlite_master` has them.
fn djangos_statements() -> BTreeSet<String> {
    let dump = vectors("ddl_sqlite.sql").replace("CREATE TABLE IF NOT EXISTS", "CREATE TABLE");
    let statements = dump.lines().filter(|line| line.contains('"'));
    statements
        .map(|line| line.trim_end_matches(';').to_owned())
        .collect()
}

#[tokio::test]
async fn an_empty_database_becomes_djangos() {
    let (database, migrator) = memory().await;
    let plan = migrator.apply(NOW).await.unwrap();
    assert_eq!((plan.origin(), plan.steps().len()), (Origin::New, 39));
    let ours = texts(
        &database,
        "SELECT sql FROM sqlite_master WHERE sql LIKE '%\"%' AND name NOT LIKE 'doorward!_%' ESCAPE '!'",
    )
    .await;
    assert_eq!(ours.len(), djangos_statements().len());
    assert_eq!(ours.into_iter().collect::<BTreeSet<_>>(), djangos_statements());
}

#[tokio::test]
async fn its_rows_are_djangos_too() {
    let (database, migrator) = memory().await;
    migrator.apply(NOW).await.unwrap();
    let known = vectors("known_answers.txt");
    for sql in [
        "SELECT '[' || group_concat('(' || id || ', ''' || app_label || ''', ''' || model || ''')', ', ') || ']' \
         FROM (SELECT * FROM django_content_type ORDER BY id)",
        "SELECT '[' || group_concat('(' || id || ', ''' || codename || ''', ''' || name || ''', ' || content_type_id \
         || ')', ', ') || ']' FROM (SELECT * FROM auth_permission ORDER BY id)",
        "SELECT '[' || group_concat('(''' || app || ''', ''' || name || ''')', ', ') || ']' \
         FROM (SELECT * FROM django_migrations ORDER BY id)",
    ] {
        let ours = texts(&database, sql).await.concat();
        assert!(known.lines().any(|line| line == ours), "{ours}");
    }
    let applied = texts(&database, "SELECT DISTINCT applied FROM django_migrations").await;
    assert_eq!(applied, ["2027-01-15 08:00:00"]);
}

#[tokio::test]
async fn a_second_run_does_nothing() {
    let (database, migrator) = memory().await;
    assert!(!migrator.is_current().await.unwrap());
    assert_eq!(migrator.plan().await.unwrap().steps().len(), 39);
    migrator.apply(NOW).await.unwrap();
    assert!(migrator.is_current().await.unwrap());
    let again = migrator.apply(NOW).await.unwrap();
    assert_eq!((again.origin(), again.steps().len()), (Origin::Doorward, 0));
    let count = texts(&database, "SELECT '' || count(*) FROM django_migrations").await;
    assert_eq!(count, ["34"]);
}

/// Programs that make their migrator themselves meet databases that `doorward migrate` made.
#[tokio::test]
async fn a_migrator_without_an_app_of_ours_finds_nothing_newer() {
    let (database, migrator) = memory().await;
    migrator.apply(NOW).await.unwrap();
    let bare = Migrator::new(&database, &Schema::default());
    assert!(bare.is_current().await.unwrap());
}

#[tokio::test]
async fn a_migration_of_ours_that_is_missing_is_listed() {
    let (database, migrator) = memory().await;
    migrator.apply(NOW).await.unwrap();
    run(
        &database,
        &["DELETE FROM doorward_migration WHERE name LIKE '0003%'"],
    )
    .await;
    let listed = migrator.list().await.unwrap();
    let ours = listed.iter().find(|app| app.label == "doorward").unwrap();
    let pending: Vec<_> = ours
        .migrations
        .iter()
        .filter(|(_, applied)| applied.is_none())
        .collect();
    assert_eq!(pending, [&("0003_login_counter".to_owned(), None)]);
}

/// It would be recorded, and its table never made.
#[tokio::test]
async fn a_migration_of_ours_for_other_databases_only_is_refused() {
    const ELSEWHERE: &[&str] = &["CREATE TABLE doorward_elsewhere (id bigint)"];
    let (database, migrator) = memory().await;
    let app = App::new("elsewhere").migration(Migration::new("0090_elsewhere").postgres(ELSEWHERE).own());
    let refused = migrator.app(app).apply(NOW).await.unwrap_err();
    assert!(refused.to_string().contains("0090_elsewhere"), "{refused}");
    let sql = "SELECT name FROM sqlite_master WHERE name = 'doorward_migration'";
    assert!(texts(&database, sql).await.is_empty(), "nothing was made");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_one_does_it() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/test.sqlite3", folder.path().display());
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move {
                let database = Database::open(&url).await.unwrap();
                let plan = whole(&database, &Schema::default()).apply(NOW).await.unwrap();
                plan.steps().len()
            })
        })
        .collect();
    let mut steps = Vec::new();
    for task in tasks {
        steps.push(task.await.unwrap());
    }
    steps.sort_unstable();
    assert_eq!(steps, [0, 0, 0, 0, 0, 0, 0, 39]);
}

#[tokio::test]
async fn killed_at_any_point_it_completes_the_next_time() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..16_u32 {
        let path = folder.path().join(format!("{round}.sqlite3"));
        let url = format!("sqlite://{}", path.display());
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_migrates", "--ignored", "--quiet"])
            .env("DOORWARD_TEST_URL", &url)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(Duration::from_micros(400) * round).await;
        child.kill().unwrap();
        child.wait().unwrap();
        let database = Database::open(&url).await.unwrap();
        let migrator = whole(&database, &Schema::default());
        migrator.apply(NOW).await.unwrap();
        assert!(migrator.is_current().await.unwrap());
        assert_eq!(texts(&database, "PRAGMA integrity_check").await, ["ok"]);
        assert_eq!(
            texts(&database, "SELECT name FROM django_migrations").await.len(),
            34
        );
    }
}

#[tokio::test]
#[ignore = "runs in the child process of killed_at_any_point_it_completes_the_next_time"]
async fn child_migrates() {
    #[expect(clippy::disallowed_methods, reason = "how the parent tells the address")]
    let Ok(url) = std::env::var("DOORWARD_TEST_URL") else {
        return;
    };
    let database = Database::open(&url).await.unwrap();
    whole(&database, &Schema::default()).apply(NOW).await.unwrap();
}

async fn refused(migrator: &Migrator, database: &Database, expected: &str) {
    let before = texts(database, "SELECT name || coalesce(sql, '') FROM sqlite_master").await;
    let planned = migrator.plan().await.expect_err(expected);
    assert!(matches!(planned, MigrateError::Refused(_)));
    let error = migrator.apply(NOW).await.expect_err(expected).to_string();
    assert!(error.contains(expected), "{error}");
    assert!(error.contains("nothing was changed"), "{error}");
    let after = texts(database, "SELECT name || coalesce(sql, '') FROM sqlite_master").await;
    assert_eq!(before, after);
}

#[tokio::test]
async fn odd_states_are_refused() {
    for (change, expected) in [
        (
            "DELETE FROM django_migrations WHERE app = 'auth' AND name LIKE '0005%'",
            "auth is migrated in part, these are missing: 0005_alter_user_last_login_null",
        ),
        (
            "DELETE FROM django_migrations WHERE app = 'token_blacklist' AND name > '0006'",
            "token_blacklist is migrated in part, these are missing: 0006_auto_20171017_2113, 0007_auto_20171017_2214",
        ),
        (
            "DELETE FROM django_migrations WHERE app = 'sessions'",
            "there is a table django_session, but no migration of sessions is recorded",
        ),
        (
            "DROP TABLE authtoken_token",
            "there is no table authtoken_token, though it is recorded as made",
        ),
    ] {
        let (database, migrator) = memory().await;
        migrator.apply(NOW).await.unwrap();
        run(&database, &[change]).await;
        refused(&migrator, &database, expected).await;
    }
}

/// What a newer Doorward adds: a table, and columns that older ones need not write.
const FUTURE: [&str; 3] = [
    "CREATE TABLE doorward_future (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, what varchar(20) NOT NULL)",
    "ALTER TABLE doorward_token_family ADD COLUMN future varchar(20) NULL",
    "INSERT INTO doorward_migration (name, applied) VALUES ('0099_future', '2030-01-01 00:00:00')",
];

#[tokio::test]
async fn what_a_newer_doorward_added_stops_nothing() {
    let (database, migrator) = memory().await;
    migrator.apply(NOW).await.unwrap();
    assert!(migrator.newer().await.unwrap().is_empty());
    run(&database, &FUTURE).await;
    let problems = migrator.problems().await.unwrap();
    assert_eq!(problems, [Problem::Newer("0099_future".to_owned())]);
    assert!(!problems[0].stops());
    assert_eq!(migrator.newer().await.unwrap(), ["0099_future"]);
    assert!(migrator.apply(NOW).await.unwrap().steps().is_empty());
}

/// A newer Doorward that did not only add is found by its tables.
#[tokio::test]
async fn what_a_newer_doorward_took_away_is_refused() {
    let (database, migrator) = memory().await;
    migrator.apply(NOW).await.unwrap();
    run(&database, &FUTURE).await;
    let taken = "ALTER TABLE doorward_token_family RENAME COLUMN claims TO others";
    run(&database, &[taken]).await;
    let expected = "table doorward_token_family has no column claims";
    refused(&migrator, &database, expected).await;
}

/// Django 3.0 with DRF 3.11 and SimpleJWT 4.4: fewer migrations, narrower columns.
#[tokio::test]
async fn an_older_django_is_fine_as_it_is() {
    let (database, migrator) = memory().await;
    migrator.apply(NOW).await.unwrap();
    run(
        &database,
        &[
            "DROP TABLE doorward_migration",
            "DELETE FROM django_migrations WHERE app = 'auth' AND name LIKE '0012%'",
            "DELETE FROM django_migrations WHERE app = 'authtoken' AND name > '0003'",
            "DELETE FROM django_migrations WHERE app = 'token_blacklist' AND name > '0008'",
        ],
    )
    .await;
    let plan = migrator.apply(NOW).await.unwrap();
    assert_eq!((plan.origin(), plan.apps()), (Origin::Django, vec!["doorward"]));
    assert_eq!(
        texts(&database, "SELECT name FROM doorward_migration").await,
        [
            "0001_adopted",
            "0002_token_families",
            "0003_login_counter",
            "0005_node"
        ]
    );
    assert_eq!(migrator.plan().await.unwrap().origin(), Origin::Django);
}

#[tokio::test]
async fn a_project_with_a_user_table_of_its_own() {
    let (database, _) = memory().await;
    let schema = Schema {
        user: UserSchema::new("accounts_account", IdType::Uuid, "email"),
        ..Schema::default()
    };
    let migrator = whole(&database, &schema);
    refused(
        &migrator,
        &database,
        "the user table accounts_account is made by Django's migrate",
    )
    .await;

    let (database, default) = memory().await;
    default.apply(NOW).await.unwrap();
    run(
        &database,
        &[
            "DROP TABLE doorward_migration",
            "DROP TABLE authtoken_token",
            "DROP TABLE token_blacklist_blacklistedtoken",
            "DROP TABLE token_blacklist_outstandingtoken",
            "DELETE FROM django_migrations WHERE app IN ('authtoken', 'token_blacklist')",
            "CREATE TABLE accounts_account (id char(32) PRIMARY KEY, email varchar(254) NOT NULL UNIQUE, \
             password varchar(128) NOT NULL, last_login datetime NULL, is_active bool NOT NULL, \
             is_staff bool NOT NULL, is_superuser bool NOT NULL)",
            "CREATE TABLE accounts_account_groups (account_id char(32), group_id integer)",
            "CREATE TABLE accounts_account_user_permissions (account_id char(32), permission_id integer)",
        ],
    )
    .await;
    let mut user = UserSchema::new("accounts_account", IdType::Uuid, "email");
    (user.first_name_column, user.last_name_column) = (None, None);
    user.date_joined_column = None;
    let schema = Schema {
        user,
        ..Schema::default()
    };
    let plan = whole(&database, &schema).apply(NOW).await.unwrap();
    assert_eq!(plan.apps(), ["authtoken", "token_blacklist", "doorward"]);
    let made = texts(
        &database,
        "SELECT sql FROM sqlite_master WHERE name = 'authtoken_token'",
    )
    .await
    .concat();
    let column = r#""user_id" char(32) NOT NULL UNIQUE REFERENCES "accounts_account" ("id")"#;
    assert!(made.contains(column), "{made}");
    uuid_keys_work(&database, &schema).await;
}

async fn uuid_keys_work(database: &Database, schema: &Schema) {
    use doorward_core::UserId;
    use doorward_core::stores::{AuthToken, Created, NewUser};
    let stores = open_stores(database, schema);
    let new = NewUser {
        username: "zoe@example.com".to_owned(),
        password: "!".to_owned().into(),
        email: "zoe@example.com".to_owned(),
        is_staff: true,
        is_superuser: false,
        date_joined: NOW,
        further: Vec::new(),
    };
    let Created::User(user) = stores.users.create(new).await.unwrap() else {
        unreachable!("nobody else is there");
    };
    assert!(matches!(&user.id, UserId::Uuid(id) if id.get_version_num() == 4));
    assert_eq!(
        stores.users.parse_id(&user.id.to_string()).as_ref(),
        Some(&user.id)
    );
    assert_eq!(stores.users.parse_id("1"), None);
    let token = AuthToken {
        key: "k".to_owned().into(),
        user: user.id.clone(),
        created: NOW,
    };
    stores.auth_tokens.get_or_create(token).await.unwrap();
    let (token, found) = stores.auth_tokens.by_key("k").await.unwrap().unwrap();
    assert_eq!(
        (&token.user, found.username.as_str()),
        (&user.id, "zoe@example.com")
    );
    assert!(stores.permissions.groups(&user.id).await.unwrap().is_empty());
    let stored = texts(database, "SELECT user_id FROM authtoken_token")
        .await
        .concat();
    assert_eq!(stored, user.id.to_string().replace('-', ""));
}

fn shop() -> App {
    App::new("shop")
        .migration(
            Migration::new("0001_initial").sqlite(&["CREATE TABLE shop_product (id integer PRIMARY KEY)"]),
        )
        .model(Model::new("product", "product"))
}

#[tokio::test]
async fn an_applications_own_tables() {
    let (database, plain) = memory().await;
    plain.apply(NOW).await.unwrap();
    let migrator = whole(&database, &Schema::default()).app(shop());
    let steps: Vec<_> = migrator
        .apply(NOW)
        .await
        .unwrap()
        .steps()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(steps, ["shop.0001_initial"]);
    let permissions = "SELECT p.id || p.codename || ' ' || p.name FROM auth_permission p \
                       INNER JOIN django_content_type c ON c.id = p.content_type_id WHERE c.app_label = 'shop'";
    assert_eq!(
        texts(&database, permissions).await.first().unwrap(),
        "41add_product Can add product"
    );
    let more =
        shop().migration(Migration::new("0002_price").sqlite(&["ALTER TABLE shop_product ADD price real"]));
    let migrator = whole(&database, &Schema::default()).app(more);
    assert_eq!(migrator.apply(NOW).await.unwrap().steps().len(), 1);
    assert_eq!(texts(&database, permissions).await.len(), 4);
    let status = migrator.list().await.unwrap();
    let labels: Vec<_> = status.iter().map(|app| app.label.as_str()).collect();
    let expected = [
        "admin",
        "auth",
        "authtoken",
        "contenttypes",
        "doorward",
        "sessions",
        "shop",
        "token_blacklist",
    ];
    assert_eq!(labels, expected);
    let shop = status.iter().find(|app| app.label == "shop").unwrap();
    let names = ["0001_initial", "0002_price"].map(|name| (name.to_owned(), Some(NOW)));
    assert_eq!(shop.migrations, names);
}

#[tokio::test]
async fn a_statement_that_fails_takes_all_back() {
    let (database, _) = memory().await;
    let broken =
        shop().migration(Migration::new("0002_broken").sqlite(&["CREATE TABLE shop_product (id integer)"]));
    let migrator = whole(&database, &Schema::default()).app(broken);
    assert!(matches!(
        migrator.apply(NOW).await,
        Err(MigrateError::Database(_))
    ));
    assert!(
        texts(&database, "SELECT name FROM sqlite_master")
            .await
            .is_empty()
    );
    assert_eq!(migrator.plan().await.unwrap().origin(), Origin::New);
    let unapplied = migrator.list().await.unwrap();
    assert!(
        unapplied
            .iter()
            .flat_map(|app| &app.migrations)
            .all(|(_, applied)| applied.is_none())
    );
}
