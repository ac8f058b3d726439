//! What the commands that make accounts have in common: names, addresses, passwords.

use std::sync::Arc;

use clap::Args;
use doorward_core::command::Failure;
use doorward_core::door::Door;
use doorward_core::password_validation::{PasswordOwner, UserAttributes, validate_password};
use doorward_core::user::UserRow;
use doorward_db::Value;
use doorward_django::secret::Secret;
use doorward_django::usernames::{normalize_email, normalize_username, validate_username};

use super::email;
use crate::accounts::{CreateUserError, NewAccount, create_superuser, create_user, logs_in_by_email};

/// An account to be made.
#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    pub(super) username: String,
    pub(super) email: String,
    pub(super) is_staff: bool,
    pub(super) is_superuser: bool,
    pub(super) further: Vec<(String, Value)>,
}

/// `--set column=value`: what goes into a column that only the project knows.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct FurtherColumns {
    /// What goes into a column of the project's own, as `column=value`; may be repeated. Numbers, dates
    /// and UUIDs are written as the database writes them, truth values as `true` and `false`.
    #[arg(long = "set", value_name = "COLUMN=VALUE", value_parser = assignment)]
    pub(super) set: Vec<(String, Value)>,
}

fn assignment(text: &str) -> Result<(String, Value), String> {
    let (column, value) = text.split_once('=').ok_or("write it as column=value")?;
    if column.is_empty() || column == "password" {
        return Err("name a column other than the password".to_owned());
    }
    let value = match value {
        "true" => true.into(),
        "false" => false.into(),
        text => text.into(),
    };
    Ok((column.to_owned(), value))
}

impl Account {
    /// What a password must not be like.
    pub(super) fn owner(&self) -> PasswordOwner<'_> {
        let attributes = UserAttributes {
            username: &self.username,
            email: &self.email,
            ..UserAttributes::default()
        };
        PasswordOwner { id: None, attributes }
    }

    /// Makes the account; without a password nobody can log in to it (`UserManager._create_user`).
    pub(super) async fn create(
        self,
        door: &Door,
        password: Option<&Secret<String>>,
    ) -> Result<Arc<UserRow>, Failure> {
        let is_superuser = self.is_superuser;
        let account = NewAccount {
            username: self.username,
            email: self.email,
            password: password.cloned(),
            is_staff: self.is_staff,
            further: self.further,
        };
        let made = match is_superuser {
            true => create_superuser(door, account).await,
            false => create_user(door, account).await,
        };
        made.map_err(|error| match error {
            CreateUserError::UsernameTaken => Failure::command(TAKEN),
            CreateUserError::Failed(failure) => failure.into(),
            other => Failure::command(other.to_string()),
        })
    }
}

pub(super) const TAKEN: &str = "That username is already taken.";

/// What is wrong with a new username, if anything (`createsuperuser.Command._validate_username`).
pub(super) async fn username_problem(door: &Door, username: &str) -> Result<Option<String>, Failure> {
    if username.is_empty() {
        return Ok(Some(format!("{} cannot be blank.", username_label(door))));
    }
    let (problem, name) = match logs_in_by_email(door.user_schema()) {
        true => (email::check(username), normalize_email(username)),
        false => (misnamed(username), normalize_username(username)),
    };
    if problem.is_some() {
        return Ok(problem);
    }
    let taken = door.stores().users.by_username(&name).await?;
    Ok(taken.map(|_| TAKEN.to_owned()))
}

/// What the name to log in with is called where it is asked for.
pub(super) fn username_label(door: &Door) -> &'static str {
    match logs_in_by_email(door.user_schema()) {
        true => "Email address",
        false => "Username",
    }
}

/// The name and the address that were given for a new account: one text where users log in by their address, whichever
/// of the two it was given as.
pub(super) fn given_names(
    door: &Door,
    username: Option<String>,
    email: Option<String>,
) -> Result<(Option<String>, Option<String>), Failure> {
    if !logs_in_by_email(door.user_schema()) {
        return Ok((username, email));
    }
    if username.is_some() && email.is_some() && username != email {
        return Err(Failure::command(TWO_ADDRESSES));
    }
    let one = username.or(email);
    Ok((one.clone(), one))
}

const TWO_ADDRESSES: &str = "Users log in with their email address: --username and --email cannot differ.";

/// What the rules of user names find wrong.
fn misnamed(username: &str) -> Option<String> {
    validate_username(username).err().map(|errors| joined(&errors))
}

/// What is wrong with a new password, one line each.
pub(super) async fn password_problems(
    door: &Door,
    password: &Secret<String>,
    owner: PasswordOwner<'_>,
) -> Result<Option<String>, Failure> {
    let Err(errors) = validate_password(password, owner, door).await? else {
        return Ok(None);
    };
    let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
    Ok(Some(lines.join("\n")))
}

fn joined(errors: &[doorward_django::passwords::validators::ValidationError]) -> String {
    let texts: Vec<_> = errors.iter().map(ToString::to_string).collect();
    texts.join("; ")
}
