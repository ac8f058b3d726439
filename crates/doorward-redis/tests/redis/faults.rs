//! A real server that is stopped, killed, filled up, emptied.

use std::time::{Duration, Instant};

use doorward_core::throttling::ThrottleHistory;
use doorward_django::timestamp::Timestamp;
use doorward_redis::RedisThrottleHistory;

use crate::log::Log;
use crate::process::{RedisProcess, free_port};
use crate::{hit, key, limit, open, until_shared};

/// What a request may wait for while the breaker decides, and what the machine needs beside it when it is busy.
pub(crate) const DECIDING: Duration = Duration::from_millis(50 + 75);

/// Hits under names of their own until one was counted alone; the longest that any took.
pub(crate) async fn longest_until_away(store: &RedisThrottleHistory) -> Duration {
    let mut longest = Duration::ZERO;
    for number in 0.. {
        let start = Instant::now();
        hit(store, &format!("away {number}"), &limit("3/min")).await;
        longest = longest.max(start.elapsed());
        if !store.is_shared() {
            break;
        }
    }
    longest
}

/// Nobody waits for a server that is away: the mean of many hits is that of a store in the process.
pub(crate) async fn assert_costs_nothing(store: &RedisThrottleHistory) {
    let start = Instant::now();
    for number in 0..1_000 {
        hit(store, &format!("free {number}"), &limit("3/min")).await;
    }
    let each = start.elapsed() / 1_000;
    assert!(!store.is_shared());
    assert!(each < Duration::from_millis(1), "{each:?} a hit");
}

pub(crate) async fn assert_limited_alone(store: &RedisThrottleHistory) {
    let limit = limit("3/min");
    for wanted in [true, true, true, false, false] {
        assert_eq!(hit(store, "limited alone", &limit).await.is_allowed(), wanted);
    }
}

pub(crate) async fn log_says(log: &Log, words: &str) {
    for _ in 0..2_000 {
        if log.count(words) > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("{words}: {}", log.text());
}

#[tokio::test]
async fn a_server_that_hangs_costs_one_wait_and_is_told_once() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let log = Log::default();
    let _logging = log.of_thread();
    let store = open(&server.url()).await;
    assert!(hit(&store, "before", &limit("1/min")).await.is_allowed());
    server.signal("STOP");
    let longest = longest_until_away(&store).await;
    assert!(longest <= DECIDING, "{longest:?}");
    assert_costs_nothing(&store).await;
    assert_limited_alone(&store).await;
    log_says(&log, "Redis is away").await;
    assert_costs_nothing(&store).await;
    server.signal("CONT");
    until_shared(&store, true).await;
    assert!(
        !hit(&store, "before", &limit("1/min")).await.is_allowed(),
        "it was counted on the server"
    );
    assert_eq!(
        (log.count("Redis is away"), log.count("Redis is back")),
        (1, 1),
        "{}",
        log.text()
    );
}

#[tokio::test]
async fn a_server_that_is_killed_is_found_again_when_it_is_back() {
    let Some(mut server) = RedisProcess::start() else {
        return;
    };
    let log = Log::default();
    let _logging = log.of_thread();
    let store = open(&server.url()).await;
    server.kill();
    let longest = longest_until_away(&store).await;
    assert!(longest <= DECIDING, "{longest:?}");
    assert_costs_nothing(&store).await;
    assert_limited_alone(&store).await;
    log_says(&log, "Redis is away").await;
    server.start_again();
    until_shared(&store, true).await;
    assert!(hit(&store, "after", &limit("1/min")).await.is_allowed());
    assert!(!hit(&store, "after", &limit("1/min")).await.is_allowed());
    assert!(store.is_shared());
    assert_eq!(
        (log.count("Redis is away"), log.count("Redis is back")),
        (1, 1),
        "{}",
        log.text()
    );
}

#[tokio::test]
async fn a_server_without_memory_is_away_until_it_has_some() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let log = Log::default();
    let _logging = log.of_thread();
    let store = open(&server.url()).await;
    server.command("CONFIG SET maxmemory 1mb");
    let longest = longest_until_away(&store).await;
    assert!(longest <= DECIDING, "{longest:?}");
    assert_limited_alone(&store).await;
    log_says(&log, "Redis is away").await;
    assert!(log.text().contains("OOM"), "{}", log.text());
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(!store.is_shared(), "it answers, and still cannot count");
    server.command("CONFIG SET maxmemory 0");
    until_shared(&store, true).await;
    assert_eq!(
        (log.count("Redis is away"), log.count("Redis is back")),
        (1, 1),
        "{}",
        log.text()
    );
}

#[tokio::test]
async fn a_server_that_is_emptied_counts_from_nothing() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let store = open(&server.url()).await;
    assert!(hit(&store, "emptied", &limit("1/min")).await.is_allowed());
    assert!(!hit(&store, "emptied", &limit("1/min")).await.is_allowed());
    assert_eq!(server.command("FLUSHALL").as_deref(), Some("+OK\r\n"));
    assert!(hit(&store, "emptied", &limit("1/min")).await.is_allowed());
    assert!(!hit(&store, "emptied", &limit("1/min")).await.is_allowed());
}

#[tokio::test]
async fn a_server_that_is_away_at_the_start_is_told_once_and_waited_for() {
    let Some(mut server) = RedisProcess::start() else {
        return;
    };
    let log = Log::default();
    let _logging = log.of_thread();
    server.kill();
    let store = open(&server.url()).await;
    assert_eq!(log.count("Redis is away"), 1, "{}", log.text());
    assert_limited_alone(&store).await;
    server.start_again();
    until_shared(&store, true).await;
    assert_eq!(
        (log.count("Redis is away"), log.count("Redis is back")),
        (1, 1),
        "{}",
        log.text()
    );
}

#[tokio::test]
async fn alone_a_node_allows_its_share_of_a_strict_limit() {
    let url = format!("redis://127.0.0.1:{}", free_port());
    let store = open(&url).await;
    let (limit, share) = (limit("6/min"), limit("2/min"));
    let now = Timestamp::from_secs(1);
    for wanted in [true, true, false] {
        let verdict = store.hit_with_share(key("login"), &limit, &share, now).await;
        assert_eq!(verdict.unwrap().is_allowed(), wanted);
    }
}

#[tokio::test]
async fn a_shared_store_counts_the_whole_limit() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let store = open(&server.url()).await;
    let (limit, share) = (limit("3/min"), limit("1/min"));
    for wanted in [true, true, true, false] {
        let verdict = store
            .hit_with_share(key("login"), &limit, &share, Timestamp::from_secs(1))
            .await;
        assert_eq!(verdict.unwrap().is_allowed(), wanted);
    }
}

#[tokio::test]
async fn nothing_runs_on_when_a_store_is_gone() {
    let url = format!("redis://127.0.0.1:{}", free_port());
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let before = tasks();
    let store = open(&url).await;
    assert_eq!(tasks(), before + 1);
    drop(store);
    for _ in 0..500 {
        if tasks() == before {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the task that tries to connect runs on");
}
