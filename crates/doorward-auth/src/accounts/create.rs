//! [`create_user`], [`create_superuser`], [`get_or_create_user`]: new accounts
//! (`django.contrib.auth.models.UserManager`).

use std::sync::Arc;

use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::signals::Event;
use doorward_core::stores::{CreatedUnlike, NewUser, StoreError, UserField};
use doorward_core::user::UserRow;
use doorward_db::schema::Flag;
use doorward_db::{IdType, UserSchema, Value};
use doorward_django::bounds::{self, MAX_EMAIL};
use doorward_django::emails::validate_email;
use doorward_django::passwords::make_unusable;
use doorward_django::passwords::validators::ValidationError;
use doorward_django::secret::Secret;
use doorward_django::usernames::{normalize_email, normalize_username, validate_username};
use serde_json::json;

/// An account to be made.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    /// The name to log in with; it is normalised. Where users log in by their e-mail address (`user.username_field` is
    /// `user.email_field`), it is the address; empty, it is taken from `email`.
    pub username: String,
    /// The e-mail address, or empty; its domain is put into lower case. Where users log in by it, `username` goes
    /// before it.
    pub email: String,
    /// The password; without one nobody can log in with one.
    pub password: Option<Secret<String>>,
    /// Whether the user may enter the admin site. A superuser always may.
    pub is_staff: bool,
    /// What goes into columns that only the project knows, by their names.
    pub further: Vec<(String, Value)>,
}

/// Why an account was not made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CreateUserError {
    /// The name is impossible: every reason.
    #[error("{}", sentences(.0))]
    Username(Vec<ValidationError>),
    /// The address is impossible.
    #[error("Enter a valid email address.")]
    Email,
    /// Somebody has that name, or one that a backend of the door takes for the same.
    #[error("A user with that username already exists.")]
    UsernameTaken,
    /// Somebody has that e-mail address, or is called so, and addresses are names to log in by.
    #[error("A user with that email address already exists.")]
    EmailTaken,
    /// The user table keeps no such right: nobody has it, or everybody has (`[user]`).
    #[error("The user table has no column for it: see `user.{0}` in the settings.")]
    NoSuchRight(&'static str),
    /// A column that is not the project's own: it is said otherwise, or not at all.
    #[error("The column {0} cannot be set so.")]
    NotSettable(String),
    /// The password could not be hashed, or the store not be asked.
    #[error(transparent)]
    Failed(#[from] ApiException),
}

/// Makes an account (`UserManager.create_user`), and tells the subscribers.
///
/// As in Django the password is not asked for its strength: see [`validate_password`](super::validate_password). Where
/// a backend of the door ignores the case of names or addresses, nobody gets one that somebody has in another case.
///
/// ```
/// use doorward_auth::accounts::{NewAccount, create_user};
/// # use doorward_auth::accounts::CreateUserError;
/// # use doorward_core::Door;
///
/// # async fn sign_up(door: &Door) -> Result<(), CreateUserError> {
/// let account = NewAccount { username: "alice".to_owned(), ..NewAccount::default() };
/// let user = create_user(door, account).await?;
/// assert!(user.is_active && !user.is_staff);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`CreateUserError`] says what stands against it.
pub async fn create_user(door: &Door, account: NewAccount) -> Result<Arc<UserRow>, CreateUserError> {
    create(door, account, Rights::Usual).await
}

/// Makes an account with every right (`UserManager.create_superuser`), and tells the subscribers.
///
/// # Errors
/// [`CreateUserError`] says what stands against it.
pub async fn create_superuser(door: &Door, account: NewAccount) -> Result<Arc<UserRow>, CreateUserError> {
    create(door, account, Rights::All).await
}

/// The user of exactly that name, made without a password where there is none: for names that somebody else vouches
/// for. However many ask at once, all get the same one.
///
/// The name is taken as it is, whatever its characters, but for NUL and its length.
///
/// # Errors
/// 400 for a name that cannot be stored, and what the store says.
pub async fn get_or_create_user(door: &Door, username: &str) -> Result<Arc<UserRow>> {
    let account = NewAccount {
        username: username.to_owned(),
        ..NewAccount::default()
    };
    get_or_create_account(door, account).await
}

/// As [`get_or_create_user`], where more is known of a user who has to be made: an address, and what goes into other
/// columns (`get_or_create(username=…, defaults={…})`). Of a user who is there nothing is changed, and no password is made.
///
/// # Errors
/// 400 for a name or an address that cannot be stored, and for an address that is another's where people log in by theirs;
/// what the store says.
pub async fn get_or_create_account(door: &Door, account: NewAccount) -> Result<Arc<UserRow>> {
    use doorward_django::usernames::MAX_USERNAME_LENGTH;
    let name = account.username.clone();
    if name.is_empty() || name.contains('\0') || !bounds::has_at_most(&name, MAX_USERNAME_LENGTH) {
        return Err(ApiException::validation_error(
            json!({ "username": ["Enter a valid username."] }),
        ));
    }
    let users = &door.stores().users;
    if let Some(user) = users.by_username(&name).await? {
        return Ok(user);
    }
    match insert_vouched_for(door, account).await {
        Err(CreateUserError::UsernameTaken) => {
            let user = users.by_username(&name).await?;
            user.ok_or_else(|| ApiException::server_error(NOT_SHOWN))
        }
        made => Ok(made?),
    }
}

/// Somebody else vouches for exactly this name; for the address nobody does, where it is one to log in by.
async fn insert_vouched_for(door: &Door, account: NewAccount) -> Result<Arc<UserRow>, CreateUserError> {
    let schema = door.user_schema();
    check_further(schema, &account.further)?;
    if account.is_staff {
        demand(&schema.is_staff, "is_staff")?;
    }
    let email = match logs_in_by_email(schema) {
        true => String::new(),
        false => email(&account.email)?,
    };
    let mut fields = unique_fields(door);
    fields.retain(|field| !email.is_empty() && *field == UserField::Email);
    let new = NewUser {
        username: account.username,
        password: Secret::new(make_unusable(&door.random())),
        email,
        is_staff: account.is_staff,
        is_superuser: false,
        date_joined: door.now(),
        further: account.further,
    };
    insert(door, new, &fields).await
}

/// Why a user who is there is not found.
const NOT_SHOWN: &str = "the user is hidden (`user.hidden_by`), or was deleted as soon as it was made";

/// What a new account may do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rights {
    Usual,
    All,
}

