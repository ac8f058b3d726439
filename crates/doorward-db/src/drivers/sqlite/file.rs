//! The file of a SQLite database: looked at before it is opened, made if it is not there, never overwritten.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection};

use super::options;
use super::statement;
use crate::sql::{DatabaseError, Location, Opening, Result, Trouble};

/// What a database begins with (<https://sqlite.org/fileformat2.html>).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
const HEADER: usize = 100;

/// Which file a path names: one that is restored from a copy is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    number: u64,
}

impl Identity {
    /// Of the file at that path now.
    pub(super) fn of(path: &Path) -> Result<Self> {
        let metadata = fs::metadata(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => DatabaseError::Missing(path.to_owned()),
            _ => unusable(path, &error),
        })?;
        Ok(Self {
            device: metadata.dev(),
            number: metadata.ino(),
        })
    }
}

/// How to connect to the file at that absolute path, after making sure that there is a database.
pub(super) async fn prepare(path: &Path, opening: Opening) -> Result<SqliteConnectOptions> {
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(DatabaseError::unusable(path, "this is not a file")),
        Ok(metadata) if metadata.len() == 0 => new_file(path, opening).await,
        Ok(metadata) => {
            let header = inspect(path, metadata.len())?;
            match opening {
                Opening::OrMake | Opening::Existing => Ok(options().filename(path)),
                Opening::ReadOnly => read_only(path, &header),
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => match opening {
            Opening::OrMake => create(path).await.map(|()| options().filename(path)),
            Opening::Existing | Opening::ReadOnly => Err(DatabaseError::Missing(path.to_owned())),
        },
        Err(error) => Err(unusable(path, &error)),
    }
}

fn unusable(path: &Path, error: &io::Error) -> DatabaseError {
    DatabaseError::unusable(path, error.to_string())
}

/// A file of no bytes is a database that nobody has written yet. It keeps its owner and its mode.
async fn new_file(path: &Path, opening: Opening) -> Result<SqliteConnectOptions> {
    if has_log(path) {
        // SQLite would throw the log away.
        let problem = "this file is empty, but a log of changes lies beside it; restore both from a copy";
        return Err(DatabaseError::unusable(path, problem));
    }
    match opening {
        Opening::OrMake => begin(path).await.map(|()| options().filename(path)),
        Opening::Existing | Opening::ReadOnly => Err(DatabaseError::Missing(path.to_owned())),
    }
}

fn inspect(path: &Path, length: u64) -> Result<Vec<u8>> {
    let header = header(path).map_err(|error| unusable(path, &error))?;
    if !header.starts_with(MAGIC) {
        let problem = "this is not a SQLite database; correct `database.url`, or move the file away";
        return Err(DatabaseError::unusable(path, problem));
    }
    if !has_log(path) && declared_length(&header).is_some_and(|declared| declared > length) {
        return Err(DatabaseError::unusable(
            path,
            "this database is cut short; restore it from a copy",
        ));
    }
    Ok(header)
}

/// A connection that leaves no trace.
///
/// SQLite puts a log and its index beside a database that uses one, even for those who only read. Where no log is there,
/// all is in the file, which is read as if nobody could write it (`immutable`). Beside a log its index is read as it is
/// (`readonly_shm`); without an index, SQLite would have to make one.
fn read_only(path: &Path, header: &[u8]) -> Result<SqliteConnectOptions> {
    let uses_log = header.get(18..20).is_some_and(|versions| versions.contains(&2));
    let parameter = match uses_log {
        false => "mode=ro",
        true if !is_filled(path, "-wal") => "immutable=1",
        true if is_filled(path, "-shm") => "readonly_shm=1",
        true => {
            let cause = "a log of changes (-wal) lies beside it that its writer did not close";
            let error = DatabaseError::unavailable(Trouble::Unfinished, cause);
            return Err(error.at(&Location::file(path)));
        }
    };
    let options = options().filename(format!("file:{}?{parameter}", encoded(path)?));
    Ok(options.read_only(true))
}

/// The path for SQLite's URIs (<https://sqlite.org/uri.html>).
fn encoded(path: &Path) -> Result<String> {
    let Some(text) = path.to_str() else {
        return Err(DatabaseError::unusable(path, "this path is no UTF-8"));
    };
    let escape = |text: String, (from, to): (&str, &str)| text.replace(from, to);
    Ok([("%", "%25"), ("?", "%3f"), ("#", "%23")]
        .into_iter()
        .fold(text.to_owned(), escape))
}

fn header(path: &Path) -> io::Result<Vec<u8>> {
    let mut header = Vec::with_capacity(HEADER);
    File::open(path)?.take(HEADER as u64).read_to_end(&mut header)?;
    Ok(header)
}

/// Beside a log or a journal the file may lawfully be shorter than it says: SQLite will complete it from there.
fn has_log(path: &Path) -> bool {
    ["-wal", "-journal"].iter().any(|end| is_filled(path, end))
}

/// Whether the file of that ending beside it holds anything.
fn is_filled(path: &Path, end: &str) -> bool {
    fs::metadata(beside(path, end)).is_ok_and(|metadata| metadata.len() > 0)
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
    begin(&draft.0).await?;
    draft.publish(path).map_err(|error| unusable(path, &error))
}

/// Makes an empty file an empty database with a write-ahead log.
async fn begin(path: &Path) -> Result<()> {
    let options = options().filename(path).journal_mode(SqliteJournalMode::Wal);
    let named = Location::file(path);
    let told = |error| statement::error(error).at(&named);
    let connection = options.connect().await.map_err(told)?;
    connection.close().await.map_err(told)
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
