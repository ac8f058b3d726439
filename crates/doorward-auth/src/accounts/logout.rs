//! [`logout`]: the end of a session.

use doorward_core::exceptions::Result;
use doorward_core::sessions::Session;
use doorward_core::signals::Event;

use super::session_user;

/// Deletes the session, at once, and all that was in it; whoever kept its key has nothing
/// (`django.contrib.auth.logout`).
///
/// # Errors
/// 503 or 500 where the store fails: the session then goes on.
pub async fn logout(session: &Session) -> Result {
    // Whose it was is for the subscribers; nobody is kept from logging out because it cannot be told.
    let user = session_user(session).await.ok().flatten();
    session.flush().await?;
    let event = Event::LoggedOut {
        user: user.as_deref().map(Into::into),
    };
    session.door().emit(&event).await;
    Ok(())
}
