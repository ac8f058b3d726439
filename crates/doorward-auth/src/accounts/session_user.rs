//! [`session_user`]: whom a session was opened for.

use std::sync::Arc;

use doorward_core::answer::Answer;
use doorward_core::backends::CredentialsBackend;
use doorward_core::cache::SessionOwner;
use doorward_core::door::Door;
use doorward_core::exceptions::Result;
use doorward_core::sessions::Session;
use doorward_core::stores::UserField;
use doorward_core::user::UserRow;
use doorward_django::sessions::{HASH_SESSION_KEY, VerifiedBy};

/// The user that logged in with this session, if the backend that knew it still lets it in; `None` for an anonymous
/// one. At once where both are remembered.
///
/// A session that was opened with another password is deleted. One that an older secret key vouches for is kept under
/// a new key. Source: `django.contrib.auth.get_user`.
///
/// # Errors
/// 503 or 500 where a store fails.
pub fn session_user(session: &Session) -> Answer<'_, Result<Option<Arc<UserRow>>>> {
    session.owner().then(move |owner| match owner {
        Ok(Some(owner)) => user_of(session, owner),
        Ok(None) => Answer::ready(Ok(None)),
        Err(failed) => Answer::ready(Err(failed)),
    })
}

/// Judges what is remembered. Before a session is deleted or renewed, all is looked up as it is now: the session and its user may
/// have been remembered at different moments.
fn user_of(session: &Session, owner: Arc<SessionOwner>) -> Answer<'_, Result<Option<Arc<UserRow>>>> {
    let door = session.door();
    let (Some(id), Some(opener)) = (owner.user(), Opener::of(door, &owner)) else {
        return Answer::ready(Ok(None));
    };
    let found = door.principals().person(UserField::Id, id);
    found.then(
        move |found| match found.map(|found| found.map(|person| person.user)) {
            Ok(Some(user)) if opener.lets_in(&user) => {
                match door.verify_session_auth_hash(owner.hash(), &user) {
                    Some(VerifiedBy::Current) => Answer::ready(Ok(Some(user))),
                    Some(VerifiedBy::Fallback) | None => Answer::pending(settle(session)),
                }
            }
            Ok(_) => Answer::ready(Ok(None)),
            Err(failed) => Answer::ready(Err(failed.into())),
        },
    )
}

/// What becomes of a session whose hash is not the present one.
async fn settle(session: &Session) -> Result<Option<Arc<UserRow>>> {
    let owner = SessionOwner::of(&session.items().await?);
    let Some(user) = find(session.door(), &owner).await? else {
        return Ok(None);
    };
    let door = session.door();
    match door.verify_session_auth_hash(owner.hash(), &user) {
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

async fn find(door: &Door, owner: &SessionOwner) -> Result<Option<Arc<UserRow>>> {
    let id = owner.user().and_then(|text| door.stores().users.parse_id(text));
    let (Some(id), Some(opener)) = (id, Opener::of(door, owner)) else {
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
    fn of(door: &'a Door, owner: &SessionOwner) -> Option<Self> {
        let path = owner.backend()?;
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
