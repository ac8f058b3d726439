//! `revoke`: takes back every token of a user. Django has no such command.

use clap::Args;
use doorward_core::command::{Command, Console, Failure, Json, Topic};
use doorward_core::door::Door;
use doorward_db::Opening;
use serde_json::json;

use crate::revocation;

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
