//! Counting on a real server, and what happens while it is away.
//!
//! Each test has a server of its own; where none is installed it says so and ends.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and measures real time"
)]

#[cfg(test)]
mod blacklist;
#[cfg(test)]
mod cluster;
#[cfg(test)]
mod clustered;
#[cfg(test)]
mod counting;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod impostors;
#[cfg(test)]
mod latency;
#[cfg(test)]
mod log;
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod process;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod sentinels;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod tls_files;
#[cfg(test)]
mod values;
#[cfg(test)]
mod watched;

use std::time::{Duration, Instant};

use doorward_core::settings::{Period, RedisSettings};
use doorward_core::throttling::ThrottleHistory;
use doorward_django::sliding_window::{Algorithm, Limit, Verdict};
use doorward_django::throttle_key::ThrottleKey;
use doorward_django::timestamp::Timestamp;
use doorward_redis::{Redis, RedisThrottleHistory};

fn limit(rates: &str) -> Limit {
    Limit {
        rates: rates.parse().unwrap(),
        algorithm: Algorithm::SlidingWindow,
    }
}

fn key(ident: &str) -> ThrottleKey {
    ThrottleKey::new("test", "client", &ident)
}

/// A store that waits for an answer for as long as the settings' default says.
async fn open(url: &str) -> RedisThrottleHistory {
    waiting(url, Duration::from_millis(50)).await
}

async fn waiting(url: &str, timeout: Duration) -> RedisThrottleHistory {
    RedisThrottleHistory::new(&client(&settings(url, timeout)).await)
}

fn settings(url: &str, timeout: Duration) -> RedisSettings {
    let mut settings = RedisSettings::default();
    settings.url = Some(url.to_owned().into());
    settings.prefix = "test:".to_owned();
    settings.timeout = Period::from_millis(timeout.as_millis().try_into().unwrap());
    settings
}

async fn client(settings: &RedisSettings) -> Redis {
    Redis::open(settings).await.unwrap().unwrap()
}

/// A hit, by a clock of the process that stands still: a server does not go by it.
async fn hit(history: &RedisThrottleHistory, ident: &str, limit: &Limit) -> Verdict {
    history
        .hit(key(ident), limit, Timestamp::from_secs(7))
        .await
        .unwrap()
}

/// Waits until a store counts on the server again, or no longer does.
async fn until_shared(history: &RedisThrottleHistory, shared: bool) {
    let start = Instant::now();
    while history.is_shared() != shared {
        assert!(start.elapsed() < Duration::from_secs(20), "shared: {shared}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
