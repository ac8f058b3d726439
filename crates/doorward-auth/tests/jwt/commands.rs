//! `revoke`, `flushexpiredtokens`.

use doorward_auth::jwt::Jwt;
use doorward_core::app::App;
use doorward_core::command::{Command, Failure};
use doorward_testing::TestConsole;
use serde_json::{Value, json};

use super::site::Site;

/// What the command of that name says, and how it ends.
async fn run(site: &Site, name: &str, typed: &[&str]) -> (Result<(), Failure>, String) {
    let commands = Jwt::commands();
    let command: &Command = commands.iter().find(|command| command.name() == name).unwrap();
    let mut console = TestConsole::new([]);
    let done = console.run(command, &site.door, typed.iter().copied()).await;
    (done, console.text())
}

#[tokio::test]
async fn revoke_takes_back_every_token_of_the_user() {
    let site = Site::new();
    site.pair().await;
    site.pair().await;
    let (_, told) = run(&site, "revoke", &["alice", "--json"]).await;
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        told,
        json!({"username": "alice", "tokens": 2, "opaque_tokens": 0})
    );
    let (_, told) = run(&site, "revoke", &["alice"]).await;
    assert!(told.contains("0 refresh and 0 opaque"), "{told}");
    let (done, _) = run(&site, "revoke", &["mallory"]).await;
    assert!(matches!(done, Err(Failure::Command(text)) if text == "user 'mallory' does not exist"));
}

#[tokio::test]
async fn flushexpiredtokens_tells_scripts_how_many_went() {
    let site = Site::new();
    site.pair().await;
    let flush = async || run(&site, "flushexpiredtokens", &["--json"]).await.1;
    assert_eq!(flush().await, "{\"deleted\":0}\n");
    site.advance(2 * 86_400);
    assert_eq!(flush().await, "{\"deleted\":1}\n");
}
