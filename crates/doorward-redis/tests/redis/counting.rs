//! What is counted on a server that answers.

use std::sync::Arc;
use std::time::Duration;

use doorward_core::throttling::ThrottleHistory;
use doorward_django::sliding_window::{Algorithm, Limit, Verdict};
use doorward_django::timestamp::Timestamp;
use doorward_redis::Redis;
use tokio::task::JoinSet;

use crate::process::RedisProcess;
use crate::{hit, key, limit, settings, waiting};

const LONG: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn of_forty_at_once_on_two_stores_three_pass() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let stores = [
        Arc::new(waiting(&server.url(), LONG).await),
        Arc::new(waiting(&server.url(), LONG).await),
    ];
    for round in 0..100 {
        let mut hits = JoinSet::new();
        for place in 0..40 {
            let store = Arc::clone(&stores[place % 2]);
            hits.spawn(async move { hit(&store, &format!("{round}"), &limit("3/min")).await });
        }
        let verdicts = hits.join_all().await;
        let passed = verdicts.iter().filter(|verdict| verdict.is_allowed()).count();
        assert_eq!(passed, 3, "round {round}");
    }
    assert!(stores.iter().all(|store| store.is_shared()));
}

#[tokio::test]
async fn the_server_s_clock_counts_and_not_the_node_s() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let store = waiting(&server.url(), LONG).await;
    for algorithm in [Algorithm::SlidingWindow, Algorithm::Gcra] {
        let limit = Limit {
            algorithm,
            ..limit("1/s")
        };
        let (early, late) = (Timestamp::from_secs(0), Timestamp::from_secs(1_000_000));
        assert!(store.hit(key("clock"), &limit, early).await.unwrap().is_allowed());
        let Verdict::Denied { wait: Some(wait), .. } = store.hit(key("clock"), &limit, late).await.unwrap()
        else {
            panic!("no second has passed on the server")
        };
        assert!(
            wait > Duration::ZERO && wait <= Duration::from_secs(1),
            "{wait:?}"
        );
        tokio::time::sleep(wait).await;
        assert!(store.hit(key("clock"), &limit, early).await.unwrap().is_allowed());
    }
}

#[tokio::test]
async fn keys_expire_by_themselves() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let store = waiting(&server.url(), LONG).await;
    for algorithm in [Algorithm::SlidingWindow, Algorithm::Gcra] {
        for _ in 0..3 {
            hit(
                &store,
                "expiry",
                &Limit {
                    algorithm,
                    ..limit("2/s,3/2s")
                },
            )
            .await;
        }
    }
    let keys = server.command("DBSIZE").unwrap();
    assert!(keys.trim() >= ":4", "{keys}");
    tokio::time::sleep(Duration::from_millis(3_500)).await;
    assert_eq!(server.command("DBSIZE").as_deref(), Some(":0\r\n"));
}

#[tokio::test]
async fn keys_outlive_what_they_count() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let store = waiting(&server.url(), LONG).await;
    for (algorithm, wanted) in [(Algorithm::SlidingWindow, 60_000), (Algorithm::Gcra, 40_000)] {
        let limit = Limit {
            algorithm,
            ..limit("3/min")
        };
        hit(&store, "lives", &limit).await;
        hit(&store, "lives", &limit).await;
        let name = match algorithm {
            Algorithm::SlidingWindow => "log:60",
            Algorithm::Gcra => "gcra:3/m",
        };
        let digest: String = key("lives")
            .as_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let left = server
            .command(&format!("PTTL test:throttle:{{{digest}}}:{name}"))
            .unwrap();
        let left: i64 = left.trim().trim_start_matches(':').parse().unwrap();
        assert!(
            (wanted - 10_000..=wanted + 1_000).contains(&left),
            "{algorithm:?}: {left}"
        );
    }
}

#[tokio::test]
async fn a_server_that_forgot_its_scripts_gets_them_again() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let store = waiting(&server.url(), LONG).await;
    assert!(hit(&store, "script", &limit("1/min")).await.is_allowed());
    assert_eq!(server.command("SCRIPT FLUSH").as_deref(), Some("+OK\r\n"));
    assert!(!hit(&store, "script", &limit("1/min")).await.is_allowed());
    assert!(store.is_shared());
}

#[tokio::test]
async fn a_hit_is_one_round_trip() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let store = waiting(&server.url(), LONG).await;
    hit(&store, "warm", &limit("10/s,1000/d")).await;
    server.command("CONFIG RESETSTAT");
    for _ in 0..10 {
        hit(&store, "trips", &limit("10/s,1000/d")).await;
    }
    let stats = server.command("INFO commandstats").unwrap();
    let calls = |name: &str| {
        let line = stats
            .lines()
            .find(|line| line.starts_with(&format!("cmdstat_{name}:")));
        line.map(|line| line.split([':', ',']).nth(1).unwrap().to_owned())
    };
    assert_eq!(calls("evalsha").as_deref(), Some("calls=10"), "{stats}");
    assert_eq!(calls("eval"), None);
}

#[tokio::test]
async fn a_password_is_sent_and_never_told() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    server.command("CONFIG SET requirepass hunter2");
    let port = server.url().rsplit(':').next().unwrap().to_owned();
    let url = |password: &str| format!("redis://:{password}@127.0.0.1:{port}/3");
    assert!(waiting(&url("hunter2"), LONG).await.is_shared());
    let log = crate::log::Log::default();
    let wrong = log.record(waiting(&url("hunter3"), LONG)).await;
    assert!(!wrong.is_shared());
    assert!(
        log.text().contains("Redis is away") && !log.text().contains("hunter"),
        "{}",
        log.text()
    );
}

#[tokio::test]
async fn an_impossible_address_is_told_without_its_password() {
    for url in [
        "redis://:hunter2@",
        "http://hunter2@localhost",
        "redis://:hunter2@localhost/hunter2",
        "redis://:hunter2@localhost:99999",
    ] {
        let error = Redis::open(&settings(url, LONG)).await.unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
