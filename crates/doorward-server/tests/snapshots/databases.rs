//! What is said of databases that are not as they should be.

use std::fmt::Write;
use std::fs;

use doorward::database::Database;

use super::mask::mask;
use super::snapshot::compare;
use super::support::{CONFIGURED, Folder, errors, printed};

/// What is done to a database that was migrated.
const CHANGES: &[&str] = &[
    "ALTER TABLE auth_user_groups RENAME COLUMN user_id TO person_id",
    "ALTER TABLE auth_user DROP COLUMN last_login",
    "PRAGMA writable_schema = ON; \
     UPDATE sqlite_master SET sql = replace(sql, '\"email\"', '\"phone\" varchar(20) NOT NULL, \"email\"') \
     WHERE name = 'auth_user'",
    "INSERT INTO auth_user (id, username, password, is_superuser, last_name, email, is_staff, is_active, date_joined, \
     first_name) VALUES (1, 'alice', '!', 0, '', '', 0, 1, '2026-01-01 00:00:00', ''); \
     INSERT INTO authtoken_token (key, created, user_id) VALUES ('k', datetime('now', '+9 hours', '+30 seconds'), 1)",
    "DROP TABLE authtoken_token; CREATE TABLE authtoken_token (key integer PRIMARY KEY, created datetime, \
     user_id integer UNIQUE)",
    "DROP TABLE authtoken_token; CREATE TABLE authtoken_token (key varchar(40) PRIMARY KEY, created datetime, \
     user_id integer UNIQUE, device varchar(20) NOT NULL)",
    "DROP INDEX django_content_type_app_label_model_76bd3d3b_uniq",
    "DROP TABLE auth_group",
    "DROP TABLE doorward_revocation",
    "ALTER TABLE doorward_revocation RENAME COLUMN user_id TO person_id",
    "DELETE FROM django_migrations WHERE app = 'sessions'",
    "DELETE FROM django_migrations WHERE app = 'auth' AND name LIKE '0005%'",
    "DELETE FROM doorward_migration",
    "INSERT INTO doorward_migration (name, applied) VALUES ('9999_future', '2026-01-01 00:00:00')",
    "DROP TABLE django_migrations",
    "ALTER TABLE auth_user RENAME TO shop_user",
];

async fn run(change: &'static str, database: &Database) {
    for statement in change.split("; ") {
        database.execute(statement, []).await.expect("it is changed");
    }
}

#[test]
fn databases_that_are_not_as_they_should_be() {
    let migrated = fs::read(Folder::migrated().path("doorward.sqlite3")).expect("a database");
    let folder = Folder::new().with("doorward.toml", CONFIGURED);
    let mut text = String::new();
    for change in CHANGES {
        fs::write(folder.path("doorward.sqlite3"), &migrated).expect("a database");
        folder.on_database(async |database| run(change, database).await);
        let _ = writeln!(text, "{change}\n");
        for arguments in [
            &["check"][..],
            &["migrate", "--plan"],
            &["drf_create_token", "nobody"],
        ] {
            let output = folder.run(arguments);
            let told = printed(&output) + &errors(&output);
            let _ = writeln!(
                text,
                "$ doorward {}\n{told}[{}]\n",
                arguments.join(" "),
                output.status
            );
        }
    }
    compare("databases", &mask(&text, &folder.path("").to_string_lossy()));
}
