//! What is SQLite's alone: `REPLACE`, tables that are remade, files that are restored.

use std::collections::HashSet;

use doorward_db::feed::Key;

use crate::site::{SESSION, Site};

#[tokio::test]
async fn what_is_replaced_is_noted_though_no_trigger_of_deletion_fires() {
    let mut site = Site::sqlite().await;
    let user = |id: &str, name: &str| {
        format!(
            "REPLACE INTO auth_user (id, password, is_superuser, username, last_name, email, is_staff, is_active, \
             date_joined, first_name) VALUES ({id}, '', 0, '{name}', '', '', 0, 1, '2026-01-01 00:00:00', '')"
        )
    };
    let users = |ids: &[&str]| ids.iter().map(|id| Key::user(id)).collect::<HashSet<_>>();
    for (sql, expected) in [
        (user("1", "ann"), users(&["1"])),
        // In the place of two: one has the key, another the name.
        (user("1", "bob"), users(&["1", "2"])),
        (user("NULL", "cid"), users(&["3"])),
        (
            "REPLACE INTO authtoken_token VALUES ('1111', '2026-01-01 00:00:00', 2)".to_owned(),
            users(&["1", "2"]),
        ),
        (
            "UPDATE OR REPLACE auth_user SET username = 'cid' WHERE id = 1".to_owned(),
            users(&["1", "4"]),
        ),
        (
            "REPLACE INTO auth_user_groups (id, user_id, group_id) SELECT id, 9, 2 FROM auth_user_groups LIMIT 1".to_owned(),
            users(&["1", "9"]),
        ),
        (
            format!("REPLACE INTO django_session VALUES ('{SESSION}', 'other:1aaaaa:s', '2999-01-01 00:00:00')"),
            [site.session(SESSION)].into(),
        ),
        (
            "REPLACE INTO auth_permission (id, content_type_id, codename, name) VALUES (1001, 1001, 'give', '')".to_owned(),
            [Key::permissions()].into(),
        ),
    ] {
        // Without foreign keys, as a tool may have it; Django's are deferred.
        let unbound = format!("PRAGMA foreign_keys = OFF; {sql}");
        sqlite3(&site, &unbound).await;
        assert_eq!(site.changes().await, expected, "{sql}");
    }
}

/// Another process, with its own connection.
async fn sqlite3(site: &Site, script: &str) {
    let path = site.url.trim_start_matches("sqlite://").to_owned();
    let script = script.to_owned();
    let run = move || {
        let python = "import sqlite3, sys; sqlite3.connect(sys.argv[1], isolation_level=None).executescript(sys.argv[2])";
        std::process::Command::new("python3")
            .args(["-c", python, &path, &script])
            .status()
    };
    let status = tokio::task::spawn_blocking(run).await.unwrap().unwrap();
    assert!(status.success());
}

/// As `django.db.backends.sqlite3.schema.DatabaseSchemaEditor._remake_table` does it.
const ALTER_FIELD: &str = "CREATE TABLE \"new__auth_user\" (\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT, \
    \"password\" varchar(128) NOT NULL, \"last_login\" datetime NULL, \"is_superuser\" bool NOT NULL, \
    \"username\" varchar(150) NOT NULL UNIQUE, \"last_name\" varchar(200) NOT NULL, \"email\" varchar(254) NOT NULL, \
    \"is_staff\" bool NOT NULL, \"is_active\" bool NOT NULL, \"date_joined\" datetime NOT NULL, \
    \"first_name\" varchar(150) NOT NULL); \
    INSERT INTO \"new__auth_user\" SELECT * FROM \"auth_user\"; DROP TABLE \"auth_user\"; \
    ALTER TABLE \"new__auth_user\" RENAME TO \"auth_user\"";

