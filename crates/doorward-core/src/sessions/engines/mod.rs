//! Where sessions are kept (`SESSION_ENGINE`): an [`Engine`] for each module of `django.contrib.sessions.backends` but
//! `file`.

mod cache;
mod cached_db;
mod db;
mod saving;
mod signed_cookies;

use std::sync::Arc;

use doorward_db::schema::Times;
use doorward_django::sessions::{CacheEngine, SessionData, SessionExpiry, SessionKey};
use doorward_django::timestamp::Timestamp;

use self::cache::Cache;
use self::saving::{Saving, to_its_end};
use super::state::Key;
use crate::answer::Answer;
use crate::door::Door;
use crate::exceptions::Result;
use crate::settings::{SessionEngine, SessionSettings, SettingsError};
use crate::stores::{Replaced, SessionCache, SessionPlace, StoreAnswer};
use crate::user::UserId;

pub(super) use db::known_session;
pub(super) use signed_cookies::sign;

/// The engine of a door.
#[derive(Debug)]
pub(crate) enum Engine {
    /// Rows of `django_session`.
    Db,
    /// Entries of a cache, and nothing else.
    Cache(Cache),
    /// Rows, and a cache before them.
    CachedDb(Cache),
    /// Cookies that hold the session themselves.
    SignedCookies,
}

/// What is kept under a key.
#[derive(Debug)]
pub(super) enum Kept {
    /// Nothing.
    Nothing,
    /// That session.
    Session(SessionData),
    /// What only Django reads. It is left alone.
    Foreign,
}

/// A session to be kept under a key.
#[derive(Clone, Copy)]
pub(super) struct Writing<'a> {
    pub(super) key: &'a SessionKey,
    pub(super) data: &'a SessionData,
    /// Where it goes.
    pub(super) place: SessionPlace<'a>,
    /// Whose login it is, if it is one.
    pub(super) opened_for: Option<&'a UserId>,
    pub(super) at: Timestamp,
}

impl Engine {
    /// The engine that the settings name, on that cache where it needs one.
    ///
    /// # Errors
    /// That there is no cache.
    pub(crate) fn new(
        settings: &SessionSettings,
        cache: Option<&Arc<dyn SessionCache>>,
    ) -> std::result::Result<Self, SettingsError> {
        let on = |engine| {
            let problem = "keeps sessions in a cache: set `redis.url`, or `session.cache.url`";
            let cache = cache.ok_or_else(|| SettingsError::new("session.engine", problem))?;
            Ok(Cache::new(engine, Arc::clone(cache), &settings.cache))
        };
        Ok(match settings.engine {
            SessionEngine::Db => Self::Db,
            SessionEngine::Cache => Self::Cache(on(CacheEngine::Cache)?),
            SessionEngine::CachedDb => Self::CachedDb(on(CacheEngine::CachedDb)?),
            SessionEngine::SignedCookies => Self::SignedCookies,
        })
    }

    /// What the cookie's text stands for.
    pub(super) fn key(&self, cookie: String) -> Key {
        match self {
            Self::SignedCookies => Key::of_itself(cookie),
            Self::Db | Self::Cache(_) | Self::CachedDb(_) => Key::from_cookie(&cookie),
        }
    }

    /// What is kept under that key at `now`.
    pub(super) async fn load(&self, door: &Door, key: &Key, now: Timestamp) -> Result<Kept> {
        match (self, key) {
            (Self::SignedCookies, Key::Itself(cookie)) => {
                Box::pin(signed_cookies::load(door, cookie, now)).await
            }
            (Self::Db, Key::Stored(key)) => db::load(door, key, now).await,
            (Self::Cache(cache), Key::Stored(key)) => Box::pin(cache.load(door, key)).await,
            (Self::CachedDb(cache), Key::Stored(key)) => {
                Box::pin(cached_db::load(cache, door, key, now)).await
            }
            _ => Ok(Kept::Nothing),
        }
    }

    /// Keeps a session under its key. Not for cookies that hold it themselves: those are [signed](sign).
    pub(super) async fn put(&self, door: &Door, writing: Writing<'_>) -> Result<Replaced> {
        match self {
            Self::Db => db::put(door, writing).await,
            Self::Cache(_) | Self::CachedDb(_) => Box::pin(self.put_to_its_end(door, writing)).await,
            Self::SignedCookies => Ok(Replaced::Gone),
        }
    }

    /// Several steps, which are all done also where the client hangs up.
    async fn put_to_its_end(&self, door: &Door, writing: Writing<'_>) -> Result<Replaced> {
        let (door, saving) = (door.clone(), Saving::of(writing));
        match self {
            Self::Cache(cache) => {
                let cache = cache.clone();
                to_its_end(async move { cache.put(&door, saving.writing()).await }).await
            }
            Self::CachedDb(cache) => {
                let cache = cache.clone();
                to_its_end(async move { cached_db::put(&cache, &door, saving.writing()).await }).await
            }
            Self::Db | Self::SignedCookies => Ok(Replaced::Gone),
        }
    }

    /// Forgets what is kept under a key.
    pub(super) async fn delete(&self, door: &Door, key: &SessionKey) -> Result {
        match self {
            Self::Db => db::delete(door, key).await,
            Self::Cache(cache) => cache.delete(key).await,
            Self::CachedDb(cache) => cached_db::delete(cache, door, key).await,
            Self::SignedCookies => Ok(()),
        }
    }
}

impl Door {
    pub(in crate::sessions) fn session_engine(&self) -> &Engine {
        self.required_slot()
    }

    /// How moments stand in Django's tables (`database.time_zone`).
    #[must_use]
    pub fn times(&self) -> &Times {
        self.required_slot()
    }
}

/// Deletes at most `limit` sessions that expired before `now`, and tells how many (`SessionStore.clear_expired`). A cache
/// forgets by itself, and a signed cookie is nowhere but in its browser.
pub fn delete_expired(door: &Door, now: Timestamp, limit: u32) -> StoreAnswer<'_, u64> {
    match door.session_engine() {
        Engine::Db | Engine::CachedDb(_) => door.stores().sessions.delete_expired(now, limit),
        Engine::Cache(_) | Engine::SignedCookies => Answer::ready(Ok(0)),
    }
}

/// When a session ends that is saved at `now`.
fn expire_date(door: &Door, data: &SessionData, now: Timestamp) -> Timestamp {
    let age = door.settings().session.cookie_age.duration();
    SessionExpiry::of_local(data, door.times().zone()).date(age, now)
}
