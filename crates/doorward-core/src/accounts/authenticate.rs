//! [`authenticate`]: a name and a password become a user.

use std::sync::Arc;

use doorward_django::passwords::{Refusal, Verdict};
use doorward_django::secret::Secret;

use crate::door::Door;
use crate::exceptions::Result;
use crate::user::UserRow;

/// The active user of that name and password; `None` where there is no such user, whatever the reason.
///
/// Every failure costs one hash by the preferred hasher, so that its time tells nothing (difference 14). A hash that
/// is not as a new one would be is replaced, unless somebody replaced it meanwhile (difference 20); where that cannot
/// be written the login succeeds all the same. Source: `django.contrib.auth.backends.ModelBackend.authenticate`.
///
/// # Errors
/// 503 where too many wait for their hash, or the store is away.
pub async fn authenticate(
    door: &Door,
    username: &str,
    password: &Secret<String>,
) -> Result<Option<Arc<UserRow>>> {
    let Some(user) = find(door, username).await? else {
        door.passwords().dummy(password).await?;
        return Ok(None);
    };
    let user = verify(door, user, password).await?;
    Ok(user.filter(|user| user.is_active))
}

/// No database is asked for what none can hold: PostgreSQL refuses NUL in a text.
async fn find(door: &Door, username: &str) -> Result<Option<Arc<UserRow>>> {
    if username.contains('\0') {
        return Ok(None);
    }
    Ok(door.stores().users.by_username(username).await?)
}

/// The user as it stands after the check: its hash may be a new one.
async fn verify(door: &Door, user: Arc<UserRow>, password: &Secret<String>) -> Result<Option<Arc<UserRow>>> {
    let checked = door
        .passwords()
        .check_or_upgrade(password, &user.password, door.random())
        .await?;
    match (checked.verdict, checked.upgrade) {
        (Verdict::Wrong { reason }, _) => {
            report(&user, reason);
            Ok(None)
        }
        (Verdict::Correct { .. }, None) => Ok(Some(user)),
        (Verdict::Correct { .. }, Some(encoded)) => upgrade(door, user, password, encoded).await,
    }
}

async fn upgrade(
    door: &Door,
    user: Arc<UserRow>,
    password: &Secret<String>,
    encoded: Secret<String>,
) -> Result<Option<Arc<UserRow>>> {
    let users = &door.stores().users;
    let written = users
        .upgrade_password(&user.id, &user.password, encoded.clone())
        .await;
    match written {
        Ok(true) => Ok(Some(Arc::new(with_password(&user, encoded)))),
        Ok(false) => verify_again(door, &user, password).await,
        Err(error) => {
            tracing::warn!(user.id = %user.id, error.cause = %error, "the password hash could not be upgraded");
            Ok(Some(user))
        }
    }
}

/// Somebody wrote another hash between the look-up and the upgrade: it decides.
///
/// It may be the upgrade of another login of the same moment, or another password.
async fn verify_again(
    door: &Door,
    user: &UserRow,
    password: &Secret<String>,
) -> Result<Option<Arc<UserRow>>> {
    let Some(user) = door.stores().users.by_id(&user.id).await? else {
        return Ok(None);
    };
    let verdict = door.passwords().check(password, &user.password).await?;
    Ok(verdict.is_correct().then_some(user))
}

fn with_password(user: &UserRow, password: Secret<String>) -> UserRow {
    UserRow {
        password,
        ..user.clone()
    }
}

/// A hash that cannot be used is a matter for whoever runs the site.
fn report(user: &UserRow, reason: Refusal) {
    if matches!(reason, Refusal::Malformed | Refusal::PastCap | Refusal::Unknown) {
        tracing::warn!(user.id = %user.id, ?reason, "the stored password hash cannot be used; the login was refused");
    }
}
