//! Transactions: all or nothing, whoever is dropped, and others that are in the way.

use std::time::Duration;

use doorward_db::{DatabaseError, Trouble};
use tokio::time::{sleep, timeout};

use crate::{assert_idle, count, insert, with_table};

#[tokio::test]
async fn what_is_dropped_is_rolled_back_and_its_connection_used_again() {
    let Some((_scratch, database)) = with_table("db_dropped").await else {
        return;
    };
    for _ in 0..20 {
        let mut transaction = database.transaction().await.unwrap();
        let sql = "INSERT INTO t (name) VALUES ('x')";
        transaction.execute(sql, []).await.unwrap();
        drop(transaction);
        assert_idle(&database).await;
    }
    assert_eq!(count(&database).await, 0);
    let sql = "SELECT count(*) FROM information_schema.processlist WHERE db = DATABASE()";
    let row = database.fetch_optional(sql, []).await.unwrap().unwrap();
    assert!(row.read::<i64>(0).unwrap() <= 3, "the connections were kept");

    let mut transaction = database.transaction().await.unwrap();
    let sql = "INSERT INTO t (name) VALUES (?)";
    transaction.execute(sql, ["x".into()]).await.unwrap();
    let row = transaction.fetch_optional("SELECT last_insert_id()", []).await;
    assert!(row.unwrap().unwrap().read::<i64>(0).unwrap() > 20);
    transaction.commit().await.unwrap();
    assert_eq!(count(&database).await, 1);
}

#[tokio::test]
async fn a_future_that_is_dropped_leaves_nothing_behind() {
    let Some((_scratch, database)) = with_table("db_cancelled").await else {
        return;
    };
    for number in 0..20 {
        let slow = database.fetch_all("SELECT SLEEP(?)", [0.2.into()]);
        assert!(timeout(Duration::from_millis(number), slow).await.is_err());
        let mut transaction = database.transaction().await.unwrap();
        let slow = transaction.execute("INSERT INTO t (n) SELECT SLEEP(?)", [0.2.into()]);
        assert!(timeout(Duration::from_millis(number), slow).await.is_err());
        // Each answer belongs to its question.
        for n in 0..4_i64 {
            let row = database.fetch_optional("SELECT ?", [n.into()]).await.unwrap();
            assert_eq!(row.unwrap().read::<i64>(0).unwrap(), n);
        }
    }
    assert_idle(&database).await;
    sleep(Duration::from_millis(300)).await;
    assert_eq!(count(&database).await, 0);
    insert(&database, "y").await.unwrap();
    assert_eq!(count(&database).await, 1);
}

#[tokio::test]
async fn after_a_failure_nothing_is_committed() {
    let Some((_scratch, database)) = with_table("db_failed").await else {
        return;
    };
    insert(&database, "x").await.unwrap();
    let mut transaction = database.transaction().await.unwrap();
    let sql = "INSERT INTO t (name) VALUES ('y')";
    transaction.execute(sql, []).await.unwrap();
    let sql = "INSERT INTO t (name) VALUES ('x')";
    let error = transaction.execute(sql, []).await.expect_err("there");
    assert!(matches!(error, DatabaseError::Unique(_)), "{error:?}");
    let error = transaction
        .execute("DELETE FROM t", [])
        .await
        .expect_err("failed");
    assert!(matches!(error, DatabaseError::Statement(_)), "{error:?}");
    let error = transaction.commit().await.expect_err("not written");
    assert!(matches!(error, DatabaseError::Statement(_)), "{error:?}");
    assert_eq!(count(&database).await, 1);
}

#[tokio::test]
async fn a_row_that_is_referred_to_is_demanded() {
    let Some((_scratch, database)) = with_table("db_referred").await else {
        return;
    };
    let sql =
        "CREATE TABLE child (id integer PRIMARY KEY, t_id integer, FOREIGN KEY (t_id) REFERENCES t (id))";
    database.execute(sql, []).await.unwrap();
    for sql in [
        "INSERT INTO child VALUES (1, 7)",
        "INSERT IGNORE INTO child VALUES (1, 7)",
    ] {
        let error = database.execute(sql, []).await.expect_err("no row");
        assert!(matches!(error, DatabaseError::ForeignKey(_)), "{error:?}");
    }
    let sql = "SELECT count(*) FROM child";
    let row = database.fetch_optional(sql, []).await.unwrap().unwrap();
    assert_eq!(row.read::<i64>(0).unwrap(), 0);
}

