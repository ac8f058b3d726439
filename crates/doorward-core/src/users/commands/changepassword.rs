//! `changepassword`: a new password for a user (`django.contrib.auth.management.commands.changepassword`).

use clap::Args;
use doorward::Door;
use doorward::accounts;
use doorward::command::{Command, Console, Failure, Topic};
use doorward::database::Opening;
use doorward::django::passwords::validators::UserAttributes;
use doorward::django::secret::Secret;
use doorward::user::UserRow;

use super::accounts::password_problems;

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
        true => from_script(door, &user, console)?,
        false => ask(door, &user, console)?,
    };
    accounts::set_password(door, &user, &password).await?;
    console.say(format_args!(
        "Password changed successfully for user '{username}'"
    ))
}

fn from_script(door: &Door, user: &UserRow, console: &mut Console) -> Result<Secret<String>, Failure> {
    let password = console.secret_line()?;
    match password_problems(door, &password, &attributes(user)) {
        None => Ok(password),
        Some(problems) => Err(Failure::command(problems)),
    }
}

fn ask(door: &Door, user: &UserRow, console: &mut Console) -> Result<Secret<String>, Failure> {
    let username = &user.username;
    console.say(format_args!("Changing password for user '{username}'"))?;
    for _ in 0..TRIES {
        let password = ask_once("Password: ", console)?;
        let again = ask_once("Password (again): ", console)?;
        if password.expose() != again.expose() {
            console.say("Passwords do not match. Please try again.")?;
            continue;
        }
        match password_problems(door, &password, &attributes(user)) {
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

fn attributes(user: &UserRow) -> UserAttributes<'_> {
    UserAttributes {
        username: &user.username,
        first_name: &user.first_name,
        last_name: &user.last_name,
        email: &user.email,
    }
}

#[cfg(test)]
mod tests {
    use super::super::accounts::Account;
    use super::super::fake::door;
    use super::*;
    use doorward_testing::TestConsole;

    async fn change(answers: &[&str]) -> (Result<(), Failure>, String) {
        let door = door().await;
        let username = "alice".to_owned();
        let account = Account {
            username: username.clone(),
            ..Account::default()
        };
        account.create(&door, None).await.unwrap();
        let mut console = TestConsole::new(answers.iter().copied());
        let options = ChangePassword {
            username: Some(username),
            password_stdin: false,
        };
        let done = run(&door, options, &mut console).await;
        (done, console.text())
    }

    #[tokio::test]
    async fn it_has_three_tries() {
        let (done, told) = change(&["a", "b", "1234", "1234", "alice", "alice"]).await;
        assert!(told.starts_with("Changing password for user 'alice'\n"), "{told}");
        assert!(
            told.contains("Passwords do not match. Please try again."),
            "{told}"
        );
        assert!(told.contains("This password is entirely numeric."), "{told}");
        let end = "Aborting password change for user 'alice' after 3 attempts";
        assert!(matches!(done, Err(Failure::Command(text)) if text == end));
    }

    #[tokio::test]
    async fn an_empty_answer_aborts() {
        let (done, _) = change(&[""]).await;
        assert!(matches!(done, Err(Failure::Command(text)) if text == "aborted"));
    }

    #[tokio::test]
    async fn a_good_password_is_set() {
        let (done, told) = change(&["wonderland-42", "wonderland-42"]).await;
        assert!(done.is_ok(), "{done:?}");
        assert!(
            told.ends_with("Password changed successfully for user 'alice'\n"),
            "{told}"
        );
    }
}