async fn create(door: &Door, account: NewAccount, rights: Rights) -> Result<Arc<UserRow>, CreateUserError> {
    let is_staff = account.is_staff || rights == Rights::All;
    let schema = door.user_schema();
    check_further(schema, &account.further)?;
    if rights == Rights::All {
        demand(&schema.is_superuser, "is_superuser")?;
    }
    if account.is_staff {
        demand(&schema.is_staff, "is_staff")?;
    }
    let (username, email) = names(schema, &account.username, &account.email)?;
    let password = match &account.password {
        Some(password) => door.passwords().make(password, door.random()).await?,
        None => Secret::new(make_unusable(&door.random())),
    };
    let new = NewUser {
        username,
        password,
        email,
        is_staff,
        is_superuser: rights == Rights::All,
        date_joined: door.now(),
        further: account.further,
    };
    insert(door, new, &unique_fields(door)).await
}

/// Whether each of those columns is the project's own. A key that is a text may be given.
fn check_further(schema: &UserSchema, further: &[(String, Value)]) -> Result<(), CreateUserError> {
    let id = (schema.id != IdType::Text).then_some(schema.id_column.as_str());
    let known = [
        id,
        Some(&schema.username_column),
        Some("password"),
        schema.email_column.as_deref(),
        schema.is_active.column(),
        schema.is_staff.column(),
        schema.is_superuser.column(),
    ];
    let is_known = |name: &str| {
        known
            .iter()
            .flatten()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    match further.iter().find(|(name, _)| is_known(name)) {
        Some((name, _)) => Err(CreateUserError::NotSettable(name.clone())),
        None => Ok(()),
    }
}

/// Whether a right that is asked for can be kept.
fn demand(flag: &Flag, name: &'static str) -> Result<(), CreateUserError> {
    match flag {
        Flag::Always(false) => Err(CreateUserError::NoSuchRight(name)),
        _ => Ok(()),
    }
}

/// Whether what users log in with is their e-mail address: both are one column.
pub(crate) fn logs_in_by_email(schema: &UserSchema) -> bool {
    schema.email_column.as_ref() == Some(&schema.username_column)
}

/// The name and the address as they are kept: one text where users log in by their address.
fn names(schema: &UserSchema, username: &str, address: &str) -> Result<(String, String), CreateUserError> {
    if logs_in_by_email(schema) {
        let login = login_email(if username.is_empty() { address } else { username })?;
        return Ok((login.clone(), login));
    }
    let username = normalize_username(username);
    validate_username(&username).map_err(CreateUserError::Username)?;
    Ok((username, email(address)?))
}

/// The address that somebody logs in with.
fn login_email(text: &str) -> Result<String, CreateUserError> {
    let email = email(text)?;
    let judged = validate_email(&email);
    judged.map(|()| email).map_err(|_| CreateUserError::Email)
}

/// The address as it is kept; its lower case may be longer than it was.
fn email(text: &str) -> Result<String, CreateUserError> {
    let fits = |text: &str| bounds::has_at_most(text, MAX_EMAIL) && !text.contains('\0');
    let email = Some(text).filter(|text| fits(text)).map(normalize_email);
    email.filter(|email| fits(email)).ok_or(CreateUserError::Email)
}

/// The columns that the door's backends look names up in, whatever their case.
fn unique_fields(door: &Door) -> Vec<UserField> {
    let backends = door.backends().iter();
    backends.filter_map(|backend| backend.unique_field()).collect()
}

async fn insert(door: &Door, new: NewUser, fields: &[UserField]) -> Result<Arc<UserRow>, CreateUserError> {
    let user = match door.stores().users.create_unlike(new, fields).await? {
        CreatedUnlike::User(user) => user,
        CreatedUnlike::UsernameTaken => return Err(CreateUserError::UsernameTaken),
        CreatedUnlike::EmailTaken => return Err(CreateUserError::EmailTaken),
    };
    let event = Event::UserCreated {
        user: (&*user).into(),
    };
    door.emit(&event).await;
    Ok(user)
}

fn sentences(errors: &[ValidationError]) -> String {
    let sentences: Vec<_> = errors.iter().map(ToString::to_string).collect();
    sentences.join(" ")
}

impl From<StoreError> for CreateUserError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// As a serializer of users tells it: 400 with a list of sentences for each field.
impl From<CreateUserError> for ApiException {
    fn from(error: CreateUserError) -> Self {
        let (field, sentences) = match error {
            CreateUserError::Failed(failure) => return failure,
            CreateUserError::Username(errors) => {
                ("username", errors.iter().map(ToString::to_string).collect())
            }
            CreateUserError::UsernameTaken => ("username", vec![error.to_string()]),
            CreateUserError::Email | CreateUserError::EmailTaken => ("email", vec![error.to_string()]),
            CreateUserError::NoSuchRight(name) => (name, vec![error.to_string()]),
            CreateUserError::NotSettable(_) => ("non_field_errors", vec![error.to_string()]),
        };
        Self::validation_error(json!({ field: sentences }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(login: &str, username: &str, address: &str) -> Option<(String, String)> {
        let schema = UserSchema::new("people", IdType::Int, login);
        names(&schema, username, address).ok()
    }

    #[test]
    fn an_address_to_log_in_with_is_kept_as_an_address() {
        let longest = format!("{}@example.org", "a".repeat(MAX_EMAIL - 12));
        for (username, address, expected) in [
            ("Mike@Example.ORG", "", "Mike@example.org"),
            ("", "Mike@Example.ORG", "Mike@example.org"),
            ("mike@example.org", "another@example.org", "mike@example.org"),
            ("o'brien/x@example.org", "", "o'brien/x@example.org"),
            (&longest, "", &longest),
        ] {
            let one = expected.to_owned();
            assert_eq!(kept("email", username, address), Some((one.clone(), one)));
        }
        for username in [
            "",
            "mike",
            "a b@example.org",
            "mike@example",
            &format!("a{longest}"),
        ] {
            assert_eq!(kept("email", username, ""), None, "{username}");
        }
    }

    #[test]
    fn another_name_to_log_in_with_is_judged_as_a_name() {
        let kept_apart = Some(("mike".to_owned(), "a@b.co".to_owned()));
        for login in ["username", "handle"] {
            assert_eq!(kept(login, "mike", "a@B.CO"), kept_apart, "{login}");
            assert_eq!(kept(login, "o'brien@example.org", ""), None, "{login}");
            assert_eq!(kept(login, "", "a@b.co"), None, "{login}");
        }
    }
}
