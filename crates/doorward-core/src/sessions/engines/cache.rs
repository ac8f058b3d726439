//! Sessions in a cache alone (`django.contrib.sessions.backends.cache`).

use std::sync::Arc;
use std::time::Duration;

use doorward_django::secret::Secret;
use doorward_django::sessions::{
    CacheEngine, CacheFormat, CacheFormatError, Compressor, Serializer, SessionData, SessionKey,
};
use doorward_django::timestamp::Timestamp;

use super::{Kept, Writing, expire_date};
use crate::door::Door;
use crate::exceptions::{ApiException, Result};
use crate::settings::{SessionCacheSettings, SessionCompressor, SessionSerializer};
use crate::stores::{CachedSession, Replaced, SessionCache, SessionPlace, Unless};

/// A cache, and how Django names and writes there what an engine keeps.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    engine: CacheEngine,
    cache: Arc<dyn SessionCache>,
    format: Arc<CacheFormat>,
}

impl Cache {
    pub(super) fn new(
        engine: CacheEngine,
        cache: Arc<dyn SessionCache>,
        settings: &SessionCacheSettings,
    ) -> Self {
        Self {
            engine,
            cache,
            format: Arc::new(format(settings)),
        }
    }

    /// The session that the cache keeps. What cannot be read is told in the log.
    pub(super) async fn load(&self, door: &Door, key: &SessionKey) -> Result<Kept> {
        let Some(kept) = self.cache.get(self.key(key).expose()).await? else {
            return Ok(Kept::Nothing);
        };
        Ok(match self.decode(door, kept).await? {
            Ok(data) => Kept::Session(data),
            Err(error) => {
                self.tell(&error);
                Kept::Foreign
            }
        })
    }

    fn tell(&self, error: &CacheFormatError) {
        match self.engine {
            CacheEngine::Cache => tracing::warn!(
                error.cause = %error,
                "a session in the cache is read by Django only, and its visitor is anonymous here; let the project keep \
                 plain values in sessions, and see that `[session.cache]` says what CACHES says"
            ),
            CacheEngine::CachedDb => tracing::warn!(
                error.cause = %error,
                "a session in the cache is not read, and the table is asked instead; see that `[session.cache]` says \
                 what CACHES says"
            ),
        }
    }

    async fn decode(
        &self,
        door: &Door,
        kept: Secret<Vec<u8>>,
    ) -> Result<std::result::Result<SessionData, CacheFormatError>> {
        let (format, size) = (Arc::clone(&self.format), self.weight(&kept));
        let work = move || format.decode(kept.expose());
        door.parser_rules().lane().run(size, work).await
    }

    /// What reading it costs, in bytes: what was compressed grows.
    fn weight(&self, kept: &Secret<Vec<u8>>) -> usize {
        const GROWTH: usize = 16;
        match self.format.compressor {
            Compressor::None => kept.expose().len(),
            Compressor::Zlib | Compressor::Gzip => kept.expose().len().saturating_mul(GROWTH),
        }
    }

    /// Keeps the session, and then `last_login` of whoever it was opened for; at last the old key goes. What fails before
    /// that leaves the old session as it was.
    pub(super) async fn put(&self, door: &Door, writing: Writing<'_>) -> Result<Replaced> {
        let (key, place) = (writing.key, writing.place);
        let unless = match place {
            SessionPlace::Same => Unless::Gone,
            SessionPlace::New | SessionPlace::Of(_) => Unless::There,
        };
        let session = self.session(door, writing.data, writing.at)?;
        if !self.set(key, session, unless).await? {
            return Ok(match unless {
                Unless::Gone => Replaced::Gone,
                Unless::There | Unless::Never => Replaced::Taken,
            });
        }
        let done = self.settle(door, writing).await;
        if !matches!(done, Ok(Replaced::Done)) && place != SessionPlace::Same {
            // Nobody knows its key.
            let _ = self.delete(key).await;
        }
        done
    }

    /// What follows on a session that is kept.
    async fn settle(&self, door: &Door, writing: Writing<'_>) -> Result<Replaced> {
        if let Some(user) = writing.opened_for {
            door.stores().users.set_last_login(user, writing.at).await?;
        }
        let SessionPlace::Of(old) = writing.place else {
            return Ok(Replaced::Done);
        };
        let Some(old) = SessionKey::parse(old) else {
            return Ok(Replaced::Gone);
        };
        match self.forget(&old).await? {
            true => Ok(Replaced::Done),
            false => Ok(Replaced::Gone),
        }
    }

    pub(super) async fn delete(&self, key: &SessionKey) -> Result {
        self.forget(key).await.map(drop)
    }

    /// Forgets a key, and tells whether it was there.
    pub(super) async fn forget(&self, key: &SessionKey) -> Result<bool> {
        Ok(self.cache.delete(self.key(key).expose()).await?)
    }

    /// Keeps a session; one that has ended already is forgotten, as Django's caches do.
    pub(super) async fn set(&self, key: &SessionKey, session: CachedSession, unless: Unless) -> Result<bool> {
        let key = self.key(key);
        if session.lifetime.is_zero() {
            let was_there = self.cache.delete(key.expose()).await?;
            return Ok(was_there || unless != Unless::Gone);
        }
        Ok(self.cache.set(key.expose(), session, unless).await?)
    }

    /// What the cache keeps of a session that is saved at `now`.
    ///
    /// # Errors
    /// 500 for one that is too large to be read again.
    pub(super) fn session(&self, door: &Door, data: &SessionData, now: Timestamp) -> Result<CachedSession> {
        self.session_until(data, expire_date(door, data, now), now)
    }

    /// The same, for a session that ends then.
    pub(super) fn session_until(
        &self,
        data: &SessionData,
        end: Timestamp,
        now: Timestamp,
    ) -> Result<CachedSession> {
        let value = self.format.encode(data).map_err(ApiException::server_error)?;
        // Django's caches count in seconds.
        let seconds = end.since(now).as_secs();
        Ok(CachedSession {
            value: Secret::new(value),
            lifetime: Duration::from_secs(seconds),
        })
    }

    fn key(&self, key: &SessionKey) -> Secret<String> {
        Secret::new(self.format.key(self.engine, key))
    }
}

fn format(settings: &SessionCacheSettings) -> CacheFormat {
    CacheFormat {
        key_prefix: settings.key_prefix.clone(),
        version: settings.version,
        serializer: match settings.serializer {
            SessionSerializer::Pickle => Serializer::Pickle,
            SessionSerializer::Json => Serializer::Json,
        },
        compressor: match settings.compressor {
            SessionCompressor::None => Compressor::None,
            SessionCompressor::Zlib => Compressor::Zlib,
            SessionCompressor::Gzip => Compressor::Gzip,
        },
    }
}
