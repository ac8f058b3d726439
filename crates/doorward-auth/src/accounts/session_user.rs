//! [`session_user`]: whom a session was opened for.

use std::sync::Arc;

use doorward_core::backends::CredentialsBackend;
use doorward_core::door::Door;
use doorward_core::exceptions::Result;
use doorward_core::sessions::Session;
use doorward_core::user::UserRow;
use doorward_django::json::Value;
use doorward_django::sessions::{
    BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, SessionData, VerifiedBy,
};

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
    let door = session.door();
    match door.verify_session_auth_hash(stored, &user) {
        Some(VerifiedBy::Current) => Ok(Some(user)),
        Some(VerifiedBy::Fallback) => {
            session
                .renew(HASH_SESSION_KEY, door.session_auth_hash(&user))
                .await?;
            Ok(Some(user))
        }
        None => {
            session.flush().await?;
            Ok(None)
        }
    }
}

async fn find(session: &Session, data: &SessionData) -> Result<Option<Arc<UserRow>>> {
    let door = session.door();
    let path = data.get(BACKEND_SESSION_KEY).and_then(Value::as_str);
    let opener = path.and_then(|path| Opener::find(door, path));
    let id = user_id(data).and_then(|text| door.stores().users.parse_id(&text));
    let (Some(id), Some(opener)) = (id, opener) else {
        return Ok(None);
    };
    let user = door.stores().users.by_id(&id).await?;
    Ok(user.filter(|user| opener.lets_in(user)))
}

/// Who opened a session.
enum Opener<'a> {
    /// A backend of the door.
    Own(&'a dyn CredentialsBackend),
    /// One that only Django has (`rest.session_backends`).
    Django,
}

impl<'a> Opener<'a> {
    fn find(door: &'a Door, path: &str) -> Option<Self> {
        let own = door.backends().iter().find(|backend| backend.path() == path);
        let own = own.map(|backend| Self::Own(backend.as_ref()));
        own.or_else(|| door.accepts_sessions_of(path).then_some(Self::Django))
    }

    /// Whether the user may come in still (`ModelBackend.user_can_authenticate`).
    fn lets_in(&self, user: &UserRow) -> bool {
        match self {
            Self::Own(backend) => backend.user_can_authenticate(user),
            Self::Django => user.is_active,
        }
    }
}

/// The user's primary key as text; Django writes text, and reads a number too.
pub(super) fn user_id(data: &SessionData) -> Option<String> {
    match data.get(SESSION_KEY)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
