//! Proof by Django itself: what it finds in a database of ours, and what we find in one of its.
//!
//! `REFERENCE_PYTHON` names a Python with `interop/reference/requirements.txt`, as `cargo xtask test` sets it;
//! without it these tests do nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod whole;

use std::path::{Path, PathBuf};
use std::process::Command;

use doorward_core::UserId;
use doorward_django::timestamp::Timestamp;
use doorward_sqlx::migrations::Origin;
use doorward_sqlx::{Database, Row, Schema, open_stores};
use tempfile::TempDir;
use whole::whole;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

/// A folder for databases, and the reference site to run on them.
struct Site {
    folder: TempDir,
    python: PathBuf,
}

impl Site {
    /// `None` where there is no Python for it.
    fn new() -> Option<Self> {
        Some(Self {
            folder: tempfile::tempdir().unwrap(),
            python: python()?,
        })
    }

    fn url(&self, name: &str) -> String {
        format!("sqlite://{}/{name}.sqlite3", self.folder.path().display())
    }

    async fn open(&self, name: &str) -> Database {
        Database::open(&self.url(name)).await.unwrap()
    }

    /// Runs a command of the reference site with the settings module `settings`; gives what it printed.
    fn manage(&self, name: &str, settings: &str, arguments: &[&str]) -> String {
        let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../interop/reference");
        let output = Command::new(&self.python)
            .arg("manage.py")
            .args(arguments)
            .current_dir(reference)
            .env("DJANGO_SETTINGS_MODULE", settings)
            .env("DOORWARD_DATABASE_URL", self.url(name))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .output()
            .expect("REFERENCE_PYTHON can be run");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}\n{complaint}");
        said
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is how a test run is told its Python"
)]
fn python() -> Option<PathBuf> {
    std::env::var_os("REFERENCE_PYTHON").map(Into::into)
}

async fn texts(database: &Database, sql: &'static str) -> Vec<String> {
    let rows = database.fetch_all(sql, []).await.unwrap();
    let read = |row: &Row| row.read::<String>(0).unwrap();
    rows.iter().map(read).collect()
}

/// What Django and Doorward must agree on, in one order; only times and our own tables are left out.
async fn picture(database: &Database) -> Vec<Vec<String>> {
    let mut picture = Vec::new();
    for sql in [
        "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_master \
         WHERE tbl_name NOT LIKE 'doorward!_%' ESCAPE '!' AND name NOT LIKE 'doorward!_%' ESCAPE '!' ORDER BY 1",
        "SELECT id || ' ' || app || ' ' || name FROM django_migrations ORDER BY id",
        "SELECT id || ' ' || app_label || ' ' || model FROM django_content_type ORDER BY id",
        "SELECT id || ' ' || content_type_id || ' ' || codename || ' ' || name FROM auth_permission ORDER BY id",
        "SELECT 1 || group_concat(name || upper(type) || \"notnull\" || coalesce(dflt_value, '') || pk) \
         FROM pragma_table_info('auth_user')",
    ] {
        let part = texts(database, sql).await;
        assert!(!part.is_empty(), "{sql}");
        picture.push(part);
    }
    picture
}

#[tokio::test]
async fn django_has_nothing_to_do_on_a_database_of_ours() {
    let Some(site) = Site::new() else {
        return;
    };
    let ours = site.open("ours").await;
    let plan = whole(&ours, &Schema::default()).apply(NOW).await.unwrap();
    assert_eq!(plan.origin(), Origin::New);
    let before = picture(&ours).await;
    site.manage("ours", "bare_settings", &["migrate", "--check"]);
    let said = site.manage("ours", "bare_settings", &["migrate"]);
    assert!(said.contains("No migrations to apply."), "{said}");
    assert_eq!(picture(&ours).await, before);
    assert_eq!(texts(&ours, "PRAGMA journal_mode").await, ["wal"]);

    site.manage("djangos", "bare_settings", &["migrate"]);
    let djangos = site.open("djangos").await;
    assert_eq!(before, picture(&djangos).await);
    let ours = site.manage("ours", "bare_settings", &["inspectdb"]);
    assert!(ours.contains("class DoorwardMigration"));
    let theirs = site.manage("djangos", "bare_settings", &["inspectdb"]);
    assert_eq!(without_ours(&ours), without_ours(&theirs));
}

/// Our own table's model taken out of what `inspectdb` prints.
fn without_ours(models: &str) -> Vec<&str> {
    let models = models.split("\n\n\n");
    models.filter(|model| !model.contains("class Doorward")).collect()
}

