//! Servers that are away, logins that are refused, connections that are cut.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use doorward_db::{Database, DatabaseError, Opening, Sql, Trouble};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};

use crate::{Scratch, count, insert, server, with_table};

/// Has the server cut every other connection to this database.
pub(crate) async fn cut(database: &Database) {
    let sql = "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()";
    for row in database.fetch_all(sql, []).await.unwrap() {
        let id: i64 = row.read(0).unwrap();
        // It may be gone by now.
        let _ = database.execute(Sql::rendered(format!("KILL {id}")), []).await;
    }
}

/// The server's address without who logs in.
fn host() -> Option<String> {
    let server = server()?;
    server.rsplit(['@', '/']).next().map(str::to_owned)
}

#[tokio::test]
async fn what_keeps_us_out_is_told_without_the_password() {
    let Some(scratch) = Scratch::new("db_out").await else {
        return;
    };
    let admin = scratch.open().await;
    for sql in [
        "CREATE USER IF NOT EXISTS 'doorward_locked'@'%' IDENTIFIED BY 'right'",
        "GRANT SELECT ON db_out.* TO 'doorward_locked'@'%'",
    ] {
        admin.execute(sql, []).await.unwrap();
    }
    let host = host().unwrap();
    for (url, expected) in [
        ("mysql://u:canary@127.0.0.1:1/d".to_owned(), Trouble::Away),
        (
            format!("mysql://doorward_locked:canary@{host}/db_out"),
            Trouble::Refused,
        ),
        (format!("{}/nothing", server().unwrap()), Trouble::NoDatabase),
        (
            format!("mysql://doorward_locked:right@{host}/mysql"),
            Trouble::Denied,
        ),
    ] {
        let error = Database::open(&url).await.expect_err(&url);
        assert_eq!(error.trouble(), Some(expected), "{error:?}");
        let advice = error.advice().unwrap();
        assert!(!advice.contains("pg_"), "{advice}");
        assert!(!format!("{error}{error:?}").contains("canary"), "{error:?}");
    }
    let right = format!("mariadb://doorward_locked:right@{host}/db_out");
    let reader = Database::open(&right).await.unwrap();
    let error = reader
        .execute("CREATE TABLE t (id integer)", [])
        .await
        .expect_err("not allowed");
    assert_eq!(error.trouble(), Some(Trouble::Denied), "{error:?}");
}

#[tokio::test]
async fn a_connection_that_was_cut_is_not_noticed() {
    let Some((scratch, database)) = with_table("db_cut").await else {
        return;
    };
    insert(&database, "x").await.unwrap();
    let admin = scratch.open().await;
    for _ in 0..5 {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let database = database.clone();
                tokio::spawn(async move { database.fetch_all("SELECT SLEEP(0.05)", []).await })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        cut(&admin).await;
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
    let sql = "CREATE FUNCTION spoil() RETURNS integer MODIFIES SQL DATA BEGIN DELETE FROM t; RETURN 1; END";
    database.execute(sql, []).await.unwrap();
    for sql in [
        "INSERT INTO t (name) VALUES ('y')",
        "DELETE FROM t RETURNING id",
        "SELECT spoil()",
    ] {
        let error = database.fetch_all(sql, []).await.expect_err("it writes");
        assert!(matches!(error, DatabaseError::NotReading), "{error:?}");
    }
    let reader = scratch.open_for(Opening::ReadOnly).await.unwrap();
    assert_eq!(count(&reader).await, 1);
    let error = insert(&reader, "y").await.expect_err("it reads only");
    assert_eq!(error.trouble(), Some(Trouble::NotWritable), "{error}");
    assert!(reader.transaction().await.is_err());
    assert_eq!(count(&reader).await, 1);
}

#[tokio::test]
async fn a_column_that_changes_its_type_is_read_on() {
    let Some((_scratch, database)) = with_table("db_altered").await else {
        return;
    };
    let sql = "INSERT INTO t (n) VALUES (1)";
    database.execute(sql, []).await.unwrap();
    let sql = "SELECT n FROM t WHERE n = ?";
    assert_eq!(database.fetch_all(sql, [1.into()]).await.unwrap().len(), 1);
    let mut transaction = database.transaction().await.unwrap();
    transaction.fetch_all(sql, [1.into()]).await.unwrap();
    transaction.commit().await.unwrap();
    for altered in [
        "ALTER TABLE t MODIFY n bigint",
        "ALTER TABLE t MODIFY n varchar(20)",
    ] {
        database.execute(altered, []).await.unwrap();
        assert_eq!(database.fetch_all(sql, [1.into()]).await.unwrap().len(), 1);
        let mut transaction = database.transaction().await.unwrap();
        assert_eq!(transaction.fetch_all(sql, [1.into()]).await.unwrap().len(), 1);
        transaction.commit().await.unwrap();
    }
}

#[tokio::test]
async fn the_limits_of_connections_are_told() {
    let Some(scratch) = Scratch::new("db_full").await else {
        return;
    };
    let admin = scratch.open().await;
    for sql in [
        "CREATE USER IF NOT EXISTS 'doorward_few'@'%' IDENTIFIED BY 'few' WITH MAX_USER_CONNECTIONS 1",
        "GRANT SELECT ON db_full.* TO 'doorward_few'@'%'",
    ] {
        admin.execute(sql, []).await.unwrap();
    }
    let url = format!("mysql://doorward_few:few@{}/db_full", host().unwrap());
    let _first = Database::open(&url).await.unwrap();
    let error = Database::open(&url).await.expect_err("one only");
    assert_eq!(error.trouble(), Some(Trouble::TooMany), "{error:?}");
}

#[tokio::test]
async fn a_refusal_repeats_no_row() {
    let Some((_scratch, database)) = with_table("db_secret").await else {
        return;
    };
    insert(&database, "canary").await.unwrap();
    for (sql, value) in [
        ("INSERT INTO t (name) VALUES (?)", "canary"),
        ("INSERT INTO t (n) VALUES (?)", "canary"),
        (
            "INSERT INTO t (name) VALUES (?)",
            "canary is too long for this column",
        ),
    ] {
        let error = database.execute(sql, [value.into()]).await.expect_err(sql);
        assert!(!format!("{error}{error:?}").contains("canary"), "{error:?}");
    }
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
    let server = host().unwrap();
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
