//! Servers that are away, logins that are refused, connections that are cut.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use doorward_db::{Database, DatabaseError, Opening, Trouble};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};

use crate::{Scratch, count, insert, server, with_table};

#[tokio::test]
async fn what_keeps_us_out_is_told_without_the_password() {
    let Some(scratch) = Scratch::new("db_out").await else {
        return;
    };
    let admin = scratch.open().await;
    let sql = "DO $$ BEGIN CREATE ROLE locked LOGIN PASSWORD 'right'; EXCEPTION WHEN duplicate_object THEN NULL; END $$";
    admin.execute(sql, []).await.unwrap();
    let host = server().unwrap().rsplit('@').next().unwrap().to_owned();
    for (url, expected) in [
        (
            "postgres://doorward:canary@127.0.0.1:1/d".to_owned(),
            Trouble::Away,
        ),
        (
            format!("postgres://locked:canary@{host}/db_out"),
            Trouble::Refused,
        ),
        (
            format!("postgres://doorward:canary@{host}/nothing"),
            Trouble::NoDatabase,
        ),
        (
            format!("postgres://doorward:canary@{host}/db_out?sslmode=require"),
            Trouble::Away,
        ),
    ] {
        let error = Database::open(&url).await.expect_err(&url);
        assert_eq!(error.trouble(), Some(expected), "{error}");
        assert!(error.advice().is_some());
        assert!(!format!("{error}{error:?}").contains("canary"), "{error:?}");
    }
    let right = format!("postgres://locked:right@{host}/db_out");
    Database::open(&right).await.unwrap();
}

