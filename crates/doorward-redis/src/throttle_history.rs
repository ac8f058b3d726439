//! [`RedisThrottleHistory`]: what throttles have counted, on a server that several nodes share.

use std::fmt;
use std::sync::Arc;

use doorward_core::Answer;
use doorward_core::stores::StoreAnswer;
use doorward_core::throttling::{MemoryThrottleHistory, ThrottleHistory};
use doorward_django::sliding_window::{Limit, Verdict};
use doorward_django::throttle_key::ThrottleKey;
use doorward_django::timestamp::Timestamp;

use crate::breaker::Breaker;
use crate::client::Redis;
use crate::metrics;

/// What throttles have counted, on a Redis or Valkey server that several nodes share.
///
/// A hit is decided on the server, in one step and one round trip, by the server's clock. Keys are digests below a
/// prefix and expire by themselves.
///
/// Where the server does not answer in time, or refuses, the hit is counted in this process, and so are those after it
/// until the server answers again: none of them waits. A limit then holds per node; one that guards passwords holds by
/// its share ([`ThrottleHistory::hit_with_share`]).
pub struct RedisThrottleHistory {
    breaker: Arc<Breaker>,
    alone: MemoryThrottleHistory,
}

impl RedisThrottleHistory {
    /// Counts on that server, in keys that begin with the prefix of its settings.
    #[must_use]
    pub fn new(redis: &Redis) -> Self {
        Self {
            breaker: Arc::clone(redis.breaker()),
            alone: MemoryThrottleHistory::default(),
        }
    }

    /// Whether hits are counted on the server at the moment.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.breaker.connection().is_some()
    }
}

impl ThrottleHistory for RedisThrottleHistory {
    fn hit<'a>(&'a self, key: ThrottleKey, limit: &'a Limit, now: Timestamp) -> StoreAnswer<'a, Verdict> {
        self.hit_with_share(key, limit, limit, now)
    }

    fn hit_with_share<'a>(
        &'a self,
        key: ThrottleKey,
        limit: &'a Limit,
        share: &'a Limit,
        now: Timestamp,
    ) -> StoreAnswer<'a, Verdict> {
        let Some(connection) = self.breaker.connection() else {
            metrics::counted_alone();
            return self.alone.hit(key, share, now);
        };
        Answer::pending(async move {
            let hit = self.breaker.counters().hit(&connection, &key, limit);
            if let Ok(verdict) = self.breaker.settle(&connection, hit).await {
                return Ok(verdict);
            }
            metrics::counted_alone();
            self.alone.hit(key, share, now).await
        })
    }
}

impl fmt::Debug for RedisThrottleHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisThrottleHistory")
    }
}