#[tokio::test]
async fn a_table_that_django_remade_takes_its_triggers_along_and_that_is_noticed() {
    let mut site = Site::sqlite().await;
    sqlite3(&site, &format!("BEGIN; {ALTER_FIELD}; COMMIT")).await;
    site.expect_blind("doorward_users_update on auth_user is missing")
        .await;
    site.execute("UPDATE auth_user SET is_active = 0 WHERE id = 2")
        .await;
    site.install().await;
    site.execute("UPDATE auth_user SET is_active = 0 WHERE id = 1")
        .await;
    assert_eq!(site.changes().await, [Key::user("1")].into());
}

#[tokio::test]
async fn every_table_of_djangos_can_be_remade() {
    let site = Site::sqlite().await;
    let sql = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' \
               AND name NOT LIKE 'doorward!_%' ESCAPE '!'";
    let tables = site.database.fetch_all(sql, []).await.unwrap();
    assert!(tables.len() > 10);
    for row in tables {
        let (name, sql): (String, String) = (row.read(0).unwrap(), row.read(1).unwrap());
        let made = sql.replacen(&format!("\"{name}\""), &format!("\"new__{name}\""), 1);
        let script = format!(
            "PRAGMA foreign_keys = OFF; BEGIN; {made}; INSERT INTO \"new__{name}\" SELECT * FROM \"{name}\"; \
             DROP TABLE \"{name}\"; ALTER TABLE \"new__{name}\" RENAME TO \"{name}\"; COMMIT"
        );
        sqlite3(&site, &script).await;
    }
}

#[tokio::test]
async fn a_trigger_that_is_dropped_or_altered_is_noticed() {
    let mut site = Site::sqlite().await;
    site.execute("DROP TRIGGER doorward_sessions_delete").await;
    site.expect_blind("trigger doorward_sessions_delete on django_session is missing")
        .await;
    site.execute(
        "CREATE TRIGGER doorward_sessions_delete AFTER DELETE ON django_session BEGIN SELECT 1; END",
    )
    .await;
    site.expect_blind("doorward_sessions_delete on django_session is not the one")
        .await;
    site.install().await;
    site.execute("DROP TABLE doorward_change").await;
    let problem = site.feed.poll().await.expect_err("no table");
    assert!(
        problem.advice().is_some_and(|told| told.contains("feed install")),
        "{problem:?}"
    );
}

#[tokio::test]
async fn a_database_whose_pages_were_moved_is_read_anew() {
    let mut site = Site::sqlite().await;
    site.execute("VACUUM").await;
    site.expect_everything("numbers of rows may be others").await;
}

#[tokio::test]
async fn a_file_that_was_restored_is_another_one_and_is_opened() {
    let mut site = Site::sqlite().await;
    let path = site.url.trim_start_matches("sqlite://").to_owned();
    let copy = format!("{path}.copy");
    site.execute(&format!("VACUUM INTO '{copy}'")).await;
    site.execute("UPDATE auth_user SET is_active = 0").await;
    assert_eq!(site.changes().await.len(), 3);
    for end in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{path}{end}"));
    }
    std::fs::rename(&copy, &path).unwrap();
    site.expect_everything("another file").await;
    let sql = "SELECT count(*) FROM auth_user WHERE is_active";
    let active = site.database.fetch_optional(sql, []).await.unwrap().unwrap();
    assert_eq!(active.read::<i64>(0).unwrap(), 3, "the restored file is read");
    site.execute("UPDATE auth_user SET is_active = 0 WHERE id = 2")
        .await;
    assert_eq!(site.changes().await, [Key::user("2")].into());
}

#[tokio::test]
async fn a_file_that_is_gone_ends_the_feed() {
    let mut site = Site::sqlite().await;
    let path = site.url.trim_start_matches("sqlite://").to_owned();
    let away = format!("{path}.away");
    std::fs::rename(&path, &away).unwrap();
    site.feed.poll().await.expect_err("there is no file");
    std::fs::rename(&away, &path).unwrap();
    assert_eq!(site.changes().await, HashSet::new());
}
