//! What only reads a database leaves no trace: not in the file, not beside it.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use doorward_sqlx::{Database, DatabaseError, Opening, Trouble};
use tempfile::TempDir;

const READ: &str = "SELECT count(*) FROM t";

fn url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

/// A folder whose database has a write-ahead log, or Django's journal, and 50 rows.
async fn folder(mode: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a b%20#.sqlite3");
    let database = Database::open(&url(&path)).await.unwrap();
    for sql in [
        "CREATE TABLE t (name text)",
        "INSERT INTO t VALUES (hex(randomblob(2000)))",
    ] {
        database.execute(sql, []).await.unwrap();
    }
    database.close().await;
    if mode == "delete" {
        // Bytes 18 and 19 name the journal (<https://sqlite.org/fileformat2.html>).
        let mut bytes = fs::read(&path).unwrap();
        bytes.splice(18..20, [1, 1]);
        fs::write(&path, bytes).unwrap();
    }
    (folder, path)
}

/// The name of each file, a digest of what it holds, and when it was changed.
type Trace = Vec<(String, u64, SystemTime)>;

fn trace(folder: &TempDir) -> Trace {
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut all: Trace = entries
        .map(|entry| {
            let entry = entry.unwrap();
            let bytes = fs::read(entry.path()).unwrap();
            let name = entry.file_name().into_string().unwrap();
            let mut digest = DefaultHasher::new();
            bytes.hash(&mut digest);
            (
                name,
                digest.finish(),
                entry.metadata().unwrap().modified().unwrap(),
            )
        })
        .collect();
    all.sort();
    all
}

async fn read(path: &Path) -> Result<i64, DatabaseError> {
    let database = Database::open_for(&url(path), Opening::ReadOnly).await?;
    let row = database.fetch_optional(READ, []).await?;
    let written = database.execute("INSERT INTO t VALUES ('x')", []).await;
    assert_eq!(
        written.expect_err("it is only read").trouble(),
        Some(Trouble::NotWritable)
    );
    database.close().await;
    row.unwrap().read(0)
}

#[tokio::test]
async fn a_closed_database_is_read_without_a_trace() {
    for mode in ["wal", "delete"] {
        let (folder, path) = folder(mode).await;
        let before = trace(&folder);
        assert_eq!(before.len(), 1);
        assert_eq!(read(&path).await.unwrap(), 1, "{mode}");
        assert_eq!(trace(&folder), before, "{mode}");
    }
}

#[tokio::test]
async fn beside_a_server_what_it_has_written_is_read() {
    for mode in ["wal", "delete"] {
        let (folder, path) = folder(mode).await;
        let server = Database::open(&url(&path)).await.unwrap();
        server
            .execute("INSERT INTO t VALUES ('fresh')", [])
            .await
            .unwrap();
        let before = trace(&folder);
        // SQLite shares a log's index within a process: the reader is another one.
        let reader = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_reads_two", "--ignored", "--quiet"])
            .env("DOORWARD_TEST_PATH", &path)
            .status();
        assert!(reader.unwrap().success(), "{mode}");
        assert_eq!(trace(&folder), before, "{mode}");
        server.execute("INSERT INTO t VALUES ('more')", []).await.unwrap();
    }
}

#[tokio::test]
#[ignore = "runs in the child process of beside_a_server_what_it_has_written_is_read"]
async fn child_reads_two() {
    #[expect(clippy::disallowed_methods, reason = "how the parent tells the path")]
    let Some(path) = std::env::var_os("DOORWARD_TEST_PATH") else {
        return;
    };
    assert_eq!(read(Path::new(&path)).await.unwrap(), 2);
}

/// The files as a process leaves them that was killed.
async fn killed(mode: &str) -> (TempDir, PathBuf) {
    let (original, path) = folder(mode).await;
    let database = Database::open(&url(&path)).await.unwrap();
    // A journal counts from when it is said to be on the disk.
    database.execute("PRAGMA synchronous = OFF", []).await.unwrap();
    let mut transaction = database.transaction().await.unwrap();
    // Under Django's journal the pages themselves are written before the end, when there are many.
    transaction.execute("PRAGMA cache_size = 1", []).await.unwrap();
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) \
                INSERT INTO t SELECT hex(randomblob(2000)) FROM n";
    transaction.execute(many, []).await.unwrap();
    if mode == "wal" {
        transaction.commit().await.unwrap();
    } else {
        std::mem::forget(transaction);
    }
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(original.path()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    let path = copy.path().join(path.file_name().unwrap());
    (copy, path)
}

#[tokio::test]
async fn what_a_killed_process_left_is_read_or_told_and_kept() {
    let (folder, path) = killed("wal").await;
    let before = trace(&folder);
    assert_eq!(before.len(), 3, "a log and its index");
    assert_eq!(read(&path).await.unwrap(), 501, "the log is read");
    assert_eq!(trace(&folder), before);

    let (folder, path) = killed("delete").await;
    let before = trace(&folder);
    assert_eq!(before.len(), 2, "a journal");
    let error = read(&path)
        .await
        .expect_err("a journal that only a writer may roll back");
    assert_eq!(error.trouble(), Some(Trouble::Unfinished), "{error}");
    assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    assert_eq!(trace(&folder), before);
    // Whoever may write rolls back.
    let database = Database::open_for(&url(&path), Opening::Existing).await.unwrap();
    let row = database.fetch_optional(READ, []).await.unwrap().unwrap();
    assert_eq!(row.read::<i64>(0).unwrap(), 1);
}

#[tokio::test]
async fn a_log_without_its_index_is_told_and_kept() {
    let (folder, path) = killed("wal").await;
    let mut index = path.clone().into_os_string();
    index.push("-shm");
    fs::remove_file(index).unwrap();
    let before = trace(&folder);
    let error = read(&path).await.expect_err("an index would have to be made");
    assert_eq!(error.trouble(), Some(Trouble::Unfinished), "{error}");
    assert_eq!(trace(&folder), before);
}

#[tokio::test]
async fn nothing_is_made_where_nothing_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.sqlite3");
    for opening in [Opening::ReadOnly, Opening::Existing] {
        let error = Database::open_for(&url(&path), opening).await.expect_err("none");
        assert!(matches!(error, DatabaseError::Missing(_)), "{error}");
        assert_eq!(trace(&folder), []);
    }
    fs::write(&path, "").unwrap();
    let before = trace(&folder);
    for opening in [Opening::ReadOnly, Opening::Existing] {
        let error = Database::open_for(&url(&path), opening).await.expect_err("empty");
        assert!(matches!(error, DatabaseError::Missing(_)), "{error}");
        assert_eq!(trace(&folder), before);
    }
}

#[tokio::test]
async fn damaged_pages_are_called_damaged() {
    let (_folder, path) = folder("delete").await;
    let mut bytes = fs::read(&path).unwrap();
    let pages = bytes.len() / 4096;
    for page in 1..pages {
        if let Some(page) = bytes.get_mut(page * 4096..page * 4096 + 100) {
            page.fill(0xff);
        }
    }
    fs::write(&path, bytes).unwrap();
    let error = read(&path).await.expect_err("damaged");
    assert_eq!(error.trouble(), Some(Trouble::Damaged), "{error}");
    assert!(
        error.to_string().ends_with(": the database is damaged"),
        "{error}"
    );
}
