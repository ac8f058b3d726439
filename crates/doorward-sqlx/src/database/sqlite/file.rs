//! The file of a SQLite database: looked at before it is opened, made if it is not there, never overwritten.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::sqlite::SqliteJournalMode;
use sqlx::{ConnectOptions, Connection};

use super::options;
use super::statement;
use crate::database::{DatabaseError, Result};

/// What a database begins with (<https://sqlite.org/fileformat2.html>).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
const HEADER: usize = 100;

/// The file's absolute path, after making sure that there is a database.
pub(super) async fn prepare(path: &Path) -> Result<PathBuf> {
    let path = std::path::absolute(path).map_err(|error| unusable(path, &error))?;
    match fs::metadata(&path) {
        Ok(metadata) if !metadata.is_file() => Err(DatabaseError::unusable(path, "this is not a file")),
        Ok(metadata) => inspect(&path, metadata.len()).map(|()| path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(&path).await.map(|()| path),
        Err(error) => Err(unusable(&path, &error)),
    }
}

fn unusable(path: &Path, error: &io::Error) -> DatabaseError {
    DatabaseError::unusable(path, error.to_string())
}

fn inspect(path: &Path, length: u64) -> Result<()> {
    if length == 0 {
        let problem = "this file is empty, which no database is; delete it, or restore it from a copy";
        return Err(DatabaseError::unusable(path, problem));
    }
    let header = header(path).map_err(|error| unusable(path, &error))?;
    if !header.starts_with(MAGIC) {
        return Err(DatabaseError::unusable(path, "this is not a SQLite database"));
    }
    if !has_log(path) && declared_length(&header).is_some_and(|declared| declared > length) {
        return Err(DatabaseError::unusable(
            path,
            "this database is cut short; restore it from a copy",
        ));
    }
    Ok(())
}

fn header(path: &Path) -> io::Result<Vec<u8>> {
    let mut header = Vec::with_capacity(HEADER);
    File::open(path)?.take(HEADER as u64).read_to_end(&mut header)?;
    Ok(header)
}

/// Beside a log or a journal the file may lawfully be shorter than it says: SQLite will complete it from there.
fn has_log(path: &Path) -> bool {
    ["-wal", "-journal"]
        .iter()
        .any(|end| fs::metadata(beside(path, end)).is_ok_and(|metadata| metadata.len() > 0))
}

/// Page size times pages, where the header's count is to be believed.
fn declared_length(header: &[u8]) -> Option<u64> {
    let number = |at: usize| Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?));
    let page_size = match u16::from_be_bytes(header.get(16..18)?.try_into().ok()?) {
        1 => 65_536,
        size => u64::from(size),
    };
    let (counter, pages, valid_for) = (number(24)?, number(28)?, number(92)?);
    (counter == valid_for).then(|| page_size * u64::from(pages))
}

/// Makes an empty database with a write-ahead log, whole or not at all: it appears under its name when it is ready,
/// and somebody else's that appeared first is kept.
async fn create(path: &Path) -> Result<()> {
    let draft = Draft::new(path).map_err(|error| unusable(path, &error))?;
    let connection = options()
        .filename(&draft.0)
        .journal_mode(SqliteJournalMode::Wal)
        .connect()
        .await
        .map_err(statement::error)?;
    connection.close().await.map_err(statement::error)?;
    draft.publish(path).map_err(|error| unusable(path, &error))
}

/// A file under a name of its own, which is gone when this is dropped.
struct Draft(PathBuf);

impl Draft {
    fn new(path: &Path) -> io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let draft = Self(beside(path, &format!(".{}-{number}.new", std::process::id())));
        // Left by a process of the same number that was killed here.
        let _ = fs::remove_file(&draft.0);
        private().open(&draft.0)?;
        Ok(draft)
    }

    fn publish(&self, path: &Path) -> io::Result<()> {
        match fs::hard_link(&self.0, path) {
            Ok(()) => sync_folder(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            // A file system without links.
            Err(_) => self.copy_to(path),
        }
    }

    fn copy_to(&self, path: &Path) -> io::Result<()> {
        let bytes = fs::read(&self.0)?;
        let mut file = private().open(path)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        sync_folder(path)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(beside(&self.0, end));
        }
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn sync_folder(path: &Path) -> io::Result<()> {
    path.parent()
        .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
