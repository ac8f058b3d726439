//! Values that others keep on a server: what they get back, and when it is gone.

use std::time::{Duration, Instant};

use doorward_django::timestamp::Timestamp;
use doorward_redis::{Expiry, Failure, Redis};

use crate::clustered::Clustered;
use crate::process::RedisProcess;
use crate::{client, settings};

const LONG: Duration = Duration::from_secs(10);

async fn are_kept(redis: &Redis) {
    for number in 0..20 {
        let key = &format!(":1:value {number}");
        assert_eq!(redis.get(key).await.unwrap(), None);
        assert!(redis.add(key, b"first\x00\xff", Expiry::Never).await.unwrap());
        assert!(!redis.add(key, b"second", Expiry::Never).await.unwrap());
        assert_eq!(
            redis.get(key).await.unwrap().as_deref(),
            Some(&b"first\x00\xff"[..])
        );
        assert!(redis.replace(key, b"third", Expiry::In(LONG)).await.unwrap());
        assert_eq!(redis.get(key).await.unwrap().as_deref(), Some(&b"third"[..]));
        redis.set(key, b"", Expiry::In(LONG)).await.unwrap();
        assert_eq!(redis.get(key).await.unwrap().as_deref(), Some(&b""[..]));
        assert!(redis.delete(key).await.unwrap());
        assert!(!redis.delete(key).await.unwrap());
        assert!(!redis.replace(key, b"fourth", Expiry::Never).await.unwrap());
        assert_eq!(redis.get(key).await.unwrap(), None);
    }
    assert!(redis.is_reachable());
}

#[tokio::test]
async fn values_are_kept_on_one_server_and_on_a_cluster() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    are_kept(&client(&settings(&server.url(), LONG)).await).await;
    let Some(cluster) = Clustered::start().await else {
        return;
    };
    let mut settings = settings(&cluster.url(), LONG);
    settings.cluster = true;
    are_kept(&client(&settings).await).await;
}

#[tokio::test]
async fn values_are_gone_at_their_time() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let redis = client(&settings(&server.url(), LONG)).await;
    let left = |key: &str| server.command(&format!("PTTL {key}")).unwrap();
    redis
        .set("in", b"1", Expiry::In(Duration::from_millis(1_500)))
        .await
        .unwrap();
    let millis: u64 = left("in").trim().trim_start_matches(':').parse().unwrap();
    assert!((1_000..=1_500).contains(&millis), "{millis}");
    redis.set("never", b"1", Expiry::Never).await.unwrap();
    assert_eq!(left("never"), ":-1\r\n");
    redis.set("far", b"1", Expiry::In(Duration::MAX)).await.unwrap();
    assert!(left("far").len() > 12, "{}", left("far"));
    let at = Timestamp::from_secs(4_000_000_000);
    redis.set("at", b"1", Expiry::At(at)).await.unwrap();
    let moment = server.command("PEXPIRETIME at").unwrap();
    assert!(
        moment == ":4000000000000\r\n" || moment.starts_with("-ERR unknown"),
        "{moment}"
    );
    for over in [
        Expiry::At(Timestamp::from_secs(1)),
        Expiry::At(Timestamp::from_secs(-9)),
    ] {
        redis.set("over", b"1", over).await.unwrap();
        assert_eq!(redis.get("over").await.unwrap(), None, "{over:?}");
    }
    redis
        .set("at once", b"1", Expiry::In(Duration::ZERO))
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert_eq!(redis.get("at once").await.unwrap(), None);
}

#[tokio::test]
async fn who_asks_a_server_that_is_away_is_told_at_once() {
    let Some(mut server) = RedisProcess::start() else {
        return;
    };
    let redis = client(&settings(&server.url(), LONG)).await;
    redis.set("value", b"1", Expiry::Never).await.unwrap();
    server.kill();
    let failure = redis.get("value").await.unwrap_err();
    assert!(matches!(failure, Failure::Connection(_)), "{failure}");
    let start = Instant::now();
    for _ in 0..100 {
        let failure = redis.get("value").await.unwrap_err();
        assert!(matches!(failure, Failure::Away), "{failure}");
    }
    assert!(start.elapsed() < Duration::from_millis(100));
    server.start_again();
    while !redis.is_reachable() {
        assert!(start.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(
        redis.get("value").await.unwrap(),
        None,
        "it was kept in memory alone"
    );
}

#[tokio::test]
async fn without_an_address_there_is_no_server() {
    let settings = doorward_core::settings::RedisSettings::default();
    assert!(Redis::open(&settings).await.unwrap().is_none());
}
