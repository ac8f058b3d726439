//! Keys that one transaction holds (`Transaction::exclusive`), whoever is dropped or cancelled.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use doorward_db::{Database, Opening, PoolSettings, Trouble};
use tokio::time::{Instant, sleep, timeout};

use crate::{Scratch, assert_idle, count, insert, with_table};

/// Whether a transaction gets that key at once.
async fn is_free(database: &Database, key: &str) -> bool {
    let mut transaction = database.transaction().await.unwrap();
    let held = timeout(Duration::from_millis(500), transaction.exclusive(&[key])).await;
    matches!(held, Ok(Ok(())))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_at_a_time_holds_a_key_and_sees_what_the_last_one_left() {
    let Some((scratch, database)) = with_table("db_keys").await else {
        return;
    };
    insert(&database, "x").await.unwrap();
    database.execute("UPDATE t SET n = 0", []).await.unwrap();
    let other = scratch.open().await;
    let inside = Arc::new(AtomicU32::new(0));
    let tasks: Vec<_> = (0..40)
        .map(|number| {
            let database = if number % 2 == 0 {
                database.clone()
            } else {
                other.clone()
            };
            let inside = Arc::clone(&inside);
            tokio::spawn(async move {
                let mut transaction = database.transaction().await.unwrap();
                transaction.exclusive(&["b", "a", "b"]).await.unwrap();
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                let row = transaction.fetch_optional("SELECT n FROM t", []).await;
                let n: i64 = row.unwrap().unwrap().read(0).unwrap();
                transaction
                    .execute("UPDATE t SET n = ?", [(n + 1).into()])
                    .await
                    .unwrap();
                assert_eq!(inside.fetch_sub(1, Ordering::SeqCst), 1);
                transaction.commit().await.unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let row = database.fetch_optional("SELECT n FROM t", []).await.unwrap();
    assert_eq!(row.unwrap().read::<i64>(0).unwrap(), 40);
}

#[tokio::test]
async fn a_key_is_given_back_however_a_transaction_ends() {
    let Some((_scratch, database)) = with_table("db_keys_back").await else {
        return;
    };
    for end in ["commit", "rollback", "drop", "failure", "cancelled"] {
        let mut transaction = database.transaction().await.unwrap();
        transaction.exclusive(&["k"]).await.unwrap();
        assert!(!is_free(&database, "k").await, "{end}");
        assert!(is_free(&database, "another").await, "{end}");
        match end {
            "commit" => transaction.commit().await.unwrap(),
            "rollback" => transaction.rollback().await.unwrap(),
            "drop" => drop(transaction),
            "failure" => {
                transaction
                    .execute("INSERT INTO nowhere VALUES (1)", [])
                    .await
                    .unwrap_err();
                transaction.commit().await.unwrap_err();
            }
            _ => {
                let slow = transaction.fetch_all("SELECT SLEEP(0.3)", []);
                assert!(timeout(Duration::from_millis(20), slow).await.is_err());
                drop(transaction);
                sleep(Duration::from_millis(400)).await;
            }
        }
        assert_idle(&database).await;
        assert!(is_free(&database, "k").await, "{end}");
    }
}

#[tokio::test]
async fn who_is_cancelled_while_waiting_for_a_key_holds_none() {
    let Some((_scratch, database)) = with_table("db_keys_cancelled").await else {
        return;
    };
    let mut holder = database.transaction().await.unwrap();
    holder.exclusive(&["k"]).await.unwrap();
    for _ in 0..6 {
        let mut waiting = database.transaction().await.unwrap();
        let held = waiting.exclusive(&["k"]);
        assert!(timeout(Duration::from_millis(30), held).await.is_err());
    }
    holder.commit().await.unwrap();
    // What still waits on the server has nobody to tell, and gives the key back.
    let asked = Instant::now();
    let mut next = database.transaction().await.unwrap();
    next.exclusive(&["k"]).await.unwrap();
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    next.rollback().await.unwrap();
    assert_idle(&database).await;
}

#[tokio::test]
async fn who_waits_too_long_for_a_key_is_told_that_it_is_busy() {
    let Some((_scratch, database)) = with_table("db_keys_busy").await else {
        return;
    };
    let mut holder = database.transaction().await.unwrap();
    holder.exclusive(&["k"]).await.unwrap();
    let mut waiting = database.transaction().await.unwrap();
    let error = waiting.exclusive(&["j", "k"]).await.expect_err("held");
    assert_eq!(error.trouble(), Some(Trouble::Busy), "{error:?}");
    waiting.commit().await.expect_err("it failed");
    assert!(is_free(&database, "j").await);
    holder.rollback().await.unwrap();
}

#[tokio::test]
async fn a_table_that_is_made_leaves_the_keys_held() {
    let Some((_scratch, database)) = with_table("db_keys_ddl").await else {
        return;
    };
    let mut transaction = database.transaction().await.unwrap();
    transaction.exclusive(&["k"]).await.unwrap();
    transaction
        .execute("INSERT INTO t (name) VALUES ('kept')", [])
        .await
        .unwrap();
    transaction
        .execute("CREATE TABLE u (id integer)", [])
        .await
        .unwrap();
    assert!(!is_free(&database, "k").await);
    transaction
        .execute("INSERT INTO t (name) VALUES ('gone')", [])
        .await
        .unwrap();
    transaction.rollback().await.unwrap();
    assert_eq!(
        count(&database).await,
        1,
        "the table committed the first row, not the second"
    );
    assert!(is_free(&database, "k").await);
}

#[tokio::test]
async fn databases_of_one_server_have_keys_of_their_own() {
    let Some((_scratch, database)) = with_table("db_keys_one").await else {
        return;
    };
    let other = Scratch::new("db_keys_two").await.unwrap().open().await;
    let mut transaction = database.transaction().await.unwrap();
    transaction.exclusive(&["k"]).await.unwrap();
    assert!(is_free(&other, "k").await);
}

#[tokio::test]
async fn a_key_is_waited_for_as_long_as_the_settings_say() {
    let Some(scratch) = Scratch::new("db_key_patience").await else {
        return;
    };
    let pool = PoolSettings {
        lock_timeout: Duration::from_secs(1),
        ..PoolSettings::default()
    };
    let database = Database::open_with(&scratch.url(), Opening::Existing, &pool)
        .await
        .unwrap();
    let mut holder = database.transaction().await.unwrap();
    holder.exclusive(&["k"]).await.unwrap();
    let mut waiting = database.transaction().await.unwrap();
    let asked = Instant::now();
    let error = waiting.exclusive(&["k"]).await.expect_err("held");
    assert_eq!(error.trouble(), Some(Trouble::Busy), "{error:?}");
    assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
}
