//! `tutorial migrate` makes what `manage.py migrate` makes of `tutorial.0001_initial`.
//!
//! `REFERENCE_PYTHON` names a Python with `interop/reference/requirements.txt`, as `cargo xtask test` sets it;
//! without it nothing is compared with Django itself.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use doorward::database::{Database, Row};
use tempfile::TempDir;

/// A folder for databases.
struct Site(TempDir);

impl Site {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn url(&self, name: &str) -> String {
        format!("sqlite://{}/{name}.sqlite3", self.0.path().display())
    }

    async fn open(&self, name: &str) -> Database {
        Database::open(&self.url(name)).await.unwrap()
    }

    /// What `tutorial migrate` prints.
    fn migrate(&self, name: &str) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tutorial"));
        command.arg("migrate").current_dir(self.0.path()).env_clear().env(
            "DOORWARD_SECRET_KEY",
            "a secret key for tests only, long enough for everyone",
        );
        self.run(name, command)
    }

    /// What `manage.py` of the reference site prints.
    fn manage(&self, name: &str, python: &OsString, arguments: &[&str]) -> String {
        let mut command = Command::new(python);
        command
            .arg("manage.py")
            .args(arguments)
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../interop/reference"))
            .env("PYTHONDONTWRITEBYTECODE", "1");
        self.run(name, command)
    }

    fn run(&self, name: &str, mut command: Command) -> String {
        let output = command
            .env("DOORWARD_DATABASE_URL", self.url(name))
            .output()
            .unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{complaint}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is how a test run is told its Python"
)]
fn python() -> Option<OsString> {
    std::env::var_os("REFERENCE_PYTHON")
}

async fn texts(database: &Database, sql: &'static str) -> Vec<String> {
    let rows = database.fetch_all(sql, []).await.unwrap();
    let read = |row: &Row| row.read::<String>(0).unwrap();
    rows.iter().map(read).collect()
}

/// What Django and Doorward must agree on; only times and our own tables are left out.
async fn picture(database: &Database) -> Vec<Vec<String>> {
    let mut picture = Vec::new();
    for sql in [
        "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_master \
         WHERE tbl_name NOT LIKE 'doorward!_%' ESCAPE '!' AND name NOT LIKE 'doorward!_%' ESCAPE '!' ORDER BY 1",
        "SELECT id || ' ' || app || ' ' || name FROM django_migrations ORDER BY id",
        "SELECT id || ' ' || app_label || ' ' || model FROM django_content_type ORDER BY id",
        "SELECT id || ' ' || content_type_id || ' ' || codename || ' ' || name FROM auth_permission ORDER BY id",
    ] {
        picture.push(texts(database, sql).await);
    }
    picture
}

#[tokio::test]
async fn an_empty_database_gets_the_product_table_and_its_permissions() {
    let site = Site::new();
    let said = site.migrate("ours");
    assert!(said.ends_with("Applied tutorial.0001_initial\n"), "{said}");
    assert_eq!(site.migrate("ours"), "No migrations to apply.\n");
    let ours = site.open("ours").await;
    let permissions = "SELECT c.app_label || '.' || p.codename || ' ' || p.name FROM auth_permission p \
         INNER JOIN django_content_type c ON c.id = p.content_type_id WHERE c.app_label = 'tutorial' ORDER BY p.id";
    let expected = [
        "tutorial.add_product Can add product",
        "tutorial.change_product Can change product",
        "tutorial.delete_product Can delete product",
        "tutorial.view_product Can view product",
    ];
    assert_eq!(texts(&ours, permissions).await, expected);
}

#[tokio::test]
async fn it_is_what_django_makes() {
    let Some(python) = python() else {
        return;
    };
    let site = Site::new();
    site.migrate("ours");
    let ours = picture(&site.open("ours").await).await;
    site.manage("djangos", &python, &["migrate", "-v0"]);
    assert_eq!(ours, picture(&site.open("djangos").await).await);
    let said = site.migrate("djangos");
    assert!(
        !said.contains("tutorial."),
        "what Django applied is not applied again: {said}"
    );
    assert_eq!(ours, picture(&site.open("djangos").await).await);

    site.manage("ours", &python, &["migrate", "--check"]);
    site.manage("ours", &python, &["makemigrations", "--check"]);
    site.manage("ours", &python, &["seed"]);
}

#[tokio::test]
async fn a_project_without_the_app_gets_it() {
    let Some(python) = python() else {
        return;
    };
    let site = Site::new();
    let bare = ["migrate", "-v0", "--settings=bare_settings"];
    site.manage("bare", &python, &bare);
    assert!(site.migrate("bare").contains("Applied tutorial.0001_initial"));
    site.manage("bare", &python, &["migrate", "--check"]);
    site.manage("bare", &python, &["seed"]);
}
