//! [`authenticate`], [`authenticate_request`]: a name and a password become a user.

use std::future::Future;
use std::sync::Arc;

use doorward_core::context::Context;
use doorward_core::door::Door;
use doorward_core::exceptions::Result;
use doorward_core::login_limit::{self, Passed, Subject, Waited, is_locked_out};
use doorward_core::signals::Event;
use doorward_core::user::{UserId, UserRow};
use doorward_django::bounds;
use doorward_django::client_ident::ClientIdent;
use doorward_django::secret::Secret;

use crate::backends::{self, Attempt, Authenticated, LoginName};

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
    let password = password.clone();
    let check = |name| try_credentials(name, password);
    let found = by_name(door, None, username, check).await?;
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
    let password = password.clone();
    attempt(cx, username, |name| try_credentials(name, password)).await
}

/// One attempt to log in with that name, whatever `check` asks; `None` where it failed.
pub(crate) async fn attempt<T, F>(
    cx: &Context<'_>,
    username: &str,
    check: impl FnOnce(Arc<LoginName>) -> F + Send,
) -> Result<Option<T>>
where
    T: Send + 'static,
    F: Future<Output = Result<Option<Passed<T>>>> + Send + 'static,
{
    let found = by_name(cx.door(), Some(cx), username, check).await?;
    if found.is_none() {
        login_failed(cx.door(), username, cx.client()).await;
    }
    Ok(found)
}

/// Counts one attempt by the users whom the name names, and logs it where it fails or meets a lock.
async fn by_name<T, F>(
    door: &Door,
    cx: Option<&Context<'_>>,
    username: &str,
    check: impl FnOnce(Arc<LoginName>) -> F + Send,
) -> Result<Option<T>>
where
    T: Send + 'static,
    F: Future<Output = Result<Option<Passed<T>>>> + Send + 'static,
{
    let new = || Arc::new(LoginName::new(door, username));
    let name = new();
    let subject = subject(&name).await?;
    let mut tried = None;
    let renewed = |waited| {
        // What stood in line looks again: the password may have changed.
        let name = match waited {
            Waited::No => name,
            Waited::InLine => new(),
        };
        check(Arc::clone(tried.insert(name)))
    };
    let found = login_limit::check(door, cx.copied(), subject, renewed).await;
    if matches!(&found, Ok(None)) || found.as_ref().is_err_and(is_locked_out) {
        log_failed_login(cx, &tried.map(|name| name.refuted()).unwrap_or_default());
    }
    found
}

/// Whom the attempt may mean. A flood that cannot be checked costs the store nothing, and where nothing is counted
/// nobody asks.
async fn subject(name: &LoginName) -> Result<Subject> {
    if name.door().login_limit().is_none() {
        return Ok(Subject {
            name: String::new(),
            users: Vec::new(),
        });
    }
    name.door().passwords().has_room()?;
    Ok(Subject {
        users: backends::candidates(name).await?,
        name: name.text().to_owned(),
    })
}

/// One attempt on a user who is known already, whose password is asked again; no subscriber is told.
pub(crate) async fn count<T, F>(cx: &Context<'_>, user: &Arc<UserRow>, check: F) -> Result<Option<T>>
where
    T: Send + 'static,
    F: Future<Output = Result<Option<T>>> + Send + 'static,
{
    if cx.door().login_limit().is_none() {
        return check.await;
    }
    let id = user.id.clone();
    let check = async move {
        let passed = |value| Passed {
            value,
            user: id,
            refuted: Vec::new(),
        };
        Ok(check.await?.map(passed))
    };
    let subject = subject_of(cx.door(), user).await?;
    login_limit::check(cx.door(), Some(*cx), subject, |_| check).await
}

/// As a login by the user's own name would be counted.
async fn subject_of(door: &Door, user: &Arc<UserRow>) -> Result<Subject> {
    let name = LoginName::new(door, &user.username);
    let users = backends::candidates(&name).await?;
    Ok(Subject {
        name: user.username.clone(),
        users: match users.is_empty() {
            true => Vec::new(),
            false => vec![Arc::clone(user)],
        },
    })
}

/// Asks the backends and tells nobody: one part of an attempt that has several.
pub(crate) async fn try_credentials(
    name: Arc<LoginName>,
    password: Secret<String>,
) -> Result<Option<Passed<Authenticated>>> {
    let found = backends::authenticate(&Attempt::new(&name, &password)).await?;
    Ok(found.map(|found| Passed {
        user: found.user.id.clone(),
        refuted: name.refuted(),
        value: found,
    }))
}

/// One line for each login that failed or met a lock, which programs that ban addresses read: its shape is a promise of
/// the guide. It names the users whose password was another one, and not what was typed: now and then that is a password.
pub(crate) fn log_failed_login(cx: Option<&Context<'_>>, users: &[UserId]) {
    let ids = || {
        users
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" ")
    };
    tracing::warn!(
        client.address = cx.and_then(Context::client_address).map(display),
        user.id = (!users.is_empty()).then(ids),
        "login failed"
    );
}

/// Tells the subscribers of an attempt that failed (`user_login_failed`).
async fn login_failed(door: &Door, username: &str, address: Option<ClientIdent>) {
    let field = door.settings().user.username_field.as_str();
    let event = Event::login_failed([(field, username), ("password", "")], address);
    door.emit(&event).await;
}
