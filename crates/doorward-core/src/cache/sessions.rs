//! [`SessionOwner`]: what is remembered of a session.

use std::sync::Arc;

use doorward_django::json::Value;
use doorward_django::secret::Secret;
use doorward_django::sessions::{BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, SessionData};
use doorward_django::timestamp::Timestamp;

/// Who logged in with a session, as its data says: facts that are judged each time. The rest of the data is not kept.
#[derive(Clone, Debug)]
pub struct SessionOwner {
    user: Option<String>,
    backend: Option<String>,
    hash: Secret<String>,
}

impl SessionOwner {
    /// What the data of a session says.
    #[must_use]
    pub fn of(data: &SessionData) -> Self {
        let text = |name| data.get(name).and_then(Value::as_str).map(str::to_owned);
        Self {
            user: user_id(data),
            backend: text(BACKEND_SESSION_KEY),
            hash: Secret::new(text(HASH_SESSION_KEY).unwrap_or_default()),
        }
    }

    /// The user's primary key as text; `None` where nobody logged in.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The path of the backend that knew the user.
    #[must_use]
    pub fn backend(&self) -> Option<&str> {
        self.backend.as_deref()
    }

    /// The hash that ties the session to the user's password; empty where there is none.
    #[must_use]
    pub fn hash(&self) -> &str {
        self.hash.expose()
    }
}

/// Django writes text, and reads a number too.
fn user_id(data: &SessionData) -> Option<String> {
    match data.get(SESSION_KEY)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The owner of a session, and when the session ends.
#[derive(Clone, Debug)]
pub(crate) struct KnownSession {
    pub(crate) owner: Arc<SessionOwner>,
    pub(crate) expire_date: Timestamp,
}
