//! `doorward feed`: installed, taken away, looked at.

use serde_json::Value;

use super::support::Folder;

fn status(folder: &Folder, code: i32) -> Value {
    let output = folder.run(&["feed", "status", "--json"]);
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn a_database_that_doorward_made_has_it_and_who_takes_it_away_wants_it_so() {
    let folder = Folder::migrated();
    assert_eq!(
        status(&folder, 0),
        serde_json::json!({ "installed": true, "sees_everything": true, "rows": 0, "problems": [] })
    );
    folder.succeeds(&["feed", "uninstall"]);
    folder.succeeds(&["migrate"]);
    assert_eq!(status(&folder, 1)["installed"], false);
    let told = folder.run(&["feed", "status"]);
    let told = String::from_utf8(told.stdout).expect("a text");
    assert!(
        told.contains("is not installed; `doorward feed install`"),
        "{told}"
    );
    folder.succeeds(&["feed", "install"]);
    folder.succeeds(&["feed", "install"]);
    assert_eq!(status(&folder, 0)["sees_everything"], true);
}

#[test]
fn a_trigger_that_is_missing_is_told() {
    let folder = Folder::migrated();
    folder.on_database(async |database| {
        database
            .execute("DROP TRIGGER doorward_users_update", [])
            .await
            .expect("dropped");
    });
    let told = status(&folder, 1);
    assert_eq!(told["installed"], true, "{told}");
    assert_eq!(
        told["problems"],
        serde_json::json!(["trigger doorward_users_update on auth_user is missing"])
    );
    folder.succeeds(&["feed", "install"]);
    status(&folder, 0);
}

#[test]
fn what_is_printed_changes_nothing() {
    let folder = Folder::migrated();
    folder.succeeds(&["feed", "uninstall"]);
    let before = std::fs::read(folder.path("doorward.sqlite3")).expect("a file");
    let printed = folder.succeeds(&["feed", "install", "--print-sql"]);
    assert!(
        printed.starts_with("BEGIN;\n") && printed.ends_with("COMMIT;\n"),
        "{printed}"
    );
    assert!(
        printed.contains("CREATE TRIGGER \"doorward_sessions_delete\""),
        "{printed}"
    );
    let after = std::fs::read(folder.path("doorward.sqlite3")).expect("a file");
    assert!(before == after, "it only reads");
}

#[test]
fn where_tables_are_missing_one_is_told_to_migrate() {
    let folder = Folder::migrated();
    folder.on_database(async |database| {
        database
            .execute("DROP TABLE doorward_revocation", [])
            .await
            .expect("dropped");
    });
    let error = folder.fails(&["feed", "install"], 1);
    assert!(error.contains("doorward_revocation cannot be watched"), "{error}");
    assert!(error.contains("doorward migrate"), "{error}");
}
