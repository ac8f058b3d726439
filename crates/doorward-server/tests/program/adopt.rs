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
fn it_says_what_it_does() {
    let error = Folder::migrated().fails(&["adopt"], 2);
    assert!(error.contains("--check"), "{error}");
}
