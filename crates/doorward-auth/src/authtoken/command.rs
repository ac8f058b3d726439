//! `drf_create_token`: the opaque token of a user (`rest_framework.authtoken.management.commands.drf_create_token`).

use clap::Args;
use doorward_core::command::{Command, Console, Failure, Json, Topic};
use doorward_core::door::Door;
use doorward_core::user::UserRow;
use doorward_db::Opening;
use doorward_django::secret::Secret;
use serde_json::json;

use super::{new_token, obtain_auth_token};

const ABOUT: &str = "Create the opaque token of a user, or show the one there is";

pub(super) fn command() -> Command {
    Command::on_tables(
        "drf_create_token",
        ABOUT,
        |_| Opening::Existing,
        |door, options: DrfCreateToken, console| Box::pin(run(door, options, console)),
    )
    .alias("create-token")
    .topic(Topic::Tokens)
}

#[derive(Debug, Args)]
struct DrfCreateToken {
    /// Whose token.
    username: String,
    /// Replace the token that there is.
    #[arg(short, long)]
    reset: bool,
    #[command(flatten)]
    format: Json,
}

async fn run(door: &Door, options: DrfCreateToken, console: &mut Console) -> Result<(), Failure> {
    let username = &options.username;
    let Some(user) = door.stores().users.by_username(username).await? else {
        let problem = format!("Cannot create the Token: user {username} does not exist");
        return Err(Failure::command(problem));
    };
    let key = match options.reset {
        true => replace(door, &user).await?,
        false => obtain_auth_token(door, &user).await?.key,
    };
    let key = key.expose();
    match options.format.json {
        true => console.say(json!({ "username": username, "token": key })),
        false => console.say(format_args!("Generated token {key} for user {username}")),
    }
}

async fn replace(door: &Door, user: &UserRow) -> Result<Secret<String>, Failure> {
    let token = new_token(door, &user.id);
    let key = token.key.clone();
    door.stores().auth_tokens.replace(token).await?;
    Ok(key)
}
