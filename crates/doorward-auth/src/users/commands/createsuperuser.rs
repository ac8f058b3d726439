//! `createsuperuser`: an account with every permission (`django.contrib.auth.management.commands.createsuperuser`).

use clap::Args;
use doorward_core::command::{Command, Console, Failure, Topic};
use doorward_core::door::Door;
use doorward_db::Opening;
use doorward_django::secret::Secret;

use super::account::{
    Account, FurtherColumns, given_names, password_problems, username_label, username_problem,
};
use super::email::check as check_email;
use crate::accounts::logs_in_by_email;

const ABOUT: &str = "Create a superuser";

pub(super) fn command() -> Command {
    Command::on_tables(
        "createsuperuser",
        ABOUT,
        |_| Opening::Existing,
        |door, options: CreateSuperuser, console| Box::pin(run(door, options, console)),
    )
    .topic(Topic::Users)
}

/// Django says so and ends with 0, as if there were a superuser now; a script has to learn that there is none.
const NO_TERMINAL: &str = "Superuser creation skipped due to not running in a TTY. You can run `doorward \
    createsuperuser` in your project to create one manually, or `DJANGO_SUPERUSER_PASSWORD=… doorward createsuperuser \
    --noinput --username NAME --email ADDRESS` in a script.";

#[derive(Debug, Args)]
struct CreateSuperuser {
    /// The name to log in with.
    #[arg(long)]
    username: Option<String>,
    /// The e-mail address.
    #[arg(long)]
    email: Option<String>,
    /// Ask nothing; name and address come from options or DJANGO_SUPERUSER_USERNAME and _EMAIL, the password from
    /// DJANGO_SUPERUSER_PASSWORD. Without one, the user cannot log in until one is set.
    #[arg(long, visible_alias = "no-input")]
    noinput: bool,
    #[command(flatten)]
    further: FurtherColumns,
}

async fn run(door: &Door, options: CreateSuperuser, console: &mut Console) -> Result<(), Failure> {
    if options.noinput {
        return without_asking(door, options, console).await;
    }
    if !console.is_interactive() {
        return Err(Failure::command(NO_TERMINAL));
    }
    let (username, email) = given_names(door, options.username, options.email)?;
    let username = ask_username(door, username, console).await?;
    let account = Account {
        email: ask_email(door, &username, email, console)?,
        username,
        is_staff: true,
        is_superuser: true,
        further: options.further.set,
    };
    let password = ask_password(door, &account, console).await?;
    account.create(door, Some(&password)).await?;
    console.say("Superuser created successfully.")
}

/// As with Django, validators are not asked here.
async fn without_asking(door: &Door, options: CreateSuperuser, console: &mut Console) -> Result<(), Failure> {
    let username = options
        .username
        .or_else(|| console.variable("DJANGO_SUPERUSER_USERNAME"));
    let email = options
        .email
        .or_else(|| console.variable("DJANGO_SUPERUSER_EMAIL"));
    let (username, email) = given_names(door, username, email)?;
    let Some(username) = username else {
        return Err(Failure::command("You must use --username with --noinput."));
    };
    if let Some(problem) = username_problem(door, &username).await? {
        return Err(Failure::command(problem));
    }
    let Some(email) = email else {
        return Err(Failure::command("You must use --email with --noinput."));
    };
    if let Some(problem) = check_email(&email) {
        return Err(Failure::command(problem));
    }
    let account = Account {
        username,
        email,
        is_staff: true,
        is_superuser: true,
        further: options.further.set,
    };
    let password = console.variable("DJANGO_SUPERUSER_PASSWORD").map(Secret::new);
    account.create(door, password.as_ref()).await?;
    console.say("Superuser created successfully.")
}

/// A name that is free and possible: the given one, or what is answered.
pub(super) async fn ask_username(
    door: &Door,
    given: Option<String>,
    console: &mut Console,
) -> Result<String, Failure> {
    let (label, usual) = (username_label(door), usual_username(door, console).await?);
    let mut candidate = given;
    if candidate.as_deref() == Some("") {
        return Err(Failure::command(format!("{label} cannot be blank.")));
    }
    loop {
        let username = match candidate.take() {
            Some(username) => username,
            None => ask_for_username(label, &usual, console)?,
        };
        match username_problem(door, &username).await? {
            None => return Ok(username),
            Some(problem) => console.warn(format_args!("Error: {problem}")),
        }
    }
}

fn ask_for_username(label: &str, usual: &str, console: &mut Console) -> Result<String, Failure> {
    if usual.is_empty() {
        return console.ask(&format!("{label}: "));
    }
    let answer = console.ask(&format!("{label} (leave blank to use '{usual}'): "))?;
    Ok(if answer.is_empty() {
        usual.to_owned()
    } else {
        answer
    })
}

/// The name of who is logged in to the machine, where it is free and possible (`get_default_username`).
async fn usual_username(door: &Door, console: &Console) -> Result<String, Failure> {
    let system = console.system_username().unwrap_or_default();
    let name: String = system.chars().filter(|c| c.is_ascii() && *c != ' ').collect();
    let name = name.to_lowercase();
    let problem = username_problem(door, &name).await?;
    Ok(if problem.is_none() { name } else { String::new() })
}

/// An address that is possible, or none: the given one, or what is answered. Who logs in by it was asked for it already.
pub(super) fn ask_email(
    door: &Door,
    username: &str,
    given: Option<String>,
    console: &mut Console,
) -> Result<String, Failure> {
    if logs_in_by_email(door.user_schema()) {
        return Ok(username.to_owned());
    }
    if let Some(email) = given {
        return match check_email(&email) {
            None => Ok(email),
            Some(problem) => Err(Failure::command(problem)),
        };
    }
    loop {
        let email = console.ask("Email address: ")?;
        match check_email(&email) {
            None => return Ok(email),
            Some(problem) => console.warn(format_args!("Error: {problem}")),
        }
    }
}

/// A password, typed twice; one that the validators refuse is taken only by consent.
pub(super) async fn ask_password(
    door: &Door,
    account: &Account,
    console: &mut Console,
) -> Result<Secret<String>, Failure> {
    loop {
        let password = console.ask_secret("Password: ")?;
        let again = console.ask_secret("Password (again): ")?;
        if password.expose() != again.expose() {
            console.warn("Error: Your passwords didn't match.");
        } else if password.expose().trim().is_empty() {
            console.warn("Error: Blank passwords aren't allowed.");
        } else if is_accepted(door, &password, account, console).await? {
            return Ok(password);
        }
    }
}

async fn is_accepted(
    door: &Door,
    password: &Secret<String>,
    account: &Account,
    console: &mut Console,
) -> Result<bool, Failure> {
    let Some(problems) = password_problems(door, password, account.owner()).await? else {
        return Ok(true);
    };
    console.warn(problems);
    let answer = console.ask("Bypass password validation and create user anyway? [y/N]: ")?;
    Ok(answer.eq_ignore_ascii_case("y"))
}
