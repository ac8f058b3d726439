//! A service that a Sentinel watches over.

use std::time::Duration;

use doorward_core::settings::RedisSettings;
use doorward_redis::RedisThrottleHistory;

use crate::log::Log;
use crate::process::free_port;
use crate::tls_files::{TlsFiles, is_built_in};
use crate::watched::{SERVICE, Watched};
use crate::{client, hit, limit, settings, until_shared};

const LONG: Duration = Duration::from_secs(10);

fn told_by(sentinels: &[&str], login: &str) -> RedisSettings {
    let mut settings = settings(&format!("redis://{login}{SERVICE}"), LONG);
    settings.sentinels = sentinels.iter().map(|url| (*url).to_owned().into()).collect();
    settings
}

async fn store(settings: &RedisSettings) -> RedisThrottleHistory {
    RedisThrottleHistory::new(&client(settings).await)
}

#[tokio::test]
async fn the_primary_counts_and_when_it_is_gone_its_replica() {
    let Some(mut watched) = Watched::start().await else {
        return;
    };
    let log = Log::default();
    let _logging = log.of_thread();
    let away = format!("redis://127.0.0.1:{}", free_port());
    let store = store(&told_by(&[&away, &watched.sentinel], "")).await;
    assert!(store.is_shared());
    assert!(hit(&store, "failover", &limit("2/min")).await.is_allowed());
    // The replica has it when it answers to this.
    assert_eq!(watched.primary.command("WAIT 1 5000").as_deref(), Some(":1\r\n"));
    let counted = watched.primary.command("KEYS test:throttle:*").unwrap();
    assert!(counted.starts_with("*1"), "{counted}");
    watched.primary.kill();
    assert!(hit(&store, "alone", &limit("1/min")).await.is_allowed());
    assert!(!store.is_shared());
    watched.until_promoted().await;
    until_shared(&store, true).await;
    // It never knew the script, and has what was counted before.
    assert!(hit(&store, "failover", &limit("2/min")).await.is_allowed());
    assert!(!hit(&store, "failover", &limit("2/min")).await.is_allowed());
    assert!(store.is_shared());
    let told = (log.count("Redis is away"), log.count("Redis is back"));
    assert_eq!(told, (1, 1), "{}", log.text());
}

#[tokio::test]
async fn a_primary_that_was_made_a_replica_is_left() {
    let Some(watched) = Watched::start().await else {
        return;
    };
    let store = store(&told_by(&[&watched.sentinel], "")).await;
    assert!(hit(&store, "changed", &limit("1/min")).await.is_allowed());
    assert_eq!(watched.primary.command("WAIT 1 5000").as_deref(), Some(":1\r\n"));
    let asked = watched.command(&format!("SENTINEL FAILOVER {SERVICE}"));
    assert_eq!(asked.as_deref(), Some("+OK\r\n"));
    watched.until_promoted().await;
    // It may be asked until it knows; then it refuses, or closes the connection.
    for number in 0.. {
        hit(&store, &format!("changing {number}"), &limit("1/min")).await;
        let counted = watched.replica.command("KEYS test:throttle:*").unwrap();
        if store.is_shared() && !counted.starts_with("*0") && !counted.starts_with("*1\r") {
            break;
        }
        assert!(number < 1_000, "nothing is counted on the new primary");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!hit(&store, "changed", &limit("1/min")).await.is_allowed());
}

#[tokio::test]
async fn a_service_that_nobody_knows_is_away() {
    let Some(watched) = Watched::start().await else {
        return;
    };
    let log = Log::default();
    let _logging = log.of_thread();
    let mut settings = told_by(&[&watched.sentinel], "");
    settings.url = Some("redis://:hunter2@another".to_owned().into());
    let store = store(&settings).await;
    assert!(!store.is_shared());
    assert!(hit(&store, "alone", &limit("1/min")).await.is_allowed());
    assert!(
        log.text()
            .contains("no Sentinel tells where the primary of `another` is"),
        "{}",
        log.text()
    );
    // A server that is no Sentinel.
    let url = watched.primary.url();
    assert!(!client(&told_by(&[&url], "")).await.is_reachable());
    assert!(!log.text().contains("hunter2"), "{}", log.text());
}

#[tokio::test]
async fn a_sentinel_has_a_password_of_its_own() {
    let Some(watched) = Watched::start().await else {
        return;
    };
    watched.command(&format!("SENTINEL SET {SERVICE} auth-pass hunter3"));
    watched.command("ACL SETUSER default resetpass >hunter2");
    for server in [&watched.primary, &watched.replica] {
        server.command("CONFIG SET masterauth hunter3");
        server.command("CONFIG SET requirepass hunter3");
    }
    let log = Log::default();
    let _logging = log.of_thread();
    let with_password = watched.sentinel.replace("redis://", "redis://:hunter2@");
    assert!(
        client(&told_by(&[&with_password], ":hunter3@"))
            .await
            .is_reachable()
    );
    assert!(
        !client(&told_by(&[&watched.sentinel], ":hunter3@"))
            .await
            .is_reachable()
    );
    assert!(
        !client(&told_by(&[&with_password], ":hunter2@"))
            .await
            .is_reachable()
    );
    assert!(!client(&told_by(&[&with_password], "")).await.is_reachable());
    assert!(
        log.count("Redis is away") == 3 && !log.text().contains("hunter"),
        "{}",
        log.text()
    );
}

#[tokio::test]
async fn all_of_it_goes_over_tls() {
    if !is_built_in() {
        return;
    }
    let files = TlsFiles::new();
    let Some(mut watched) = Watched::start_with(Some(&files)).await else {
        return;
    };
    let mut settings = told_by(&[&watched.sentinel], "");
    settings.url = Some(format!("rediss://{SERVICE}").into());
    files.tell(&mut settings);
    let store = store(&settings).await;
    assert!(store.is_shared());
    assert!(hit(&store, "tls", &limit("1/min")).await.is_allowed());
    watched.primary.kill();
    hit(&store, "alone", &limit("1/min")).await;
    watched.until_promoted().await;
    until_shared(&store, true).await;
    assert!(hit(&store, "after", &limit("1/min")).await.is_allowed());
    assert!(!hit(&store, "after", &limit("1/min")).await.is_allowed());
}
