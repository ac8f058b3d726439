//! `doorward lockout`: who is locked out, and who is let in again.

use doorward_auth::accounts;
use doorward_auth::lockout::{LockoutApp, LockoutSettings};
use doorward_core::app::App;
use doorward_db::Opening;
use doorward_django::secret::Secret;
use doorward_testing::{TestConsole, TestDoor};
use serde_json::{Value, json};

async fn locked() -> TestDoor {
    let door = TestDoor::builder()
        .configure(|settings| settings.section_mut::<LockoutSettings>().failures = Some(2))
        .build();
    for username in ["alice", "Alice", "bob"] {
        let password = Secret::new("wrong".to_owned());
        let found = accounts::authenticate(&door, username, &password).await;
        assert!(found.unwrap().is_none());
    }
    door
}

/// What the command tells that is typed so, and what it may do to the database.
async fn typed(door: &TestDoor, words: &str) -> (String, Opening) {
    let command = LockoutApp::commands().remove(0);
    let line = command.line().clone();
    let matches = line.try_get_matches_from(words.split(' ')).unwrap();
    let mut console = TestConsole::new([]);
    command.run(&matches, door, &mut console).await.unwrap();
    (console.text(), command.opening(&matches).unwrap())
}

async fn told(door: &TestDoor, words: &str) -> String {
    typed(door, words).await.0
}

#[tokio::test]
async fn what_is_locked_is_listed() {
    let door = locked().await;
    let (listed, opening) = typed(&door, "lockout list --json").await;
    assert_eq!(opening, Opening::ReadOnly);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed.pointer("/0/account"), Some(&json!("alice")));
    assert_eq!(listed.pointer("/0/failures"), Some(&json!(0)));
    assert!(listed.pointer("/0/locked_until").is_some_and(Value::is_string));
    assert_eq!(listed.pointer("/1/account"), Some(&json!("bob")));
    assert_eq!(listed.pointer("/1/locked_until"), Some(&Value::Null));
    let table = told(&door, "lockout list").await;
    assert!(
        table.contains("Locked until") && table.contains("alice"),
        "{table}"
    );
}

#[tokio::test]
async fn what_is_locked_is_reset() {
    let door = locked().await;
    let (nothing, opening) = typed(&door, "lockout reset --address 192.0.2.1").await;
    assert_eq!(
        (nothing.as_str(), opening),
        ("No attempts found.\n", Opening::Existing)
    );
    assert_eq!(
        told(&door, "lockout reset --account ALICE").await,
        "1 attempts removed.\n"
    );
    assert_eq!(
        told(&door, "lockout reset --all --json").await,
        "{\"removed\":1}\n"
    );
    assert_eq!(told(&door, "lockout list").await, "No attempts found.\n");
}
