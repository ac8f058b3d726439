//! `revoke`: takes back every token of a user. Django has no such command.

use clap::Args;
use doorward::Door;
use doorward::command::{Command, Console, Failure, Json, Topic};
use doorward::database::Opening;
use doorward::tokens::revocation;
use serde_json::json;

const ABOUT: &str = "Take back every token of a user: refresh, sliding and access tokens, and the opaque one";

pub(super) fn command() -> Command {
    Command::on_tables(
        "revoke",
        ABOUT,
        |_| Opening::Existing,
        |door, options: Revoke, console| Box::pin(run(door, options, console)),
    )
    .topic(Topic::Tokens)
}

#[derive(Debug, Args)]
struct Revoke {
    /// Whose tokens.
    username: String,
    #[command(flatten)]
    format: Json,
}

async fn run(door: &Door, options: Revoke, console: &mut Console) -> Result<(), Failure> {
    let username = &options.username;
    let Some(user) = door.stores().users.by_username(username).await? else {
        return Err(Failure::command(format!("user '{username}' does not exist")));
    };
    let revoked = revocation::revoke_all(door, &user.id).await?;
    if options.format.json {
        return console.say(json!({
            "username": username,
            "tokens": revoked.tokens,
            "opaque_tokens": revoked.opaque_tokens,
        }));
    }
    console.say(format_args!(
        "Revoked every access token of user '{username}', {} refresh and {} opaque token(s). Sessions end with the \
         password: `doorward changepassword {username}`.",
        revoked.tokens, revoked.opaque_tokens
    ))
}

#[cfg(test)]
mod tests {
    use super::super::accounts::Account;
    use super::super::fake::door;
    use doorward::Doorward;
    use doorward_testing::TestConsole;

    use super::*;

    async fn revoke(door: &Doorward, username: &str, json: bool) -> (Result<(), Failure>, String) {
        let mut console = TestConsole::new([]);
        let options = Revoke {
            username: username.to_owned(),
            format: Json { json },
        };
        let done = run(door, options, &mut console).await;
        (done, console.text())
    }

    #[tokio::test]
    async fn every_token_of_the_user_is_taken_back() {
        let door = door().await;
        let account = Account {
            username: "alice".to_owned(),
            ..Account::default()
        };
        account.create(&door, None).await.unwrap();
        let alice = door.stores().users.by_username("alice").await.unwrap().unwrap();
        for _ in 0..2 {
            doorward::tokens::pair::obtain(&door, &alice).await.unwrap();
        }
        let (_, told) = revoke(&door, "alice", true).await;
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert_eq!(
            told,
            json!({"username": "alice", "tokens": 2, "opaque_tokens": 0})
        );
        let (_, told) = revoke(&door, "alice", false).await;
        assert!(told.contains("0 refresh and 0 opaque"), "{told}");
        let (done, _) = revoke(&door, "bob", false).await;
        assert!(matches!(done, Err(Failure::Command(text)) if text == "user 'bob' does not exist"));
    }
}
