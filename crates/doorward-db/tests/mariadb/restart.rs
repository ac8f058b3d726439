//! A server that is killed under load.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use doorward_db::Database;
use tokio::time::{sleep, timeout};

use crate::process::MariaDbProcess;

/// All that was answered is there, and nothing is there twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_under_load_loses_nothing_that_was_answered() {
    let Some(server) = MariaDbProcess::start() else {
        return;
    };
    let admin = Database::open(&format!("{}/mysql", server.url())).await.unwrap();
    admin.execute("CREATE DATABASE restarts", []).await.unwrap();
    let database = Database::open(&format!("{}/restarts", server.url()))
        .await
        .unwrap();
    database.execute("CREATE TABLE t (n bigint)", []).await.unwrap();
    let (next, ends) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicBool::new(false)));
    let tasks: Vec<_> = (0..8)
        .map(|_| tokio::spawn(write_on(database.clone(), Arc::clone(&next), Arc::clone(&ends))))
        .collect();
    for _ in 0..2 {
        sleep(Duration::from_millis(300)).await;
        server.kill();
        server.run();
    }
    sleep(Duration::from_millis(500)).await;
    ends.store(true, Ordering::Relaxed);
    let mut answered = Vec::new();
    for task in tasks {
        answered.extend(
            timeout(Duration::from_secs(60), task)
                .await
                .expect("it ends")
                .unwrap(),
        );
    }
    let rows = database
        .fetch_all("SELECT n FROM t ORDER BY n", [])
        .await
        .unwrap();
    let stored: Vec<i64> = rows.iter().map(|row| row.read(0).unwrap()).collect();
    let mut once = stored.clone();
    once.dedup();
    assert_eq!(once, stored, "nothing twice");
    assert!(answered.len() > 20, "{}", answered.len());
    assert!(
        answered.iter().all(|n| stored.binary_search(n).is_ok()),
        "what was answered is there"
    );
}

async fn write_on(database: Database, next: Arc<AtomicI64>, ends: Arc<AtomicBool>) -> Vec<i64> {
    let mut answered = Vec::new();
    while !ends.load(Ordering::Relaxed) {
        let n = next.fetch_add(1, Ordering::Relaxed);
        match database.execute("INSERT INTO t VALUES (?)", [n.into()]).await {
            Ok(_) => answered.push(n),
            Err(error) => assert!(error.trouble().is_some(), "{error:?}"),
        }
    }
    answered
}
