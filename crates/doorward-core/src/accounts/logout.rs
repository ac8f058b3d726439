//! [`logout`]: the end of a session.

use crate::exceptions::Result;
use crate::sessions::Session;

/// Deletes the session, at once, and all that was in it; whoever kept its key has nothing
/// (`django.contrib.auth.logout`).
///
/// # Errors
/// 503 or 500 where the store fails: the session then goes on.
pub async fn logout(session: &Session) -> Result {
    session.flush().await
}
