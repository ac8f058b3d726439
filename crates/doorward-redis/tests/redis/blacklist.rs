//! Tokens that were taken back, as several nodes know them.

use std::time::{Duration, Instant};

use doorward_core::stores::{BlacklistedToken, SharedBlacklist};
use doorward_django::timestamp::Timestamp;
use doorward_redis::{Expiry, Redis, RedisBlacklist};
use metrics_exporter_prometheus::PrometheusBuilder;

use crate::clustered::Clustered;
use crate::process::RedisProcess;
use crate::{client, settings};

const LONG: Duration = Duration::from_secs(10);
/// The year 2096.
const ENDS: Timestamp = Timestamp::from_secs(4_000_000_000);

fn token(jti: impl Into<String>, expires_at: Timestamp) -> BlacklistedToken {
    BlacklistedToken {
        row: 0,
        jti: jti.into(),
        expires_at,
    }
}

async fn is_written_and_emptied(redis: &Redis) {
    let blacklist = RedisBlacklist::new(redis);
    let tokens: Vec<_> = (0..2_345)
        .map(|number| token(format!("id {number}"), ENDS))
        .collect();
    blacklist.add(&tokens).await.unwrap();
    for number in [0, 99, 100, 2_344] {
        assert!(blacklist.holds(&format!("id {number}")).await);
        assert!(!blacklist.holds(&format!("ID {number}")).await);
    }
    // What is not the blacklist's stays.
    redis.set("test:other", b"1", Expiry::Never).await.unwrap();
    redis
        .set("test-blacklist:other", b"1", Expiry::Never)
        .await
        .unwrap();
    assert_eq!(blacklist.clear().await.unwrap(), 2_345);
    assert!(!blacklist.holds("id 0").await);
    assert!(redis.get("test:other").await.unwrap().is_some());
    assert!(redis.get("test-blacklist:other").await.unwrap().is_some());
    assert_eq!(blacklist.clear().await.unwrap(), 0);
}

#[tokio::test]
async fn it_is_written_and_emptied_on_one_server_and_on_a_cluster() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    is_written_and_emptied(&client(&settings(&server.url(), LONG)).await).await;
    let Some(cluster) = Clustered::start().await else {
        return;
    };
    let mut settings = settings(&cluster.url(), LONG);
    settings.cluster = true;
    is_written_and_emptied(&client(&settings).await).await;
}

#[tokio::test]
async fn keys_are_digests_and_gone_when_the_token_ends() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let blacklist = RedisBlacklist::new(&client(&settings(&server.url(), LONG)).await);
    let id = "2f1f1f1e4b3d4c5a8e9f0a1b2c3d4e5f";
    blacklist
        .add(&[token(id, ENDS), token("ended", Timestamp::from_secs(1))])
        .await
        .unwrap();
    assert!(blacklist.holds(id).await && !blacklist.holds("ended").await);
    // hashlib.sha256(b"2f1f1f1e4b3d4c5a8e9f0a1b2c3d4e5f").hexdigest()
    let key = "test:blacklist:91b53c72c394eccbfe934b1483545e5f9f7e630b715311e2cfd18f4e2ab0802c";
    assert_eq!(
        server.command(&format!("EXISTS {key}")).as_deref(),
        Some(":1\r\n")
    );
    let left = server.command(&format!("TTL {key}")).unwrap();
    let left: i64 = left.trim().trim_start_matches(':').parse().unwrap();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let wanted = ENDS.as_secs() - i64::try_from(now.as_secs()).unwrap();
    assert!(
        (wanted - 5..=wanted + 5).contains(&left),
        "{left} and not {wanted}"
    );
    let keys = server.command("KEYS *").unwrap();
    assert!(!keys.contains(id), "{keys}");
}

#[tokio::test]
async fn what_is_on_it_is_known_to_every_node() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let one = RedisBlacklist::new(&client(&settings(&server.url(), LONG)).await);
    let other = RedisBlacklist::new(&client(&settings(&server.url(), LONG)).await);
    one.add(&[token("shared", ENDS)]).await.unwrap();
    assert!(other.holds("shared").await);
}

#[tokio::test]
async fn while_the_server_is_away_it_holds_nothing_and_says_so() {
    let Some(mut server) = RedisProcess::start() else {
        return;
    };
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _recording = metrics::set_default_local_recorder(&recorder);
    let blacklist = RedisBlacklist::new(&client(&settings(&server.url(), LONG)).await);
    blacklist.add(&[token("taken back", ENDS)]).await.unwrap();
    assert!(blacklist.holds("taken back").await);
    assert!(!blacklist.holds("another").await);
    server.kill();
    let start = Instant::now();
    for _ in 0..10 {
        assert!(!blacklist.holds("taken back").await);
    }
    assert!(start.elapsed() < Duration::from_millis(100));
    assert!(blacklist.add(&[token("later", ENDS)]).await.is_err());
    assert!(blacklist.clear().await.is_err());
    let told = handle.render();
    for (answer, count) in [("hit", 1), ("absent", 1), ("away", 10)] {
        let line = format!("doorward_redis_blacklist_lookups_total{{answer=\"{answer}\"}} {count}");
        assert!(told.lines().any(|told| told == line), "{line}: {told}");
    }
}
