//! `changepassword`: a new password for a user (`django.contrib.auth.management.commands.changepassword`).

use clap::Args;
use doorward_core::command::{Command, Console, Failure, Topic};
use doorward_core::door::Door;
use doorward_core::user::UserRow;
use doorward_db::Opening;
use doorward_django::secret::Secret;

use super::account::password_problems;
use crate::accounts;

const ABOUT: &str = "Change a user's password";

pub(super) fn command() -> Command {
    Command::on_tables(
        "changepassword",
        ABOUT,
        |_| Opening::Existing,
        |door, options: ChangePassword, console| Box::pin(run(door, options, console)),
    )
    .topic(Topic::Users)
}

const NO_NAME: &str = "say whose password: doorward changepassword USERNAME";

/// Django's `MAX_TRIES`.
const TRIES: usize = 3;

#[derive(Debug, Args)]
struct ChangePassword {
    /// Whose password; by default, that of the user of your own name.
    username: Option<String>,
    /// Read the password from standard input, one line.
    #[arg(long)]
    password_stdin: bool,
}

async fn run(door: &Door, options: ChangePassword, console: &mut Console) -> Result<(), Failure> {
    let username = options.username.filter(|name| !name.is_empty());
    let Some(username) = username.or_else(|| console.system_username()) else {
        return Err(Failure::command(NO_NAME));
    };
    let Some(user) = door.stores().users.by_username(&username).await? else {
        return Err(Failure::command(format!("user '{username}' does not exist")));
    };
    let password = match options.password_stdin {
        true => from_script(door, &user, console).await?,
        false => ask(door, &user, console).await?,
    };
    accounts::set_password(door, &user, &password).await?;
    console.say(format_args!(
        "Password changed successfully for user '{username}'"
    ))
}

async fn from_script(door: &Door, user: &UserRow, console: &mut Console) -> Result<Secret<String>, Failure> {
    let password = console.secret_line()?;
    match password_problems(door, &password, user.into()).await? {
        None => Ok(password),
        Some(problems) => Err(Failure::command(problems)),
    }
}

async fn ask(door: &Door, user: &UserRow, console: &mut Console) -> Result<Secret<String>, Failure> {
    let username = &user.username;
    console.say(format_args!("Changing password for user '{username}'"))?;
    for _ in 0..TRIES {
        let password = ask_once("Password: ", console)?;
        let again = ask_once("Password (again): ", console)?;
        if password.expose() != again.expose() {
            console.say("Passwords do not match. Please try again.")?;
            continue;
        }
        match password_problems(door, &password, user.into()).await? {
            None => return Ok(password),
            Some(problems) => console.warn(problems),
        }
    }
    let problem = format!("Aborting password change for user '{username}' after {TRIES} attempts");
    Err(Failure::command(problem))
}

fn ask_once(prompt: &str, console: &mut Console) -> Result<Secret<String>, Failure> {
    let password = console.ask_secret(prompt)?;
    match password.expose().is_empty() {
        true => Err(Failure::command("aborted")),
        false => Ok(password),
    }
}
