//! Files that are none, locks, full disks, futures that are dropped, and other processes.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::future::{Future, poll_fn};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::task::Poll;
use std::time::Duration;

use doorward_core::stores::{Outage, StoreError};
use doorward_sqlx::{Database, DatabaseError};
use tempfile::TempDir;
use tokio::time::timeout;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.sqlite3");
    (folder, path)
}

async fn open(path: &Path) -> Result<Database, DatabaseError> {
    Database::open(&format!("sqlite://{}", path.display())).await
}

async fn with_table(path: &Path) -> Database {
    let database = open(path).await.unwrap();
    let sql = "CREATE TABLE IF NOT EXISTS t (id integer PRIMARY KEY AUTOINCREMENT, name text UNIQUE)";
    database.execute(sql, []).await.unwrap();
    database
}

async fn insert(database: &Database, name: &str) -> Result<u64, DatabaseError> {
    database
        .execute("INSERT INTO t (name) VALUES (?)", [name.into()])
        .await
}

async fn count(database: &Database) -> i64 {
    let row = database
        .fetch_optional("SELECT count(*) FROM t", [])
        .await
        .unwrap();
    row.unwrap().read(0).unwrap()
}

async fn pragma(database: &Database, sql: &'static str) -> String {
    let row = database.fetch_optional(sql, []).await.unwrap().unwrap();
    row.read(0).unwrap()
}

/// No connection is in use any more.
fn assert_idle(database: &Database) {
    let state = format!("{database:?}");
    assert!(
        state.contains("readers: Pool { free: 4") && state.contains("writer: Pool { free: 1"),
        "{state}"
    );
}

#[tokio::test]
async fn a_new_file_is_private_and_has_a_log() {
    let (folder, path) = folder();
    let database = with_table(&path).await;
    assert_eq!(pragma(&database, "PRAGMA journal_mode").await, "wal");
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert!(
            entry.file_name().to_str().unwrap().starts_with("test.sqlite3"),
            "{entry:?}"
        );
        assert!(!entry.file_name().to_str().unwrap().contains(".new"), "{entry:?}");
        assert_eq!(
            entry.metadata().unwrap().permissions().mode() & 0o777,
            0o600,
            "{entry:?}"
        );
    }
    database.close().await;
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "the log is gone when all is closed"
    );
    insert(&database, "still usable").await.unwrap();
}

#[tokio::test]
async fn many_may_make_it_at_once() {
    let (_folder, path) = folder();
    let opened: Vec<_> = (0..16)
        .map(|_| {
            let path = path.clone();
            tokio::spawn(async move { with_table(&path).await })
        })
        .collect();
    for (number, task) in opened.into_iter().enumerate() {
        insert(&task.await.unwrap(), &number.to_string()).await.unwrap();
    }
    assert_eq!(count(&open(&path).await.unwrap()).await, 16);
}

#[tokio::test]
async fn what_is_no_database_is_refused_and_left_alone() {
    let (_folder, path) = folder();
    let good = with_table(&path).await;
    for number in 0..200 {
        insert(&good, &format!("{number:0>100}")).await.unwrap();
    }
    good.close().await;
    let whole = std::fs::read(&path).unwrap();
    let half = whole.get(..whole.len() / 2).unwrap().to_vec();
    for (bytes, expected) in [
        (b"hello".to_vec(), "not a SQLite database"),
        (vec![0; 8192], "not a SQLite database"),
        (b"SQLite format 3\0".to_vec(), ""),
        (whole.get(..99).unwrap().to_vec(), ""),
        (half, "cut short"),
    ] {
        std::fs::write(&path, &bytes).unwrap();
        let error = open(&path).await.expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), bytes, "{expected}");
    }
    std::fs::write(&path, whole).unwrap();
    assert_eq!(count(&open(&path).await.unwrap()).await, 200);
}

#[tokio::test]
async fn an_empty_file_is_a_new_database_unless_a_log_lies_beside_it() {
    let (folder, path) = folder();
    std::fs::write(&path, "").unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
    let log = folder.path().join("test.sqlite3-wal");
    std::fs::write(&log, "a change").unwrap();
    let error = open(&path).await.expect_err("a log").to_string();
    assert!(error.contains("restore both"), "{error}");
    assert_eq!(std::fs::read(&log).unwrap(), b"a change");
    std::fs::remove_file(log).unwrap();

    let database = with_table(&path).await;
    insert(&database, "x").await.unwrap();
    assert_eq!(pragma(&database, "PRAGMA journal_mode").await, "wal");
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640, "it keeps its mode");
}

