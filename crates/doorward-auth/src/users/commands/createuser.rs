//! `createuser`: an account without special rights; it asks as `createsuperuser` does.

use clap::Args;
use doorward_core::command::{Command, Console, Failure, Topic};
use doorward_core::door::Door;
use doorward_db::Opening;
use doorward_django::secret::Secret;

use super::account::{Account, FurtherColumns, given_names, password_problems, username_problem};
use super::createsuperuser::{ask_email, ask_password, ask_username};
use super::email::check as check_email;

const ABOUT: &str = "Create a user";

pub(super) fn command() -> Command {
    Command::on_tables(
        "createuser",
        ABOUT,
        |_| Opening::Existing,
        |door, options: CreateUser, console| Box::pin(run(door, options, console)),
    )
    .topic(Topic::Users)
}

#[derive(Debug, Args)]
struct CreateUser {
    /// The name to log in with.
    #[arg(long)]
    username: Option<String>,
    /// The e-mail address.
    #[arg(long)]
    email: Option<String>,
    /// Let the user enter the admin site.
    #[arg(long)]
    staff: bool,
    /// Ask nothing. Without --password-stdin, the user cannot log in until a password is set.
    #[arg(long, visible_alias = "no-input")]
    noinput: bool,
    /// Read the password from standard input, one line.
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    further: FurtherColumns,
}

async fn run(door: &Door, options: CreateUser, console: &mut Console) -> Result<(), Failure> {
    if options.noinput || options.password_stdin {
        return without_asking(door, options, console).await;
    }
    let (username, email) = given_names(door, options.username, options.email)?;
    let username = ask_username(door, username, console).await?;
    let account = Account {
        email: ask_email(door, &username, email, console)?,
        username,
        is_staff: options.staff,
        is_superuser: false,
        further: options.further.set,
    };
    let password = ask_password(door, &account, console).await?;
    account.create(door, Some(&password)).await?;
    console.say("User created successfully.")
}

async fn without_asking(door: &Door, options: CreateUser, console: &mut Console) -> Result<(), Failure> {
    let (username, email) = given_names(door, options.username, options.email)?;
    let Some(username) = username else {
        return Err(Failure::command("You must use --username with --noinput."));
    };
    let email = email.unwrap_or_default();
    let problem = username_problem(door, &username)
        .await?
        .or_else(|| check_email(&email));
    if let Some(problem) = problem {
        return Err(Failure::command(problem));
    }
    let account = Account {
        username,
        email,
        is_staff: options.staff,
        is_superuser: false,
        further: options.further.set,
    };
    let password = match options.password_stdin {
        true => Some(good_password(door, &account, console).await?),
        false => None,
    };
    account.create(door, password.as_ref()).await?;
    console.say("User created successfully.")
}

async fn good_password(
    door: &Door,
    account: &Account,
    console: &mut Console,
) -> Result<Secret<String>, Failure> {
    let password = console.secret_line()?;
    match password_problems(door, &password, account.owner()).await? {
        None => Ok(password),
        Some(problems) => Err(Failure::command(problems)),
    }
}
