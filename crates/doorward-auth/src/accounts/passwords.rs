//! [`set_password`], [`change_password`]: a user's new password.

use std::sync::Arc;
use std::time::Duration;

use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::signals::Event;
use doorward_core::stores::{NewPassword, Revoke, RevokedTokens};
use doorward_core::user::{UserId, UserRow};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use tracing::Instrument;

use crate::revocation;

/// How often a password that changes meanwhile is looked at again.
const ATTEMPTS: usize = 3;

/// Gives a user another password, whatever the old one was, and tells the subscribers
/// (`AbstractBaseUser.set_password`); gives the user as it is afterwards.
///
/// The user's sessions end with the old password; with `passwords.revoke_tokens_on_change` its opaque token ends too,
/// with `jwt.revoke_on_password_change` its JSON web tokens: in one step with the password.
/// Nothing is asked: see [`validate_password`](doorward_core::password_validation::validate_password). A user who is gone has no password, and that is no error.
///
/// # Errors
/// 503 where too many passwords wait to be hashed, and what the stores say.
pub async fn set_password(door: &Door, user: &UserRow, password: &Secret<String>) -> Result<Arc<UserRow>> {
    let encoded = door.passwords().make(password, door.random()).await?;
    let user = user.with_password(encoded);
    let new = NewPassword {
        old: None,
        new: user.password.clone(),
    };
    let replaced = replace(door, user.clone(), new, PasswordRules::of(door).on_change).await?;
    Ok(replaced.unwrap_or_else(|| Arc::new(user)))
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
        if let Some(user) = replace_password(door, &user, new, PasswordRules::of(door).on_change).await? {
            return Ok(PasswordChange::Done(user));
        }
    }
    Ok(PasswordChange::WrongPassword)
}

/// Sets the password if it still is the one that `user` has, and takes back `what` falls with it; `None` where it is not.
pub(super) async fn replace_password(
    door: &Door,
    user: &UserRow,
    new: &Secret<String>,
    what: Revoke,
) -> Result<Option<Arc<UserRow>>> {
    let encoded = door.passwords().make(new, door.random()).await?;
    let changed = user.with_password(encoded);
    let new = NewPassword {
        old: Some(user.password.clone()),
        new: changed.password.clone(),
    };
    replace(door, changed, new, what).await
}

/// What the settings say of new passwords.
#[derive(Debug)]
pub(super) struct PasswordRules {
    /// What falls with a password that is changed, unless settings say more: nothing, as in Django.
    on_change: Revoke,
    /// What falls with a password that was forgotten, or that its owner lost to somebody else: all, unless settings say
    /// less.
    pub(super) on_reset: Revoke,
    /// How long a link that resets a password is good for (`PASSWORD_RESET_TIMEOUT`).
    pub(super) reset_timeout: Duration,
}

impl PasswordRules {
    pub(super) fn of(door: &Door) -> Self {
        let settings = door.settings();
        let passwords = &settings.passwords;
        let on_change = Revoke {
            json_web_tokens: settings.jwt.revoke_on_password_change,
            opaque_token: passwords.revoke_tokens_on_change,
        };
        Self {
            on_change,
            on_reset: match passwords.revoke_tokens_on_reset {
                true => Revoke::ALL,
                false => on_change,
            },
            reset_timeout: passwords.reset_timeout.duration(),
        }
    }
}

/// Writes the password of `user`, and takes back what falls with it, in one step; `None` where it was another one.
async fn replace(
    door: &Door,
    user: UserRow,
    password: NewPassword,
    what: Revoke,
) -> Result<Option<Arc<UserRow>>> {
    let (door, at) = (door.clone(), door.now());
    to_its_end(async move {
        let store = &door.stores().revocations;
        match store.replace_password(&user.id, password, what, at).await? {
            Some(revoked) => Ok(Some(changed(&door, user, what, revoked, at).await)),
            None => Ok(None),
        }
    })
    .await
}

/// In a task of its own, which no client stops by hanging up: what a new password brings with it is to happen.
async fn to_its_end<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    tokio::spawn(work.in_current_span())
        .await
        .map_err(ApiException::server_error)?
}

/// What a change of a password brings with it. The password is another one by now: whatever fails here is told in the
/// log, and not to a client, who would try the old one again.
async fn changed(
    door: &Door,
    user: UserRow,
    what: Revoke,
    revoked: RevokedTokens,
    at: Timestamp,
) -> Arc<UserRow> {
    let event = Event::PasswordChanged { user: (&user).into() };
    door.emit(&event).await;
    revocation::settle(door, &user.id, Some(&user), what, revoked, at).await;
    Arc::new(user)
}
