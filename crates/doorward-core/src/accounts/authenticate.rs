//! [`authenticate`], [`authenticate_request`]: a name and a password become a user.

use std::future::Future;
use std::sync::Arc;

use doorward_django::bounds;
use doorward_django::client_ident::ClientIdent;
use doorward_django::secret::Secret;

use crate::authentication::backends::{self, Attempt, Authenticated};
use crate::context::Context;
use crate::door::Door;
use crate::exceptions::Result;
use crate::lockout::{self, Origin};
use crate::signals::Event;
use crate::user::UserRow;

/// The user of that name and password; `None` where no backend of the door knows them, whatever the reason. A name or a
/// password past its bound ([`bounds`]) is nobody's.
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
    let username = &*bounds::name(username);
    let check = try_credentials(door.clone(), username.to_owned(), password.clone());
    let found = lockout::count(&Origin::unknown(door), username, check).await?;
    if found.is_none() {
        login_failed(door, username, None).await;
    }
    Ok(found)
}

/// As [`authenticate_with_backend`], for credentials that came with that request: whoever takes a password from a
/// client asks here, so that it is known where the attempt came from.
///
/// # Errors
/// As [`authenticate`].
pub async fn authenticate_request(
    cx: &Context<'_>,
    username: &str,
    password: &Secret<String>,
) -> Result<Option<Authenticated>> {
    let username = &*bounds::name(username);
    let check = try_credentials(cx.door().clone(), username.to_owned(), password.clone());
    attempt(cx, username, check).await
}

/// One attempt to log in with that name, whatever `check` asks; `None` where it failed.
pub(crate) async fn attempt<T: Send + 'static>(
    cx: &Context<'_>,
    username: &str,
    check: impl Future<Output = Result<Option<T>>> + Send + 'static,
) -> Result<Option<T>> {
    let found = count(cx, username, check).await?;
    if found.is_none() {
        login_failed(cx.door(), username, cx.client()).await;
    }
    Ok(found)
}

/// As [`attempt`], and no subscriber is told: for a password that is asked of somebody who is known already.
pub(crate) async fn count<T: Send + 'static>(
    cx: &Context<'_>,
    username: &str,
    check: impl Future<Output = Result<Option<T>>> + Send + 'static,
) -> Result<Option<T>> {
    lockout::count(&Origin::of(cx), username, check).await
}

/// Asks the backends and tells nobody: one part of an attempt that has several.
pub(crate) async fn try_credentials(
    door: Door,
    username: String,
    password: Secret<String>,
) -> Result<Option<Authenticated>> {
    let attempt = Attempt::new(&door, &username, &password);
    // No database is asked for what none can hold: PostgreSQL refuses NUL in a text.
    let asked = match username.contains('\0') {
        true => &[],
        false => door.backends(),
    };
    backends::authenticate(&attempt, asked).await
}

/// Tells the subscribers of an attempt that failed (`user_login_failed`).
async fn login_failed(door: &Door, username: &str, address: Option<ClientIdent>) {
    let field = door.settings().user.username_field.as_str();
    let event = Event::login_failed([(field, username), ("password", "")], address);
    door.emit(&event).await;
}
