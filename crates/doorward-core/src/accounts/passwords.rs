//! [`set_password`], [`change_password`], [`validate_password`]: a user's new password.

use std::sync::Arc;

use doorward_django::bounds::{self, MAX_NEW_PASSWORD};
use doorward_django::passwords::validators::{
    self, UserAttributeSimilarity, UserAttributes, ValidationError, Validator,
};
use doorward_django::secret::Secret;
use tracing::Instrument;

use super::revoke_auth_token;
use crate::door::Door;
use crate::exceptions::{ApiException, Result};
use crate::lockout;
use crate::settings::{PasswordSettings, ValidatorName};
use crate::signals::Event;
use crate::tokens::revocation::password_changed;
use crate::user::{UserId, UserRow};

/// How often a password that changes meanwhile is looked at again.
const ATTEMPTS: usize = 3;

/// Asks the validators of the settings whether a password is good enough for that user
/// (`django.contrib.auth.password_validation.validate_password`); one of more than [`MAX_NEW_PASSWORD`] characters
/// never is.
///
/// # Errors
/// All that is wrong, with Django's messages.
pub fn validate_password(
    password: &Secret<String>,
    user: &UserRow,
    settings: &PasswordSettings,
) -> Result<(), Vec<ValidationError>> {
    if !bounds::has_at_most(password.expose(), MAX_NEW_PASSWORD) {
        return Err(vec![too_long()]);
    }
    let validators: Vec<_> = settings.validators.iter().map(|name| validator(*name)).collect();
    let attributes = UserAttributes {
        username: &user.username,
        first_name: &user.first_name,
        last_name: &user.last_name,
        email: &user.email,
    };
    validators::validate_password(password.expose(), &attributes, &validators)
}

/// As DRF's `CharField(max_length=…)` says it.
fn too_long() -> ValidationError {
    ValidationError {
        message: format!("Ensure this field has no more than {MAX_NEW_PASSWORD} characters."),
        code: "max_length",
    }
}

/// Gives a user another password, whatever the old one was, and tells the subscribers
/// (`AbstractBaseUser.set_password`); gives the user as it is afterwards.
///
/// The user's sessions end with the old password; with `passwords.revoke_tokens_on_change` its opaque token ends too,
/// with `jwt.revoke_on_password_change` its JSON web tokens.
/// Nothing is asked: see [`validate_password`].
///
/// # Errors
/// 503 where too many passwords wait to be hashed, and what the stores say.
pub async fn set_password(door: &Door, user: &UserRow, password: &Secret<String>) -> Result<Arc<UserRow>> {
    let encoded = door.passwords().make(password, door.random()).await?;
    let (door, user) = (door.clone(), user.with_password(encoded));
    to_its_end(async move {
        let users = &door.stores().users;
        users.set_password(&user.id, user.password.clone()).await?;
        changed(&door, user).await
    })
    .await
}

/// What came of [`change_password`].
#[derive(Clone, Debug)]
pub enum PasswordChange {
    /// The user as it is afterwards.
    Done(Arc<UserRow>),
    /// The old password is another one, or the user is gone.
    WrongPassword,
}

/// As [`set_password`], if the old password is right: checked and replaced in one step, so that of two changes at once
/// one fails.
///
/// # Errors
/// As [`set_password`].
pub async fn change_password(
    door: &Door,
    id: &UserId,
    old: &Secret<String>,
    new: &Secret<String>,
) -> Result<PasswordChange> {
    let users = &door.stores().users;
    for _ in 0..ATTEMPTS {
        let Some(user) = users.by_id(id).await? else {
            break;
        };
        if !door.passwords().check(old, &user.password).await?.is_correct() {
            break;
        }
        if let Some(user) = replace_password(door, &user, new).await? {
            return Ok(PasswordChange::Done(user));
        }
    }
    Ok(PasswordChange::WrongPassword)
}

/// Sets the password if it still is the one that `user` has; `None` where it is not.
pub(super) async fn replace_password(
    door: &Door,
    user: &UserRow,
    new: &Secret<String>,
) -> Result<Option<Arc<UserRow>>> {
    let encoded = door.passwords().make(new, door.random()).await?;
    let (door, old, user) = (door.clone(), user.password.clone(), user.with_password(encoded));
    to_its_end(async move {
        let users = &door.stores().users;
        let new = user.password.clone();
        match users.upgrade_password(&user.id, &old, new).await? {
            true => changed(&door, user).await.map(Some),
            false => Ok(None),
        }
    })
    .await
}

/// In a task of its own, which no client stops by hanging up: a new password without what it brings with it would
/// leave the tokens alive that somebody else may have.
async fn to_its_end<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    tokio::spawn(work.in_current_span())
        .await
        .map_err(ApiException::server_error)?
}

/// What a change of a password brings with it.
async fn changed(door: &Door, user: UserRow) -> Result<Arc<UserRow>> {
    let event = Event::PasswordChanged { user: (&user).into() };
    door.emit(&event).await;
    password_changed(door, &user.id).await?;
    lockout::forget_origins(door, &user).await?;
    if door.settings().passwords.revoke_tokens_on_change {
        revoke_auth_token(door, &user).await?;
    }
    Ok(Arc::new(user))
}

fn validator(name: ValidatorName) -> Validator {
    match name {
        ValidatorName::UserAttributeSimilarityValidator => {
            Validator::UserAttributeSimilarity(UserAttributeSimilarity::default())
        }
        ValidatorName::MinimumLengthValidator => Validator::MinimumLength(Validator::DEFAULT_MINIMUM_LENGTH),
        ValidatorName::CommonPasswordValidator => Validator::CommonPassword,
        ValidatorName::NumericPasswordValidator => Validator::NumericPassword,
    }
}
