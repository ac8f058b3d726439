//! Servers that stop, come back, or leave their place to another.

use std::time::Duration;

use doorward_db::{Database, Opening, PoolSettings, Trouble};
use tokio::time::{Instant, sleep};

use crate::process::PostgresProcess;

async fn with_table(url: &str) -> Database {
    let pool = PoolSettings {
        connect_timeout: Duration::from_secs(2),
        ..PoolSettings::default()
    };
    let database = Database::open_with(url, Opening::Existing, &pool).await.unwrap();
    database.execute("CREATE TABLE t (n integer)", []).await.unwrap();
    database
}

async fn insert(database: &Database) -> Result<u64, doorward_db::DatabaseError> {
    database.execute("INSERT INTO t VALUES (?)", [1.into()]).await
}

async fn count(database: &Database) -> i64 {
    let row = database.fetch_optional("SELECT count(*) FROM t", []).await;
    row.unwrap().unwrap().read(0).unwrap()
}

#[tokio::test]
async fn a_server_that_restarts_is_found_again() {
    let Some(server) = PostgresProcess::start() else {
        return;
    };
    let database = with_table(&format!("{}/postgres", server.url())).await;
    for round in 0..3 {
        insert(&database).await.unwrap();
        server.stop("immediate");
        let error = insert(&database).await.expect_err("it is away");
        assert_eq!(error.trouble(), Some(Trouble::Away), "{error:?}");
        server.run("");
        assert_eq!(count(&database).await, round + 1);
    }
    insert(&database).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_standby_that_is_promoted_is_written_to() {
    let Some(first) = PostgresProcess::start() else {
        return;
    };
    let second = first.standby();
    let url = format!(
        "postgres://doorward@{},{}/postgres",
        second.address(),
        first.address()
    );
    let database = with_table(&url).await;
    insert(&database).await.unwrap();
    let standby = Database::open(&format!("{}/postgres", second.url()))
        .await
        .unwrap();
    while count_there(&standby).await != Some(1) {
        sleep(Duration::from_millis(20)).await;
    }
    let error = insert(&standby).await.expect_err("a standby takes no writes");
    assert_eq!(error.trouble(), Some(Trouble::NotWritable), "{error:?}");
    first.stop("immediate");
    let promoting = std::thread::spawn(move || {
        second.promote();
        second
    });
    let since = Instant::now();
    while insert(&database).await.is_err() {
        assert!(since.elapsed() < Duration::from_secs(20), "nobody takes writes");
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(count(&database).await, 2);
    insert(&standby).await.unwrap();
    drop(promoting.join());
}

/// None as long as there is no table yet.
async fn count_there(database: &Database) -> Option<i64> {
    let row = database.fetch_optional("SELECT count(*) FROM t", []).await.ok()?;
    row?.read(0).ok()
}
