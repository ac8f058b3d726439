//! What the user of a server has to be allowed to do.

use std::time::Duration;

use doorward_core::stores::{BlacklistedToken, CachedSession, SessionCache, SharedBlacklist, Unless};
use doorward_core::throttling::ThrottleHistory;
use doorward_django::secret::Secret;
use doorward_django::sliding_window::{Algorithm, Limit};
use doorward_django::timestamp::Timestamp;
use doorward_redis::{Redis, RedisBlacklist, RedisSessionCache, RedisThrottleHistory};

use crate::process::RedisProcess;
use crate::{client, key, settings};

/// The rights that the guide names.
fn rights() -> String {
    let guide = include_str!("../../../../docs/guide/src/redis.md");
    let mut lines = guide.lines();
    let line = lines.find(|line| line.starts_with("user doorward on >password "));
    line.unwrap().replace("~doorward:*", "~test:*")
}

#[tokio::test]
async fn what_the_guide_names_is_enough() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let told = server.command(&format!("ACL SETUSER {}", rights().trim_start_matches("user ")));
    assert_eq!(told.as_deref(), Some("+OK\r\n"));
    let url = server.url().replace("redis://", "redis://doorward:password@");
    let redis = client(&settings(&format!("{url}/2"), Duration::from_secs(10))).await;
    let (store, blacklist) = (RedisThrottleHistory::new(&redis), RedisBlacklist::new(&redis));
    for algorithm in [Algorithm::SlidingWindow, Algorithm::Gcra] {
        let limit = Limit {
            rates: "1/s,3/min".parse().unwrap(),
            algorithm,
        };
        for _ in 0..2 {
            store
                .hit(key("rights"), &limit, Timestamp::from_secs(7))
                .await
                .unwrap();
            // Over, so that times are dropped.
            tokio::time::sleep(Duration::from_millis(1_100)).await;
        }
    }
    let token = BlacklistedToken {
        row: 0,
        jti: "rights".to_owned(),
        expires_at: Timestamp::from_secs(4_000_000_000),
    };
    blacklist.add(&[token]).await.unwrap();
    assert!(blacklist.holds("rights").await);
    assert_eq!(blacklist.clear().await.unwrap(), 1);
    redis.delete("test:nothing").await.unwrap();
    assert!(store.is_shared());
}

/// A project's user may touch the keys of its own cache, with the commands that its cache sends: no script, no key of ours, and
/// on the last line not even `PING`.
#[tokio::test]
async fn the_rights_of_a_project_s_cache_are_enough_for_its_sessions() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    for rights in ["+get +set +del +ping", "+get +set +del"] {
        let told = server.command(&format!("ACL SETUSER shop reset on >password ~:1:* {rights}"));
        assert_eq!(told.as_deref(), Some("+OK\r\n"));
        let url = server.url().replace("redis://", "redis://shop:password@");
        let opened = Redis::open_for_django(&settings(&url, Duration::from_secs(10))).await;
        let cache = RedisSessionCache::new(&opened.unwrap().unwrap());
        let session = CachedSession {
            value: Secret::new(b"{}".to_vec()),
            lifetime: Duration::from_secs(100),
        };
        assert!(
            cache.set(":1:key", session, Unless::Never).await.unwrap(),
            "{rights}"
        );
        assert!(cache.get(":1:key").await.unwrap().is_some(), "{rights}");
    }
}
