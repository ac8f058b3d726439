//! [`Session::owner`]: who logged in, without the rest of the session.

use std::sync::Arc;

use doorward_django::sessions::SessionData;

use super::{Key, Session};
use crate::answer::Answer;
use crate::cache::SessionOwner;
use crate::exceptions::Result;
use crate::sessions::engines::{Engine, known_session};

impl Session {
    /// Who logged in with it, as it was within `cache.max_staleness`: at once where that is remembered, and then nothing else of
    /// it is loaded. `None` where there is no such session.
    pub fn owner(&self) -> Answer<'_, Result<Option<Arc<SessionOwner>>>> {
        match self.engine() {
            Engine::Db => match self.known_owner() {
                Some(owner) => Answer::ready(Ok(Some(owner))),
                None => Answer::pending(self.look_up_owner()),
            },
            // They have a cache of their own, or none is needed.
            Engine::Cache(_) | Engine::CachedDb(_) | Engine::SignedCookies => {
                Answer::pending(async { Ok(Some(Arc::new(SessionOwner::of(&*self.loaded().await?)))) })
            }
        }
    }

    fn known_owner(&self) -> Option<Arc<SessionOwner>> {
        let mut state = self.0.state.try_lock().ok()?;
        let key = state.key.stored().filter(|_| state.data.is_none())?;
        let owner = self.0.door.principals().known_session(key, self.0.now)?;
        state.accessed = true;
        Some(owner)
    }

    /// Whoever reads the row for that keeps its data, too.
    async fn look_up_owner(&self) -> Result<Option<Arc<SessionOwner>>> {
        let (door, now) = (&self.0.door, self.0.now);
        let mut state = self.0.state.lock().await;
        let mut data = None;
        let owner = match (&state.data, state.key.stored()) {
            (Some(data), _) => Some(Arc::new(SessionOwner::of(data))),
            (None, None) => None,
            (None, Some(key)) => {
                let loaded = &mut data;
                let read = door
                    .principals()
                    .session(key, now, move || known_session(door, key, now, loaded));
                read.await?
            }
        };
        if owner.is_none() {
            (state.key, data) = (Key::None, Some(SessionData::new()));
        }
        state.data = state.data.take().or(data);
        state.accessed = true;
        Ok(owner)
    }
}
