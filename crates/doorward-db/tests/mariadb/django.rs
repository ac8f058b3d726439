//! Proof by Django itself: what it finds in a database of ours, and what we find in one of its.
//!
//! `REFERENCE_PYTHON` names a Python with `interop/reference/requirements.txt`, as `cargo xtask test` sets it.

use std::path::{Path, PathBuf};
use std::process::Command;

use doorward_db::migrations::{Migrator, Origin};
use doorward_db::{Database, Row, Schema, Sql};

use crate::Scratch;
use crate::migrations::NOW;

#[expect(
    clippy::disallowed_methods,
    reason = "this is how a test run is told its Python"
)]
fn python() -> Option<PathBuf> {
    std::env::var_os("REFERENCE_PYTHON").map(Into::into)
}

/// A database, and the reference site to run on it.
struct Site {
    scratch: Scratch,
    python: PathBuf,
}

impl Site {
    async fn new(name: &'static str) -> Option<Self> {
        let python = python()?;
        let scratch = Scratch::new(name).await?;
        Some(Self { scratch, python })
    }

    /// Runs a command of the reference site with the settings module `settings`; gives what it printed.
    fn manage(&self, settings: &str, arguments: &[&str]) -> String {
        let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../interop/reference");
        let output = Command::new(&self.python)
            .arg("manage.py")
            .args(arguments)
            .current_dir(reference)
            .env("DJANGO_SETTINGS_MODULE", settings)
            .env("DOORWARD_DATABASE_URL", self.scratch.url())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .output()
            .expect("REFERENCE_PYTHON can be run");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}\n{complaint}");
        said
    }
}

async fn texts(database: &Database, sql: impl Into<Sql> + Send, column: usize) -> Vec<String> {
    let rows = database.fetch_all(sql, []).await.unwrap();
    let read = |row: &Row| row.read::<String>(column).unwrap();
    rows.iter().map(read).collect()
}

/// The statements that make the tables, as MariaDB tells them: types, collations, indexes and constraints with their names.
/// Without our own tables, and without the id that comes next.
async fn tables(database: &Database) -> Vec<String> {
    let sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() \
               AND table_name NOT LIKE 'doorward!_%' ESCAPE '!' ORDER BY table_name";
    let mut made = Vec::new();
    for table in texts(database, sql, 0).await {
        let statement = Sql::rendered(format!("SHOW CREATE TABLE `{table}`"));
        made.extend(texts(database, statement, 1).await);
    }
    let without_next = |statement: &String| match statement.split_once(" AUTO_INCREMENT=") {
        Some((before, rest)) => {
            let digits = |letter: char| letter.is_ascii_digit();
            format!("{before}{}", rest.trim_start_matches(digits))
        }
        None => statement.clone(),
    };
    made.iter().map(without_next).collect()
}

/// What Django and Doorward must agree on; only times and our own tables are left out.
async fn picture(database: &Database) -> Vec<Vec<String>> {
    let mut picture = vec![tables(database).await];
    for sql in [
        "SELECT CONCAT(id, ' ', app, ' ', name) FROM django_migrations ORDER BY id",
        "SELECT CONCAT(id, ' ', app_label, ' ', model) FROM django_content_type ORDER BY id",
        "SELECT CONCAT(id, ' ', content_type_id, ' ', codename, ' ', name) FROM auth_permission ORDER BY id",
    ] {
        picture.push(texts(database, sql, 0).await);
    }
    assert!(picture.iter().all(|part| !part.is_empty()), "{picture:?}");
    picture
}

#[tokio::test]
async fn django_has_nothing_to_do_on_a_database_of_ours() {
    let (Some(ours), Some(djangos)) = (Site::new("db_ours").await, Site::new("db_djangos").await) else {
        return;
    };
    let database = ours.scratch.open().await;
    Migrator::new(&database, &Schema::default())
        .apply(NOW)
        .await
        .unwrap();
    let before = picture(&database).await;
    ours.manage("bare_settings", &["migrate", "--check"]);
    ours.manage("bare_settings", &["makemigrations", "--check", "--dry-run"]);
    let said = ours.manage("bare_settings", &["migrate"]);
    assert!(said.contains("No migrations to apply."), "{said}");
    assert_eq!(picture(&database).await, before);

    djangos.manage("bare_settings", &["migrate"]);
    let theirs = djangos.scratch.open().await;
    assert_eq!(before, picture(&theirs).await);
    let (ours, theirs) = (
        ours.manage("bare_settings", &["inspectdb"]),
        djangos.manage("bare_settings", &["inspectdb"]),
    );
    assert!(ours.contains("class DoorwardMigration"));
    assert_eq!(without_ours(&ours), without_ours(&theirs));
}

/// Our own tables' models taken out of what `inspectdb` prints.
fn without_ours(models: &str) -> Vec<&str> {
    let models = models.split("\n\n\n");
    models.filter(|model| !model.contains("class Doorward")).collect()
}

#[tokio::test]
async fn a_database_of_django_s_is_adopted_as_it_is() {
    let Some(site) = Site::new("db_adopted").await else {
        return;
    };
    site.manage("tutorial.settings", &["migrate"]);
    site.manage("tutorial.settings", &["seed"]);
    let database = site.scratch.open().await;
    let before = picture(&database).await;
    let migrator = Migrator::new(&database, &Schema::default());
    let plan = migrator.apply(NOW).await.unwrap();
    assert_eq!((plan.origin(), plan.apps()), (Origin::Django, vec!["doorward"]));
    assert!(migrator.is_current().await.unwrap());
    assert_eq!(migrator.problems().await.unwrap(), []);
    assert_eq!(picture(&database).await, before);
    site.manage("tutorial.settings", &["migrate", "--check"]);
}

/// A project without the apps that Doorward needs: they are added, and Django, told of them later, agrees.
#[tokio::test]
async fn what_a_project_lacks_is_added_as_django_would() {
    let (Some(small), Some(whole)) = (Site::new("db_small").await, Site::new("db_whole").await) else {
        return;
    };
    for app in ["contenttypes", "auth"] {
        small.manage("bare_settings", &["migrate", app]);
    }
    let database = small.scratch.open().await;
    let migrator = Migrator::new(&database, &Schema::default());
    let mut added = migrator.apply(NOW).await.unwrap().apps();
    added.sort_unstable();
    assert_eq!(added, ["authtoken", "doorward", "sessions", "token_blacklist"]);
    let said = small.manage("bare_settings", &["migrate"]);
    assert!(
        said.contains("Applying admin.0001_initial") && !said.contains("Applying authtoken"),
        "{said}"
    );
    whole.manage("bare_settings", &["migrate"]);
    let theirs = whole.scratch.open().await;
    assert_eq!(tables(&database).await, tables(&theirs).await, "the same tables");
    assert!(migrator.is_current().await.unwrap());
}

#[tokio::test]
async fn an_app_that_is_migrated_in_part_is_refused() {
    let Some(site) = Site::new("db_part").await else {
        return;
    };
    site.manage("bare_settings", &["migrate", "auth", "0008"]);
    let database = site.scratch.open().await;
    let sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1";
    let before = texts(&database, sql, 0).await;
    let error = Migrator::new(&database, &Schema::default())
        .apply(NOW)
        .await
        .expect_err("refused")
        .to_string();
    assert!(error.contains("auth is migrated in part"), "{error}");
    assert_eq!(before, texts(&database, sql, 0).await);
}