#[tokio::test]
async fn a_folder_is_no_database_and_none_is_made() {
    let (folder, path) = folder();
    let error = open(folder.path()).await.expect_err("a folder").to_string();
    assert!(error.contains("not a file"), "{error}");
    let error = open(&path.join("deeper"))
        .await
        .expect_err("no folder")
        .to_string();
    assert!(error.contains("No such file"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn statements_that_write_do_not_pass_as_reads() {
    let (_folder, path) = folder();
    let database = with_table(&path).await;
    for sql in [
        "INSERT INTO t (name) VALUES ('x') RETURNING id",
        "DELETE FROM t",
        "CREATE TABLE u (id integer)",
    ] {
        let error = database.fetch_all(sql, []).await.expect_err("it writes");
        assert!(matches!(error, DatabaseError::NotReading), "{error:?}");
        assert_eq!(StoreError::from(error).outage(), Outage::Lasting);
    }
    assert_eq!(count(&database).await, 0);
    assert_idle(&database);
}

#[tokio::test]
async fn faults_have_their_names() {
    let (_folder, path) = folder();
    let database = with_table(&path).await;
    insert(&database, "x").await.unwrap();
    let twice = insert(&database, "x").await.expect_err("twice");
    assert!(matches!(twice, DatabaseError::Unique(_)));
    let sql = "CREATE TABLE child (t_id integer REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)";
    database.execute(sql, []).await.unwrap();
    let orphan = database
        .execute("INSERT INTO child VALUES (9)", [])
        .await
        .expect_err("no parent");
    assert!(matches!(orphan, DatabaseError::ForeignKey(_)));
    let mut transaction = database.transaction().await.unwrap();
    transaction
        .execute("INSERT INTO child VALUES (9)", [])
        .await
        .unwrap();
    let orphan = transaction.commit().await.expect_err("no parent");
    assert!(matches!(orphan, DatabaseError::ForeignKey(_)));
    let missing = database
        .fetch_all("SELECT * FROM nothing", [])
        .await
        .expect_err("no table");
    assert_eq!(StoreError::from(missing).outage(), Outage::Lasting);
    insert(&database, "y").await.unwrap();
    assert_idle(&database);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_is_dropped_leaves_nothing() {
    let (_folder, path) = folder();
    let (database, other) = (with_table(&path).await, open(&path).await.unwrap());
    for _ in 0..20 {
        let mut transaction = database.transaction().await.unwrap();
        transaction
            .execute("INSERT INTO t (name) VALUES ('x')", [])
            .await
            .unwrap();
        drop(transaction);
        timeout(Duration::from_secs(2), insert(&other, "x"))
            .await
            .expect("the lock is free")
            .unwrap();
        database.execute("DELETE FROM t", []).await.unwrap();
    }
    assert_eq!(count(&database).await, 0);
    assert_idle(&database);
}

/// Dropped at any point, a transaction of two rows leaves both or none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_future_that_is_dropped_leaves_all_or_nothing() {
    let (_folder, path) = folder();
    let database = with_table(&path).await;
    let mut dropped = 0;
    for number in 0..300_u64 {
        let mut work = Box::pin(async {
            let mut transaction = database.transaction().await.unwrap();
            for half in ["a", "b"] {
                let name = format!("{number}{half}");
                transaction
                    .execute("INSERT INTO t (name) VALUES (?)", [name.into()])
                    .await
                    .unwrap();
            }
            transaction.commit().await.unwrap();
        });
        let mut polls = 0;
        let ended = poll_fn(|cx| {
            polls += 1;
            match work.as_mut().poll(cx) {
                Poll::Pending if polls > number % 12 => Poll::Ready(false),
                polled => polled.map(|()| true),
            }
        });
        dropped += i32::from(!ended.await);
    }
    assert!(dropped > 0);
    insert(&database, "the writer is free").await.unwrap();
    let sql = "SELECT substr(name, 1, length(name) - 1) FROM t GROUP BY 1 HAVING count(*) = 1";
    let halves = database.fetch_all(sql, []).await.unwrap();
    assert_eq!(halves.len(), 1, "only the last insert stands alone: {halves:?}");
    assert_idle(&database);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_at_once_leave_nothing_behind() {
    let (_folder, path) = folder();
    let database = with_table(&path).await;
    let tasks: Vec<_> = (0..2_000)
        .map(|number| {
            let database = database.clone();
            tokio::spawn(async move {
                if number % 10 == 0 {
                    insert(&database, &number.to_string()).await.unwrap();
                }
                count(&database).await
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(count(&database).await, 200);
    assert_idle(&database);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_is_waited_for_and_then_told() {
    let (_folder, path) = folder();
    let (database, other) = (with_table(&path).await, open(&path).await.unwrap());
    let held = other.transaction().await.unwrap();
    let waiting = tokio::spawn({
        let database = database.clone();
        async move { insert(&database, "patient").await }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    held.rollback().await.unwrap();
    waiting.await.unwrap().expect("the lock came free");

    let _held = other.transaction().await.unwrap();
    assert_eq!(count(&database).await, 1, "readers do not wait");
    let error = insert(&database, "refused").await.expect_err("still locked");
    assert_eq!(StoreError::from(error).outage(), Outage::Passing);
}

#[tokio::test]
async fn a_full_disk_is_passing() {
    let (_folder, path) = folder();
    let database = with_table(&path).await;
    let large = "x".repeat(100_000);
    for _ in 0..3 {
        // The limit belongs to the one connection that writes, which is not used again after this.
        database.execute("PRAGMA max_page_count = 8", []).await.unwrap();
        let mut transaction = database.transaction().await.unwrap();
        let sql = "INSERT INTO t (name) VALUES (?)";
        let error = transaction
            .execute(sql, [large.as_str().into()])
            .await
            .expect_err("full");
        assert_eq!(StoreError::from(error).outage(), Outage::Passing);
        drop(transaction);
        database.execute("PRAGMA max_page_count = 8", []).await.unwrap();
        let error = insert(&database, &large).await.expect_err("full");
        assert_eq!(StoreError::from(error).outage(), Outage::Passing);
        assert_eq!(count(&database).await, 0);
    }
    insert(&database, &large).await.expect("there is room again");
}

/// Starts one of this file's ignored tests in a process of its own, on the database at `path`.
fn process(test: &str, path: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--quiet"])
        .env("DOORWARD_TEST_PATH", path)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_share_a_file() {
    let (_folder, path) = folder();
    let database = with_table(&path).await;
    let mut children = [process("child_inserts", &path), process("child_inserts", &path)];
    for number in 0..200 {
        insert(&database, &format!("parent {number}")).await.unwrap();
    }
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(count(&database).await, 600);
}

#[tokio::test]
#[ignore = "runs in the child process of processes_share_a_file"]
async fn child_inserts() {
    #[expect(clippy::disallowed_methods, reason = "how the parent tells the path")]
    let Some(path) = std::env::var_os("DOORWARD_TEST_PATH") else {
        return;
    };
    let database = open(Path::new(&path)).await.unwrap();
    let process = std::process::id();
    for number in 0..200 {
        insert(&database, &format!("{process} {number}")).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_survives_a_kill() {
    let (_folder, path) = folder();
    let database = with_table(&path).await;
    for round in 1..=8_u32 {
        let mut child = process("child_inserts_and_tells", &path);
        tokio::time::sleep(Duration::from_millis(8) * round).await;
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let told = std::fs::read_to_string(path.with_extension("told")).unwrap();
    assert!(told.lines().count() > 0);
    for name in told.lines() {
        let found = database
            .fetch_all("SELECT id FROM t WHERE name = ?", [name.into()])
            .await
            .unwrap();
        assert_eq!(found.len(), 1, "{name} was answered and is lost");
    }
    assert_eq!(pragma(&database, "PRAGMA integrity_check").await, "ok");
    insert(&database, "the lock is free").await.unwrap();
}

#[tokio::test]
#[ignore = "runs in the child processes of what_was_answered_survives_a_kill"]
async fn child_inserts_and_tells() {
    #[expect(clippy::disallowed_methods, reason = "how the parent tells the path")]
    let Some(path) = std::env::var_os("DOORWARD_TEST_PATH") else {
        return;
    };
    let path = Path::new(&path);
    let database = open(path).await.unwrap();
    let told = path.with_extension("told");
    let mut ledger = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(told)
        .unwrap();
    for number in 0_u64.. {
        let name = format!("{} {number}", std::process::id());
        insert(&database, &name).await.unwrap();
        std::io::Write::write_all(&mut ledger, format!("{name}\n").as_bytes()).unwrap();
    }
}