#[tokio::test]
async fn of_two_in_each_other_s_way_one_is_told_and_a_single_statement_is_run_again() {
    let Some((_scratch, database)) = with_table("db_deadlock").await else {
        return;
    };
    let sql = "INSERT INTO t (id, n) VALUES (1, 0), (2, 0)";
    database.execute(sql, []).await.unwrap();
    let sql = "UPDATE t SET n = n + 1 WHERE id = ?";
    let mut one = database.transaction().await.unwrap();
    let mut two = database.transaction().await.unwrap();
    one.execute(sql, [1.into()]).await.unwrap();
    two.execute(sql, [2.into()]).await.unwrap();
    let (first, second) = tokio::join!(one.execute(sql, [2.into()]), two.execute(sql, [1.into()]));
    let (refused, mut failed, sound) = match (first, second) {
        (Err(refused), Ok(_)) => (refused, one, two),
        (Ok(_), Err(refused)) => (refused, two, one),
        others => panic!("one of them is in the way: {others:?}"),
    };
    assert_eq!(refused.trouble(), Some(Trouble::Conflict), "{refused:?}");
    // The server rolled it back: what follows would be committed at once.
    failed.execute(sql, [1.into()]).await.expect_err("it failed");
    failed.rollback().await.unwrap();
    sound.commit().await.unwrap();
    let rows = database
        .fetch_all("SELECT n FROM t ORDER BY id", [])
        .await
        .unwrap();
    let numbers: Vec<i64> = rows.iter().map(|row| row.read(0).unwrap()).collect();
    assert_eq!(numbers, [1, 1]);
}

/// The server takes back who has written less.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_single_statement_is_run_again_after_a_deadlock() {
    let Some((_scratch, database)) = with_table("db_deadlocks").await else {
        return;
    };
    let sql = "INSERT INTO t (id, n) VALUES (1, 0), (2, 0)";
    database.execute(sql, []).await.unwrap();
    let mut heavy = database.transaction().await.unwrap();
    let sql = "INSERT INTO t (n) SELECT n FROM t a UNION ALL SELECT n FROM t b UNION ALL SELECT n FROM t c";
    for _ in 0..4 {
        heavy.execute(sql, []).await.unwrap();
    }
    let sql = "UPDATE t SET n = n + 1 WHERE id = ?";
    heavy.execute(sql, [1.into()]).await.unwrap();
    let single = tokio::spawn({
        let database = database.clone();
        async move {
            let sql = "UPDATE t SET n = n + 1 WHERE id <= 2 ORDER BY id DESC";
            database.execute(sql, []).await
        }
    });
    sleep(Duration::from_millis(300)).await;
    heavy.execute(sql, [2.into()]).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    heavy.commit().await.unwrap();
    assert_eq!(single.await.unwrap().unwrap(), 2);
    let sql = "SELECT n FROM t WHERE id <= 2";
    let rows = database.fetch_all(sql, []).await.unwrap();
    let numbers: Vec<i64> = rows.iter().map(|row| row.read(0).unwrap()).collect();
    assert_eq!(numbers, [2, 2]);
}

#[tokio::test]
async fn who_waits_too_long_for_a_lock_is_told_that_it_is_busy() {
    let Some((_scratch, database)) = with_table("db_locked").await else {
        return;
    };
    insert(&database, "x").await.unwrap();
    let mut holder = database.transaction().await.unwrap();
    holder.execute("UPDATE t SET n = 1", []).await.unwrap();
    let mut waiting = database.transaction().await.unwrap();
    let (inside, outside, table) = tokio::join!(
        waiting.execute("UPDATE t SET n = 2", []),
        database.execute("UPDATE t SET n = 2", []),
        database.execute("ALTER TABLE t ADD COLUMN more integer", []),
    );
    for error in [
        inside.expect_err("locked"),
        outside.expect_err("locked"),
        table.expect_err("locked"),
    ] {
        assert_eq!(error.trouble(), Some(Trouble::Busy), "{error:?}");
    }
    holder.commit().await.unwrap();
    database.execute("UPDATE t SET n = 3", []).await.unwrap();
}
