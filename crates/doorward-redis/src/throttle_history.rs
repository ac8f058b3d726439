//! [`RedisThrottleHistory`]: what throttles have counted, on a server that several nodes share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use doorward_core::Answer;
use doorward_core::stores::StoreAnswer;
use doorward_core::throttling::{MemoryThrottleHistory, ThrottleHistory};
use doorward_django::secret::Secret;
use doorward_django::sliding_window::{Algorithm, Limit, Verdict};
use doorward_django::throttle_key::ThrottleKey;
use doorward_django::timestamp::Timestamp;
use redis::aio::MultiplexedConnection;

use crate::breaker::{Breaker, Probe};
use crate::counters::Counters;
use crate::failure::Failure;
use crate::metrics;
use crate::server::{Server, UrlError};

/// What throttles have counted, on a Redis or Valkey server that several nodes share.
///
/// A hit is decided on the server, in one step and one round trip, by the server's clock. Keys are digests below a
/// prefix and expire by themselves.
///
/// Where the server does not answer in time, or refuses, the hit is counted in this process, and so are those after it
/// until the server answers again: none of them waits. A limit then holds per node; one that guards passwords holds by
/// its share ([`ThrottleHistory::hit_with_share`]).
pub struct RedisThrottleHistory {
    breaker: Arc<Breaker<Counted>>,
    alone: MemoryThrottleHistory,
}

impl RedisThrottleHistory {
    /// Counts on the server of that address, in keys that begin with `prefix`; a request waits for it for `timeout` at
    /// most. A server that is away is waited for in the background.
    ///
    /// # Errors
    /// An address that is none.
    pub async fn open(url: &Secret<String>, prefix: &str, timeout: Duration) -> Result<Self, UrlError> {
        let server = Server::new(url)?;
        let counted = Counted(Counters::new(prefix.to_owned()));
        Ok(Self {
            breaker: Breaker::new(server, counted, timeout).await,
            alone: MemoryThrottleHistory::default(),
        })
    }

    /// Whether hits are counted on the server at the moment.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.breaker.connection().is_some()
    }

    async fn ask(
        &self,
        connection: &Arc<MultiplexedConnection>,
        key: &ThrottleKey,
        limit: &Limit,
    ) -> Result<Verdict, Failure> {
        let counters = &self.breaker.probe().0;
        let hit = counters.hit(MultiplexedConnection::clone(connection), key, limit);
        self.breaker.in_time(hit).await
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
            match self.ask(&connection, &key, limit).await {
                Ok(verdict) => Ok(verdict),
                Err(failure) => {
                    self.breaker.failed(&connection, &failure);
                    metrics::counted_alone();
                    self.alone.hit(key, share, now).await
                }
            }
        })
    }
}

impl fmt::Debug for RedisThrottleHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisThrottleHistory")
    }
}

/// Counters that are asked whether they would count: by counting at a rate that nothing exceeds, so that each question
/// writes.
#[derive(Debug)]
struct Counted(Counters);

impl Probe for Counted {
    async fn ask(&self, connection: MultiplexedConnection) -> Result<(), Failure> {
        let key = ThrottleKey::new("", "probe", &"");
        let limit = Limit {
            rates: "1000000/s".parse().map_err(|_| Failure::Nonsense)?,
            algorithm: Algorithm::Gcra,
        };
        self.0.hit(connection, &key, &limit).await.map(drop)
    }
}
