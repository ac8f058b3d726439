//! [`authenticate`]: a name and a password become a user.

use std::sync::Arc;

use doorward_django::secret::Secret;

use crate::authentication::backends::{self, Attempt, Authenticated};
use crate::door::Door;
use crate::exceptions::Result;
use crate::signals::Event;
use crate::user::UserRow;

/// The user of that name and password; `None` where no backend of the door knows them, whatever the reason.
///
/// Every failure costs one hash by the preferred hasher, so that its time tells nothing (difference 14). A hash that
/// is not as a new one would be is replaced, unless somebody replaced it meanwhile (difference 20); where that cannot
/// be written the login succeeds all the same. Source: `django.contrib.auth.authenticate`.
///
/// # Errors
/// 503 where too many wait for their hash, or the store is away.
pub async fn authenticate(
    door: &Door,
    username: &str,
    password: &Secret<String>,
) -> Result<Option<Arc<UserRow>>> {
    let authenticated = authenticate_with_backend(door, username, password).await?;
    Ok(authenticated.map(|authenticated| authenticated.user))
}

/// As [`authenticate`], with the backend that knew the user, which a session keeps
/// ([`login_with_backend`](super::login_with_backend)).
///
/// # Errors
/// As [`authenticate`].
pub async fn authenticate_with_backend(
    door: &Door,
    username: &str,
    password: &Secret<String>,
) -> Result<Option<Authenticated>> {
    let found = try_credentials(door, username, password).await?;
    if found.is_none() {
        login_failed(door, username).await;
    }
    Ok(found)
}

/// Asks the backends and tells nobody: one part of an attempt that has several.
pub(crate) async fn try_credentials(
    door: &Door,
    username: &str,
    password: &Secret<String>,
) -> Result<Option<Authenticated>> {
    let attempt = Attempt::new(door, username, password);
    // No database is asked for what none can hold: PostgreSQL refuses NUL in a text.
    let asked = match username.contains('\0') {
        true => &[],
        false => door.backends(),
    };
    backends::authenticate(&attempt, asked).await
}

/// Tells the subscribers of an attempt that failed (`user_login_failed`).
pub(crate) async fn login_failed(door: &Door, username: &str) {
    let field = door.settings().user.username_field.as_str();
    let event = Event::login_failed([(field, username), ("password", "")]);
    door.emit(&event).await;
}
