//! Sessions where Django's caches keep them.

use std::time::Duration;

use doorward_core::stores::{CachedSession, Outage, SessionCache, Unless};
use doorward_django::secret::Secret;
use doorward_redis::RedisSessionCache;

use crate::process::RedisProcess;
use crate::{client, settings};

const LONG: Duration = Duration::from_secs(10);
const KEY: &str = ":1:django.contrib.sessions.cacheabcdefgh";

fn session(value: &[u8]) -> CachedSession {
    CachedSession {
        value: Secret::new(value.to_vec()),
        lifetime: Duration::from_secs(100),
    }
}

async fn kept(cache: &RedisSessionCache) -> Option<Vec<u8>> {
    let kept = cache.get(KEY).await.unwrap();
    kept.map(|value| value.expose().clone())
}

#[tokio::test]
async fn a_session_is_written_where_it_is_to_be() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let cache = RedisSessionCache::new(&client(&settings(&server.url(), LONG)).await);
    assert!(!cache.set(KEY, session(b"0"), Unless::Gone).await.unwrap());
    assert_eq!(kept(&cache).await, None);
    assert!(
        cache
            .set(KEY, session(b"\x80\x02}."), Unless::There)
            .await
            .unwrap()
    );
    assert!(!cache.set(KEY, session(b"2"), Unless::There).await.unwrap());
    assert_eq!(kept(&cache).await.as_deref(), Some(&b"\x80\x02}."[..]));
    assert!(cache.set(KEY, session(b"3"), Unless::Gone).await.unwrap());
    assert!(cache.set(KEY, session(b"4"), Unless::Never).await.unwrap());
    assert_eq!(kept(&cache).await.as_deref(), Some(&b"4"[..]));
    let left = server.command(&format!("TTL {KEY}")).unwrap();
    let left: u64 = left.trim().trim_start_matches(':').parse().unwrap();
    assert!((90..=100).contains(&left), "{left}");
    assert!(cache.delete(KEY).await.unwrap());
    assert!(!cache.delete(KEY).await.unwrap());
    assert_eq!(kept(&cache).await, None);
}

#[tokio::test]
async fn a_server_that_is_away_answers_nothing() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let cache = RedisSessionCache::new(&client(&settings(&server.url(), LONG)).await);
    drop(server);
    let failures = [
        cache.get(KEY).await.map(drop).unwrap_err(),
        cache
            .set(KEY, session(b"1"), Unless::Never)
            .await
            .map(drop)
            .unwrap_err(),
        cache.delete(KEY).await.map(drop).unwrap_err(),
    ];
    for failure in failures {
        assert_eq!(failure.outage(), Outage::Passing);
        assert!(!format!("{failure:?}").contains("abcdefgh"));
    }
}
