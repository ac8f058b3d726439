//! [`Redis`]: a server that several nodes share, for whoever keeps something there.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use doorward_core::settings::{RedisSettings, SettingsError};
use doorward_django::timestamp::Timestamp;
use redis::aio::MultiplexedConnection;
use redis::{Cmd, Value};

use crate::breaker::{Breaker, Probe};
use crate::counters::Counters;
use crate::failure::Failure;
use crate::server::Server;

/// A Redis or Valkey server, the primary of a service that Sentinels watch over, or a cluster; cheap to clone.
///
/// A question that is not answered in time (`redis.timeout`), or refused, takes the connection away: until the server
/// answers again no other one waits, and each fails at once with [`Failure::Away`]. That is told once in the log, and by
/// `doorward_redis_breaker_open`.
///
/// Keys are written as they are given: what is Django's has Django's names, what is ours begins with `redis.prefix`.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use doorward_core::settings::RedisSettings;
/// use doorward_redis::{Expiry, Redis};
///
/// let mut settings = RedisSettings::default();
/// settings.url = Some("redis://127.0.0.1:6379/1".to_owned().into());
/// if let Some(redis) = Redis::open(&settings).await? {
///     redis.set(":1:greeting", b"hello", Expiry::In(Duration::from_secs(60))).await?;
///     assert_eq!(redis.get(":1:greeting").await?.as_deref(), Some(&b"hello"[..]));
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Redis(Arc<Breaker>);

/// When a value is gone by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// After so long, to the millisecond.
    In(Duration),
    /// At that moment, by the server's clock.
    At(Timestamp),
    /// Never.
    Never,
}

impl Redis {
    /// What the settings name; `None` where they name no server. One that is away is waited for in the background.
    ///
    /// # Errors
    /// An address that is none, and files for TLS that cannot be used.
    pub async fn open(settings: &RedisSettings) -> Result<Option<Self>, SettingsError> {
        Self::probed_by(Probe::Count, settings).await
    }

    /// As [`Redis::open`], for who keeps only what is Django's there: its user need not be allowed anything of ours.
    ///
    /// # Errors
    /// As [`Redis::open`].
    pub async fn open_for_django(settings: &RedisSettings) -> Result<Option<Self>, SettingsError> {
        Self::probed_by(Probe::Answer, settings).await
    }

    async fn probed_by(probe: Probe, settings: &RedisSettings) -> Result<Option<Self>, SettingsError> {
        let Some(url) = &settings.url else {
            return Ok(None);
        };
        let server = Server::new(settings, url)?;
        let counters = Counters::new(settings.prefix.clone());
        let breaker = Breaker::new(server, probe, counters, settings.timeout.duration()).await;
        Ok(Some(Self(breaker)))
    }

    /// Whether the server is asked at the moment.
    #[must_use]
    pub fn is_reachable(&self) -> bool {
        self.0.connection().is_some()
    }

    /// The value of a key; `None` where there is none.
    ///
    /// # Errors
    /// Where the server gave no answer.
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Failure> {
        match self.ask(key, redis::cmd("GET").arg(key)).await? {
            Value::Nil => Ok(None),
            Value::BulkString(value) => Ok(Some(value)),
            _ => Err(Failure::Nonsense),
        }
    }

    /// Gives a key a value, whatever it had.
    ///
    /// # Errors
    /// Where the server gave no answer; it may have written all the same.
    pub async fn set(&self, key: &str, value: &[u8], expiry: Expiry) -> Result<(), Failure> {
        match self.ask(key, &set(key, value, expiry)).await? {
            Value::Okay => Ok(()),
            _ => Err(Failure::Nonsense),
        }
    }

    /// Gives a key a value where it has none, in one step. Whether it did.
    ///
    /// # Errors
    /// As [`Redis::set`].
    pub async fn add(&self, key: &str, value: &[u8], expiry: Expiry) -> Result<bool, Failure> {
        match self.ask(key, set(key, value, expiry).arg("NX")).await? {
            Value::Okay => Ok(true),
            Value::Nil => Ok(false),
            _ => Err(Failure::Nonsense),
        }
    }

    /// Gives a key another value where it has one, in one step. Whether it did.
    ///
    /// # Errors
    /// As [`Redis::set`].
    pub async fn replace(&self, key: &str, value: &[u8], expiry: Expiry) -> Result<bool, Failure> {
        match self.ask(key, set(key, value, expiry).arg("XX")).await? {
            Value::Okay => Ok(true),
            Value::Nil => Ok(false),
            _ => Err(Failure::Nonsense),
        }
    }

    /// Takes a key away. Whether it was there.
    ///
    /// # Errors
    /// As [`Redis::set`].
    pub async fn delete(&self, key: &str) -> Result<bool, Failure> {
        match self.ask(key, redis::cmd("DEL").arg(key)).await? {
            Value::Int(deleted) => Ok(deleted > 0),
            _ => Err(Failure::Nonsense),
        }
    }

    async fn ask(&self, key: &str, command: &Cmd) -> Result<Value, Failure> {
        let connection = self.0.connection().ok_or(Failure::Away)?;
        let answer = async { Ok(connection.ask(key, command).await?) };
        self.0.settle(&connection, answer).await
    }

    pub(crate) fn breaker(&self) -> &Arc<Breaker> {
        &self.0
    }

    /// What every key of ours begins with.
    pub(crate) fn prefix(&self) -> &str {
        self.0.counters().prefix()
    }

    /// A connection to each primary, for what goes through all keys.
    pub(crate) fn primaries(&self) -> Result<Vec<MultiplexedConnection>, Failure> {
        let connection = self.0.connection().ok_or(Failure::Away)?;
        Ok(connection.primaries())
    }

    /// What comes of a question to one of the [`primaries`](Self::primaries), in the time that a request has.
    pub(crate) async fn settle<T>(
        &self,
        answer: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let connection = self.0.connection().ok_or(Failure::Away)?;
        self.0.settle(&connection, answer).await
    }
}

fn set(key: &str, value: &[u8], expiry: Expiry) -> Cmd {
    let mut command = redis::cmd("SET");
    command.arg(key).arg(value);
    // Zero and less is no time to Redis; what has gone by takes the key away.
    match expiry {
        Expiry::In(time) => {
            let millis = u64::try_from(time.as_millis()).unwrap_or(MOST);
            command.arg("PX").arg(millis.clamp(1, MOST));
        }
        Expiry::At(time) => {
            command.arg("PXAT").arg((time.as_micros() / 1_000).max(1));
        }
        Expiry::Never => {}
    }
    command
}

/// The longest time to live, in milliseconds; more of them than this, added to now, are no number to Redis.
const MOST: u64 = 1 << 53;

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redis")
    }
}