#[tokio::test]
async fn a_connection_that_was_cut_is_not_noticed() {
    let Some((_scratch, database)) = with_table("db_cut").await else {
        return;
    };
    insert(&database, "x").await.unwrap();
    for _ in 0..5 {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                tokio::spawn({
                    let database = database.clone();
                    async move { database.fetch_all("SELECT pg_sleep(0.05)", []).await }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
                   AND pid <> pg_backend_pid()";
        database.fetch_all(cut, []).await.unwrap();
        assert_eq!(count(&database).await, 1);
        let transaction = database.transaction().await.unwrap();
        transaction.rollback().await.unwrap();
        insert(&database, "x").await.expect_err("there already");
    }
}

#[tokio::test]
async fn who_only_reads_writes_nothing() {
    let Some((scratch, database)) = with_table("db_reads").await else {
        return;
    };
    insert(&database, "x").await.unwrap();
    for sql in [
        "INSERT INTO t (name) VALUES ('y')",
        "WITH gone AS (DELETE FROM t RETURNING id) SELECT * FROM gone",
    ] {
        let error = database.fetch_all(sql, []).await.expect_err("it writes");
        assert!(matches!(error, DatabaseError::NotReading), "{error:?}");
    }
    let reader = scratch.open_for(Opening::ReadOnly).await.unwrap();
    assert_eq!(count(&reader).await, 1);
    let error = insert(&reader, "y").await.expect_err("it reads only");
    assert_eq!(error.trouble(), Some(Trouble::NotWritable), "{error}");
    assert!(reader.transaction().await.is_err());
    let error = reader
        .fetch_all("SELECT nextval('t_id_seq')", [])
        .await
        .expect_err("it writes");
    assert!(matches!(error, DatabaseError::NotReading), "{error:?}");
    assert_eq!(count(&reader).await, 1);
}

#[tokio::test]
async fn a_column_that_changes_its_type_is_read_on() {
    let Some((_scratch, database)) = with_table("db_altered").await else {
        return;
    };
    database
        .execute("INSERT INTO t (n) VALUES (1)", [])
        .await
        .unwrap();
    let sql = "SELECT n FROM t WHERE n = ?";
    assert_eq!(database.fetch_all(sql, [1.into()]).await.unwrap().len(), 1);
    database
        .execute("ALTER TABLE t ALTER COLUMN n TYPE bigint", [])
        .await
        .unwrap();
    assert_eq!(database.fetch_all(sql, [1.into()]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_limits_of_connections_are_told() {
    let Some(scratch) = Scratch::new("db_full").await else {
        return;
    };
    let database = scratch.open().await;
    let sql = "DO $$ BEGIN CREATE ROLE few LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$";
    database.execute(sql, []).await.unwrap();
    database
        .execute("ALTER ROLE few CONNECTION LIMIT 1", [])
        .await
        .unwrap();
    let url = scratch.url().replace("doorward@", "few@");
    let _first = Database::open(&url).await.unwrap();
    let error = Database::open(&url).await.expect_err("one only");
    assert_eq!(error.trouble(), Some(Trouble::TooMany), "{error}");
}

#[tokio::test]
async fn a_refusal_repeats_no_row() {
    let Some((_scratch, database)) = with_table("db_secret").await else {
        return;
    };
    database
        .execute("ALTER TABLE t ALTER COLUMN n SET NOT NULL", [])
        .await
        .unwrap();
    let error = insert(&database, "canary").await.expect_err("no number");
    assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    database
        .execute("INSERT INTO t (name, n) VALUES ('canary', 1)", [])
        .await
        .unwrap();
    let twice = database
        .execute("INSERT INTO t (name, n) VALUES ('canary', 1)", [])
        .await;
    let error = twice.expect_err("there already");
    assert!(!format!("{error:?}").contains("canary"), "{error:?}");
}

#[tokio::test]
async fn a_column_that_changes_its_type_fails_one_transaction_only() {
    let Some((_scratch, database)) = with_table("db_altered_within").await else {
        return;
    };
    let sql = "SELECT n FROM t WHERE n = ?";
    let mut transaction = database.transaction().await.unwrap();
    transaction.fetch_all(sql, [1.into()]).await.unwrap();
    transaction.rollback().await.unwrap();
    database
        .execute("ALTER TABLE t ALTER COLUMN n TYPE bigint", [])
        .await
        .unwrap();
    let mut transaction = database.transaction().await.unwrap();
    let error = transaction
        .fetch_all(sql, [1.into()])
        .await
        .expect_err("outdated");
    assert_eq!(error.trouble(), Some(Trouble::Conflict), "{error:?}");
    transaction.rollback().await.unwrap();
    let mut transaction = database.transaction().await.unwrap();
    transaction.fetch_all(sql, [1.into()]).await.unwrap();
    transaction.rollback().await.unwrap();
}

#[tokio::test]
async fn a_server_that_stops_answering_is_waited_for_once() {
    let Some((scratch, database)) = with_table("db_hung").await else {
        return;
    };
    database.close().await;
    let (gate, url) = gate(scratch.url()).await;
    let database = Database::open(&url).await.unwrap();
    assert_eq!(count(&database).await, 0);
    sleep(Duration::from_millis(1_100)).await;
    gate.close();
    let asked = Instant::now();
    let error = database.fetch_all("SELECT 1", []).await.expect_err("no answer");
    assert_eq!(error.trouble(), Some(Trouble::Away), "{error:?}");
    assert!(asked.elapsed() < Duration::from_secs(9), "{:?}", asked.elapsed());
}

/// What is between us and a server; closed, it lets nothing through any more, and tells nobody.
struct Gate(Arc<AtomicBool>);

impl Gate {
    fn close(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A gate before that server, and the address of the gate.
async fn gate(url: String) -> (Gate, String) {
    let server = url
        .rsplit('@')
        .next()
        .unwrap()
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let is_closed = Arc::new(AtomicBool::new(false));
    let gate = Gate(Arc::clone(&is_closed));
    let at_gate = url.replace(&server, &address);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(&server).await.unwrap();
            let ((from_client, to_client), (from_server, to_server)) =
                (client.into_split(), server.into_split());
            tokio::spawn(pass(from_client, to_server, Arc::clone(&is_closed)));
            tokio::spawn(pass(from_server, to_client, Arc::clone(&is_closed)));
        }
    });
    (gate, at_gate)
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, is_closed: Arc<AtomicBool>) {
    let mut bytes = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut bytes).await {
        let came = bytes.get(..length).unwrap_or_default();
        if !is_closed.load(Ordering::Relaxed) && to.write_all(came).await.is_err() {
            return;
        }
    }
}
