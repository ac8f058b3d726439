//! [`session_user`]: whom a session was opened for.

use std::sync::Arc;

use doorward_core::exceptions::Result;
use doorward_core::sessions::Session;
use doorward_core::user::UserRow;
use doorward_django::sessions::{
    BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, SessionData, VerifiedBy, session_auth_hash,
    verify_session_auth_hash,
};
use serde_json::Value;

/// The user that logged in with this session, if the backend that knew it still lets it in; `None` for an anonymous
/// one.
///
/// A session that was opened with another password is deleted. One that an older secret key vouches for is kept under
/// a new key. Source: `django.contrib.auth.get_user`.
///
/// # Errors
/// 503 or 500 where a store fails.
pub async fn session_user(session: &Session) -> Result<Option<Arc<UserRow>>> {
    let data = session.items().await?;
    let Some(user) = find(session, &data).await? else {
        return Ok(None);
    };
    let stored = data
        .get(HASH_SESSION_KEY)
        .and_then(Value::as_str)
        .unwrap_or_default();
    let keys = session.door().secret_keys();
    match verify_session_auth_hash(stored, user.password.expose(), keys) {
        Some(VerifiedBy::Current) => Ok(Some(user)),
        Some(VerifiedBy::Fallback) => {
            let hash = session_auth_hash(user.password.expose(), &keys.current);
            session.renew(HASH_SESSION_KEY, hash).await?;
            Ok(Some(user))
        }
        None => {
            session.flush().await?;
            Ok(None)
        }
    }
}

async fn find(session: &Session, data: &SessionData) -> Result<Option<Arc<UserRow>>> {
    let users = &session.door().stores().users;
    let path = data.get(BACKEND_SESSION_KEY).and_then(Value::as_str);
    let backend = session
        .door()
        .backends()
        .iter()
        .find(|backend| Some(backend.path()) == path);
    let id = user_id(data).and_then(|text| users.parse_id(&text));
    let (Some(id), Some(backend)) = (id, backend) else {
        return Ok(None);
    };
    let user = users.by_id(&id).await?;
    Ok(user.filter(|user| backend.user_can_authenticate(user)))
}

/// The user's primary key as text; Django writes text, and reads a number too.
pub(super) fn user_id(data: &SessionData) -> Option<String> {
    match data.get(SESSION_KEY)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
