//! [`RedisSessionCache`]: sessions where Django's caches keep them.

use std::fmt;

use doorward_core::Answer;
use doorward_core::stores::{CachedSession, Outage, SessionCache, StoreAnswer, StoreError, Unless};
use doorward_django::secret::Secret;

use crate::client::{Expiry, Redis};
use crate::failure::Failure;

/// A cache of sessions in Redis, as Django's `RedisCache` and django-redis use one.
///
/// Keys and values are Django's as they are. Where the server is away, nothing is answered: what follows is for who asks.
#[derive(Clone)]
pub struct RedisSessionCache(Redis);

impl RedisSessionCache {
    /// A cache on that server.
    #[must_use]
    pub fn new(redis: &Redis) -> Self {
        Self(redis.clone())
    }

    async fn put(&self, key: &str, session: CachedSession, unless: Unless) -> Result<bool, Failure> {
        let (value, expiry) = (session.value.expose(), Expiry::In(session.lifetime));
        match unless {
            Unless::Never => self.0.set(key, value, expiry).await.map(|()| true),
            Unless::There => self.0.add(key, value, expiry).await,
            Unless::Gone => self.0.replace(key, value, expiry).await,
        }
    }
}

impl SessionCache for RedisSessionCache {
    fn get<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, Option<Secret<Vec<u8>>>> {
        Answer::pending(async move {
            let kept = self.0.get(key).await.map_err(away)?;
            Ok(kept.map(Secret::new))
        })
    }

    fn set<'a>(&'a self, key: &'a str, session: CachedSession, unless: Unless) -> StoreAnswer<'a, bool> {
        Answer::pending(async move { self.put(key, session, unless).await.map_err(away) })
    }

    fn delete<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, bool> {
        Answer::pending(async move { self.0.delete(key).await.map_err(away) })
    }
}

fn away(failure: Failure) -> StoreError {
    StoreError::new("The cache of sessions is away.", Outage::Passing, failure)
}

impl fmt::Debug for RedisSessionCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisSessionCache")
    }
}
