//! `doorward adopt --check`: what is in a database is tried, and nothing is written.

use serde_json::Value;

use super::support::{CONFIGURED, Folder, field};

fn trials(folder: &Folder) -> Vec<(String, String)> {
    let told = folder.succeeds(&["adopt", "--check", "--json"]);
    let told: Vec<Value> = serde_json::from_str(&told).expect("a list");
    let text = |trial: &Value, name: &str| trial[name].as_str().expect("a text").to_owned();
    told.iter()
        .map(|trial| (text(trial, "tried"), text(trial, "outcome")))
        .collect()
}

fn outcomes(outcomes: [&str; 5]) -> Vec<(String, String)> {
    let tried = [
        "tables",
        "passwords",
        "sessions",
        "opaque tokens",
        "JSON web tokens",
    ];
    let outcomes = tried.into_iter().zip(outcomes);
    outcomes
        .map(|(tried, outcome)| (tried.to_owned(), outcome.to_owned()))
        .collect()
}

#[test]
fn what_is_there_is_tried_and_the_rest_is_untried() {
    let folder = Folder::migrated();
    let untried = outcomes(["works", "untried", "untried", "untried", "untried"]);
    assert_eq!(trials(&folder), untried);
    let made = folder.input(
        &["createuser", "--username", "alice", "--password-stdin"],
        "wonderland-42\n",
    );
    assert!(made.status.success(), "{made:?}");
    folder.succeeds(&["drf_create_token", "alice"]);
    let running = folder.serve();
    let pair = running.post(
        "/api/token/",
        r#"{"username":"alice","password":"wonderland-42"}"#,
    );
    assert!(!field(&pair, "refresh").is_empty(), "{pair}");
    drop(running);
    assert_eq!(
        trials(&folder),
        outcomes(["works", "works", "untried", "works", "works"])
    );
}

#[test]
fn another_key_opens_nothing_that_it_did_not_sign() {
    let folder = Folder::migrated();
    let made = folder.input(
        &["createuser", "--username", "alice", "--password-stdin"],
        "wonderland-42\n",
    );
    assert!(made.status.success(), "{made:?}");
    let running = folder.serve();
    running.post(
        "/api/token/",
        r#"{"username":"alice","password":"wonderland-42"}"#,
    );
    drop(running);
    let other = CONFIGURED.replacen("secret_key = \"", "secret_key = \"another-", 1);
    let folder = folder.with("doorward.toml", &other);
    let output = folder.run(&["adopt", "--check"]);
    let told = String::from_utf8(output.stdout).expect("a text");
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("JSON web tokens  FAILS    0 of 1"), "{told}");
}

#[test]
fn what_the_settings_do_not_let_in_is_closed() {
    let settings = format!("{CONFIGURED}backends = []\n[rest]\nauthentication = [\"session\"]\n");
    let folder = Folder::migrated();
    folder.input(
        &["createuser", "--username", "alice", "--password-stdin"],
        "wonderland-42\n",
    );
    folder.succeeds(&["drf_create_token", "alice"]);
    let folder = folder.with("doorward.toml", &settings);
    assert_eq!(
        trials(&folder),
        outcomes(["works", "closed", "untried", "closed", "untried"])
    );
    let told = folder.succeeds(&["adopt", "--check"]);
    assert!(told.contains("`passwords.backends` is empty"), "{told}");
    assert!(told.contains("does not name `token`"), "{told}");
}

#[test]
fn hashes_that_a_login_makes_anew_are_told() {
    let folder = Folder::migrated();
    folder.input(
        &["createuser", "--username", "alice", "--password-stdin"],
        "wonderland-42\n",
    );
    assert!(!folder.succeeds(&["adopt", "--check"]).contains("anew"));
    let settings = CONFIGURED.replace("[\"md5\"]", "[\"pbkdf2_sha256\", \"md5\"]");
    let told = folder
        .with("doorward.toml", &settings)
        .succeeds(&["adopt", "--check"]);
    assert!(told.contains("1 of other costs"), "{told}");
}

#[test]
fn a_login_is_tried_and_nothing_is_written() {
    let folder = Folder::migrated();
    folder.input(
        &["createuser", "--username", "alice", "--password-stdin"],
        "wonderland-42\n",
    );
    let words = ["adopt", "--check", "--login", "alice", "--password-stdin"];
    let before = folder.succeeds(&["showmigrations"]);
    let right = folder.input(&words, "wonderland-42\n");
    let told = String::from_utf8(right.stdout).expect("a text");
    assert!(right.status.success() && told.contains("ModelBackend"), "{told}");
    let wrong = folder.input(&words, "wrong\n");
    let told = String::from_utf8(wrong.stdout).expect("a text");
    assert_eq!(wrong.status.code(), Some(1), "{told}");
    assert!(told.contains("login            FAILS"), "{told}");
    assert_eq!(folder.succeeds(&["showmigrations"]), before);
}

#[test]
fn what_is_to_be_added_is_told_before_it_is() {
    let folder = Folder::migrated();
    folder.sql("DROP TABLE doorward_login_counter");
    folder.sql("DELETE FROM doorward_migration WHERE name LIKE '%login_counter'");
    let told = folder.succeeds(&["adopt", "--check"]);
    assert!(told.contains("tables to add"), "{told}");
    assert!(told.contains("1 migration(s) of doorward"), "{told}");
}

#[test]
fn what_django_axes_has_counted_is_told_and_brought_over() {
    let settings = format!("{CONFIGURED}[lockout]\nfailures = 3\n");
    let folder = Folder::migrated().with("doorward.toml", &settings);
    folder.sql(
        "CREATE TABLE axes_accessattempt (id integer PRIMARY KEY, ip_address char(39), username varchar(255), \
         attempt_time datetime NOT NULL, failures_since_start integer NOT NULL)",
    );
    folder.sql(
        "INSERT INTO axes_accessattempt (ip_address, username, attempt_time, failures_since_start) \
         VALUES ('203.0.113.1', 'alice', strftime('%Y-%m-%d %H:%M:%f', 'now'), 3)",
    );
    let told = folder.succeeds(&["adopt", "--check"]);
    assert!(told.contains("2 locks"), "{told}");
    assert_eq!(folder.succeeds(&["lockout", "list"]), "No attempts found.\n");
    let brought = folder.succeeds(&["lockout", "import-axes"]);
    assert!(brought.contains("1 attempts counted: 2 locks"), "{brought}");
    let listed = folder.succeeds(&["lockout", "list"]);
    assert!(
        listed.contains("alice") && listed.contains("203.0.113.1"),
        "{listed}"
    );
}

#[test]
fn it_says_what_it_does() {
    let error = Folder::migrated().fails(&["adopt"], 2);
    assert!(error.contains("--check"), "{error}");
}
