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
        transaction
            .execute("INSERT INTO t (name) VALUES ('x')", [])
            .await
            .unwrap();
    }
    assert_idle(&database).await;
    assert_eq!(count(&database).await, 0);
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()";
    let row = database.fetch_optional(sql, []).await.unwrap().unwrap();
    assert!(row.read::<i64>(0).unwrap() <= 16, "the connections were kept");

    let mut transaction = database.transaction().await.unwrap();
    let row = transaction
        .fetch_optional("INSERT INTO t (name) VALUES ('x') RETURNING id", [])
        .await;
    assert!(row.unwrap().unwrap().read::<i64>("id").unwrap() > 20);
    transaction.commit().await.unwrap();
    assert_eq!(count(&database).await, 1);
}

#[tokio::test]
async fn a_future_that_is_dropped_leaves_nothing_behind() {
    let Some((_scratch, database)) = with_table("db_cancelled").await else {
        return;
    };
    for _ in 0..20 {
        let slow = database.fetch_all("SELECT pg_sleep(0.2)", []);
        assert!(timeout(Duration::from_millis(20), slow).await.is_err());
        let mut transaction = database.transaction().await.unwrap();
        let slow = transaction.execute("INSERT INTO t (name) SELECT 'x' FROM pg_sleep(0.2)", []);
        assert!(timeout(Duration::from_millis(20), slow).await.is_err());
    }
    assert_idle(&database).await;
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
    transaction
        .execute("INSERT INTO t (name) VALUES ('y')", [])
        .await
        .unwrap();
    let error = transaction
        .execute("INSERT INTO t (name) VALUES ('x')", [])
        .await
        .expect_err("there");
    assert!(matches!(error, DatabaseError::Unique(_)), "{error:?}");
    let error = transaction.commit().await.expect_err("not written");
    assert!(matches!(error, DatabaseError::Statement(_)), "{error:?}");
    assert_eq!(count(&database).await, 1);
}

#[tokio::test]
async fn a_row_that_is_referred_to_is_demanded_at_the_commit() {
    let Some((_scratch, database)) = with_table("db_deferred").await else {
        return;
    };
    let sql = "CREATE TABLE child (id integer REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)";
    database.execute(sql, []).await.unwrap();
    let mut transaction = database.transaction().await.unwrap();
    transaction
        .execute("INSERT INTO child VALUES (7)", [])
        .await
        .unwrap();
    let error = transaction.commit().await.expect_err("no row");
    assert!(matches!(error, DatabaseError::ForeignKey(_)), "{error:?}");
    let error = database
        .execute("INSERT INTO child VALUES (7)", [])
        .await
        .expect_err("no row");
    assert!(matches!(error, DatabaseError::ForeignKey(_)), "{error:?}");
}

#[tokio::test]
async fn of_two_in_each_other_s_way_one_is_told_and_a_single_statement_is_run_again() {
    let Some((_scratch, database)) = with_table("db_deadlock").await else {
        return;
    };
    database
        .execute("INSERT INTO t (id, n) VALUES (1, 0), (2, 0)", [])
        .await
        .unwrap();
    let sql = "UPDATE t SET n = n + 1 WHERE id = ?";
    let mut one = database.transaction().await.unwrap();
    let mut two = database.transaction().await.unwrap();
    one.execute(sql, [1.into()]).await.unwrap();
    two.execute(sql, [2.into()]).await.unwrap();
    let (first, second) = tokio::join!(one.execute(sql, [2.into()]), two.execute(sql, [1.into()]));
    let refused = first.err().or(second.err()).expect("a deadlock");
    assert_eq!(refused.trouble(), Some(Trouble::Conflict), "{refused:?}");
}

#[tokio::test]
async fn who_waits_too_long_for_a_lock_is_told_that_it_is_busy() {
    let Some((_scratch, database)) = with_table("db_locked").await else {
        return;
    };
    insert(&database, "x").await.unwrap();
    let mut holder = database.transaction().await.unwrap();
    holder
        .execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE", [])
        .await
        .unwrap();
    let mut waiting = database.transaction().await.unwrap();
    let (inside, outside) = tokio::join!(
        waiting.execute("UPDATE t SET n = 2", []),
        timeout(
            Duration::from_secs(20),
            database.execute("UPDATE t SET n = 2", [])
        ),
    );
    for error in [
        inside.expect_err("locked"),
        outside.expect("it ends").expect_err("locked"),
    ] {
        assert_eq!(error.trouble(), Some(Trouble::Busy), "{error:?}");
    }
    holder.commit().await.unwrap();
    sleep(Duration::from_millis(50)).await;
    database.execute("UPDATE t SET n = 3", []).await.unwrap();
}
