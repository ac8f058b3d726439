//! What others do to a server while it is used: tables that change, statements that are forgotten, sessions that are ended at the worst
//! moment.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use doorward_db::database::again;
use doorward_db::{Database, DatabaseError, Sql, Trouble};
use tokio::time::{sleep, timeout};

use crate::process::PostgresProcess;
use crate::{Scratch, count, insert, with_table};

/// More than a statement is tried.
const CONNECTIONS: usize = 6;

/// Runs a statement on so many connections that write, each of which keeps it prepared.
async fn prepare_everywhere(database: &Database, sql: &'static str, after: Option<&'static str>) {
    let mut open = Vec::new();
    for number in 0..CONNECTIONS {
        let mut transaction = database.transaction().await.unwrap();
        let name = format!("prepared {number}");
        transaction.fetch_all(sql, [name.into()]).await.unwrap();
        if let Some(after) = after {
            transaction.execute(after, []).await.unwrap();
        }
        open.push(transaction);
    }
    for transaction in open {
        transaction.rollback().await.unwrap();
    }
}

const RETURNING: &str = "INSERT INTO t (name) VALUES (?) RETURNING id, n";

#[tokio::test]
async fn a_statement_that_the_server_has_forgotten_is_prepared_again() {
    let Some((_scratch, database)) = with_table("db_forgotten").await else {
        return;
    };
    prepare_everywhere(
        &database,
        "INSERT INTO t (name) VALUES (?)",
        Some("DEALLOCATE ALL"),
    )
    .await;
    insert(&database, "x").await.unwrap();
    database.execute("DISCARD ALL", []).await.unwrap();
    insert(&database, "y").await.unwrap();
    assert_eq!(count(&database).await, 2);
}

#[tokio::test]
async fn a_table_that_changes_under_units_of_work_is_written_on() {
    let Some((_scratch, database)) = with_table("db_changing").await else {
        return;
    };
    for (name, altered) in [
        ("a", "ALTER TABLE t ALTER COLUMN n TYPE bigint"),
        ("b", "ALTER TABLE t ALTER COLUMN id TYPE bigint"),
        ("c", "ALTER TABLE t ADD COLUMN more integer"),
        ("d", "ALTER TABLE t ALTER COLUMN n TYPE varchar(20)"),
    ] {
        prepare_everywhere(&database, RETURNING, None).await;
        database.execute(altered, []).await.unwrap();
        let mut transaction = database.transaction().await.unwrap();
        if let Err(error) = transaction.fetch_all(RETURNING, ["gone".into()]).await {
            assert_eq!(error.trouble(), Some(Trouble::Conflict), "{error:?}");
        }
        transaction.rollback().await.unwrap();
        prepare_everywhere(&database, RETURNING, None).await;
        let unit = || async {
            let mut transaction = database.transaction().await?;
            let rows = transaction.fetch_all(RETURNING, [name.into()]).await?;
            transaction.commit().await?;
            Ok::<_, DatabaseError>(rows.len())
        };
        assert_eq!(again(unit).await.unwrap(), 1, "{altered}");
        assert_eq!(count(&database).await, i64::from(name.as_bytes()[0] - b'a') + 1);
    }
}

/// Nobody knows whether a commit that was cut off was done: it is not answered as done, and not tried again.
#[tokio::test]
async fn a_commit_that_is_cut_off_is_told_and_not_run_again() {
    let Some((_scratch, database)) = with_table("db_cut_commit").await else {
        return;
    };
    for sql in [
        "CREATE SEQUENCE tries",
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('tries'); \
         PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(0.2); RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()",
    ] {
        database.execute(sql, []).await.unwrap();
    }
    let error = insert(&database, "x").await.expect_err("cut off");
    assert_eq!(error.trouble(), Some(Trouble::Away), "{error:?}");
    let unit = || async {
        let mut transaction = database.transaction().await?;
        transaction
            .execute("INSERT INTO t (name) VALUES ('y')", [])
            .await?;
        transaction.commit().await
    };
    let error = again(unit).await.expect_err("cut off");
    assert_eq!(error.trouble(), Some(Trouble::Away), "{error:?}");
    let tries = database
        .fetch_optional("SELECT last_value FROM tries", [])
        .await
        .unwrap();
    assert_eq!(tries.unwrap().read::<i64>(0).unwrap(), 2, "once each");
    assert_eq!(count(&database).await, 0);
}

#[tokio::test]
async fn sessions_with_little_patience_are_told_and_used_no_more() {
    let Some(scratch) = Scratch::new("db_impatient").await else {
        return;
    };
    let url = format!("{}?options=-c%20statement_timeout%3D100ms", scratch.url());
    let database = Database::open(&url).await.unwrap();
    for _ in 0..10 {
        let error = database
            .fetch_all("SELECT pg_sleep(1)", [])
            .await
            .expect_err("late");
        assert_eq!(error.trouble(), Some(Trouble::Busy), "{error:?}");
        let mut transaction = database.transaction().await.unwrap();
        let sql = "SET LOCAL idle_in_transaction_session_timeout = '20ms'";
        transaction.execute(sql, []).await.unwrap();
        sleep(Duration::from_millis(80)).await;
        let error = transaction.fetch_all("SELECT 1", []).await.expect_err("ended");
        assert_eq!(error.trouble(), Some(Trouble::Away), "{error:?}");
        drop(transaction);
        database.transaction().await.unwrap().commit().await.unwrap();
        database.fetch_all("SELECT 1", []).await.unwrap();
    }
}

/// All that was answered is there, and nothing is there twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_restarts_under_load_loses_nothing_that_was_answered() {
    let Some(server) = PostgresProcess::start() else {
        return;
    };
    let database = Database::open(&format!("{}/postgres", server.url()))
        .await
        .unwrap();
    database.execute("CREATE TABLE t (n bigint)", []).await.unwrap();
    let (next, ends) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicBool::new(false)));
    let tasks: Vec<_> = (0..8)
        .map(|_| tokio::spawn(write_on(database.clone(), Arc::clone(&next), Arc::clone(&ends))))
        .collect();
    for mode in ["immediate", "fast", "immediate"] {
        sleep(Duration::from_millis(300)).await;
        server.stop(mode);
        server.run("");
    }
    sleep(Duration::from_millis(300)).await;
    ends.store(true, Ordering::Relaxed);
    let mut answered = Vec::new();
    for task in tasks {
        answered.extend(
            timeout(Duration::from_secs(30), task)
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
    assert!(stored.windows(2).all(|pair| pair[0] < pair[1]), "nothing twice");
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
        let sql = Sql::rendered("INSERT INTO t VALUES (?)".to_owned());
        match database.execute(sql, [n.into()]).await {
            Ok(_) => answered.push(n),
            Err(error) => assert!(error.trouble().is_some(), "{error:?}"),
        }
    }
    answered
}
