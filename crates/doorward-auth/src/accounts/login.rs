//! [`login`]: a session for a user who was authenticated.

use doorward_core::cache::SessionOwner;
use doorward_core::exceptions::Result;
use doorward_core::sessions::{CsrfCookie, Session};
use doorward_core::signals::Event;
use doorward_core::user::UserRow;
use doorward_django::crypto::constant_time_eq;
use doorward_django::sessions::{
    BACKEND_SESSION_KEY, HASH_SESSION_KEY, MODEL_BACKEND, SESSION_KEY, SessionData,
};

use crate::backends::Authenticated;

/// Opens the session for that user, and says so in `last_login`. Both are written in one step before this returns, and
/// then the subscribers are told.
///
/// The session keeps the first backend of the door; where there are several, see [`login_with_backend`].
/// What an anonymous visitor put into the session is kept, under a new key; another user's session, or one of an older
/// password, is deleted in the same step. The CSRF secret is a new one. Source: `django.contrib.auth.login`.
///
/// # Errors
/// 400 where the session was deleted meanwhile, 503 or 500 where a store fails.
pub async fn login(session: &Session, csrf: &CsrfCookie, user: &UserRow) -> Result {
    let backend = session.door().backends().first();
    let path = backend.map_or(MODEL_BACKEND, |backend| backend.path());
    open(session, csrf, user, path).await
}

/// As [`login`], for a user and the backend that knew its credentials; the session is good as long as the door has
/// that backend.
///
/// # Errors
/// As [`login`].
pub async fn login_with_backend(
    session: &Session,
    csrf: &CsrfCookie,
    authenticated: &Authenticated,
) -> Result {
    open(session, csrf, &authenticated.user, authenticated.backend.path()).await
}

async fn open(session: &Session, csrf: &CsrfCookie, user: &UserRow, backend: &str) -> Result {
    let door = session.door();
    let hash = door.session_auth_hash(user);
    renew(session, user, &hash).await?;
    session.insert(SESSION_KEY, user.id.to_string()).await?;
    session
        .insert(BACKEND_SESSION_KEY, door.session_backend(backend))
        .await?;
    session.insert(HASH_SESSION_KEY, hash).await?;
    session.save_login(&user.id).await?;
    csrf.rotate();
    tracing::info!(user.id = %user.id, "logged in");
    let event = Event::LoggedIn { user: user.into() };
    door.emit(&event).await;
    Ok(())
}

/// Lets the session live on after its user changed the password, under a new key
/// (`django.contrib.auth.update_session_auth_hash`). `user` is the row as it is afterwards.
///
/// # Errors
/// 400 where the session was deleted meanwhile, 503 or 500 where a store fails.
pub async fn update_session_auth_hash(session: &Session, user: &UserRow) -> Result {
    session.cycle_key().await?;
    let hash = session.door().session_auth_hash(user);
    session.insert(HASH_SESSION_KEY, hash).await?;
    session.save().await
}

/// Nobody's key from before the login opens the session after it.
async fn renew(session: &Session, user: &UserRow, hash: &str) -> Result {
    let data = session.items().await?;
    match whose(&data, user, hash) {
        Whose::Nobody => session.cycle_key().await,
        Whose::Ours => Ok(()),
        Whose::Another => session.begin_anew().await,
    }
}

/// Whom the session belongs to before the login.
enum Whose {
    Nobody,
    Ours,
    Another,
}

fn whose(data: &SessionData, user: &UserRow, hash: &str) -> Whose {
    if !data.contains_key(SESSION_KEY) {
        return Whose::Nobody;
    }
    let owner = SessionOwner::of(data);
    let same_user = owner.user() == Some(&user.id.to_string());
    if same_user && constant_time_eq(owner.hash().as_bytes(), hash.as_bytes()) {
        return Whose::Ours;
    }
    Whose::Another
}