#[tokio::test]
async fn we_read_what_django_wrote() {
    let Some(site) = Site::new() else {
        return;
    };
    site.manage("site", "tutorial.settings", &["migrate"]);
    site.manage("site", "tutorial.settings", &["seed"]);
    let database = site.open("site").await;
    let before = picture(&database).await;
    let migrator = whole(&database, &Schema::default());
    let plan = migrator.apply(NOW).await.unwrap();
    assert_eq!(plan.origin(), Origin::Django);
    assert_eq!(plan.apps(), ["doorward"], "only our own table is added");
    assert!(migrator.is_current().await.unwrap());
    assert_eq!(picture(&database).await, before);
    assert_eq!(texts(&database, "PRAGMA journal_mode").await, ["delete"]);
    site.manage("site", "tutorial.settings", &["migrate", "--check"]);

    let stores = open_stores(&database, &Schema::default());
    let alice = stores.users.by_username("alice").await.unwrap().unwrap();
    assert_eq!(
        (alice.first_name.as_str(), alice.last_name.as_str()),
        ("Alice", "Liddell")
    );
    assert!(alice.password.expose().starts_with("pbkdf2_sha256$"));
    assert!(alice.is_active && !alice.is_staff);
    assert!(stores.users.by_username("zoë").await.unwrap().is_some());
    assert!(
        !stores
            .users
            .by_username("carol")
            .await
            .unwrap()
            .unwrap()
            .is_active
    );
    let (token, user) = stores
        .auth_tokens
        .by_key(&format!("{:040x}", 2))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (token.user.clone(), user.username.as_str()),
        (UserId::Int(2), "alice")
    );
    erin_may_what_her_group_may(&stores).await;
}

async fn erin_may_what_her_group_may(stores: &doorward_core::stores::Stores) {
    let erin = stores.users.by_username("erin").await.unwrap().unwrap();
    let may = stores.permissions.permissions(&erin.id).await.unwrap();
    let expected = ["add", "change", "delete", "view"].map(|action| format!("tutorial.{action}_product"));
    assert_eq!(may, expected.into());
    assert_eq!(
        stores.permissions.groups(&erin.id).await.unwrap(),
        ["editors".to_owned()].into()
    );
}

/// A project without the apps that Doorward needs: they are added, and Django, told of them later, agrees.
#[tokio::test]
async fn what_a_project_lacks_is_added_as_django_would() {
    let Some(site) = Site::new() else {
        return;
    };
    for app in ["contenttypes", "auth"] {
        site.manage("small", "bare_settings", &["migrate", app]);
    }
    let database = site.open("small").await;
    let migrator = whole(&database, &Schema::default());
    let plan = migrator.apply(NOW).await.unwrap();
    assert_eq!(
        plan.apps(),
        ["authtoken", "sessions", "token_blacklist", "doorward"]
    );
    assert_eq!(plan.origin(), Origin::Django);
    assert!(
        !texts(&database, "SELECT name FROM sqlite_master")
            .await
            .contains(&"django_admin_log".to_owned())
    );
    let said = site.manage("small", "bare_settings", &["migrate"]);
    assert!(
        said.contains("Applying admin.0001_initial") && !said.contains("Applying authtoken"),
        "{said}"
    );

    site.manage("djangos", "bare_settings", &["migrate"]);
    let djangos = site.open("djangos").await;
    let (small, djangos) = (picture(&database).await, picture(&djangos).await);
    assert_eq!(small.first(), djangos.first(), "the same tables");
    assert!(migrator.is_current().await.unwrap());
}

#[tokio::test]
async fn an_app_that_is_migrated_in_part_is_refused() {
    let Some(site) = Site::new() else {
        return;
    };
    site.manage("part", "bare_settings", &["migrate", "auth", "0008"]);
    let database = site.open("part").await;
    let before = picture(&database).await;
    let migrator = whole(&database, &Schema::default());
    let error = migrator.apply(NOW).await.expect_err("refused").to_string();
    assert!(error.contains("auth is migrated in part"), "{error}");
    assert!(
        error.contains("0009_alter_user_last_name_max_length, 0010_alter_group_name_max_length"),
        "{error}"
    );
    assert_eq!(picture(&database).await, before);
    assert!(
        !texts(&database, "SELECT name FROM sqlite_master")
            .await
            .contains(&"doorward_migration".to_owned())
    );
}
