//! SQLite: a few connections that read, and one that writes.
//!
//! Source of the options: `django.db.backends.sqlite3` (foreign keys on), with `synchronous=FULL` and
//! `BEGIN IMMEDIATE`, so that what was answered is on the disk and no writer fails half-way.

mod file;
mod reader;
mod statement;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteSynchronous};

use super::pool::{Habits, Lease, Pool};
use crate::sql::{DatabaseError, Location, Opening, Place, PoolStatus, Result, Row, Sql, Value};
use file::Identity;
pub(crate) use reader::SqliteReader;

/// How long a statement waits for another process's lock, and a task for a connection.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Each connection is a thread; more readers than this only wait for each other.
const READERS: usize = 4;

/// A connection is a thread with a file: it needs no ping and does not age.
const HABITS: Habits = Habits {
    wait: BUSY_TIMEOUT,
    network: None,
    error: statement::error,
};

#[derive(Clone, Debug)]
pub(crate) struct SqliteDriver(Arc<Connections>);

#[derive(Debug)]
struct Connections {
    readers: Pool<SqliteConnection>,
    writer: Pool<SqliteConnection>,
    /// The file that the connections have open; none in memory.
    file: Option<(PathBuf, Mutex<Identity>)>,
    /// Keeps a database in memory alive; files need none.
    _anchor: Option<Lease<SqliteConnection>>,
}

impl SqliteDriver {
    pub(crate) async fn open(place: Place, opening: Opening) -> Result<Self> {
        let (options, named, file) = match &place {
            Place::Memory => (memory(), Location::default(), None),
            Place::File(path) => {
                let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
                let options = file::prepare(&path, opening).await?;
                let identity = Mutex::new(Identity::of(&path)?);
                (options, Location::file(path.as_path()), Some((path, identity)))
            }
        };
        let writer = Pool::new(options.clone(), &named, 1, HABITS);
        let anchor = match place {
            Place::Memory => Some(Pool::new(options.clone(), &named, 1, HABITS).acquire().await?),
            Place::File(_) => None,
        };
        let readers = Pool::new(options.pragma("query_only", "ON"), &named, READERS, HABITS);
        let driver = Self(Arc::new(Connections {
            readers,
            writer,
            file,
            _anchor: anchor,
        }));
        // What is no database, or a broken one, shows at the first read.
        driver
            .fetch_all(&"SELECT count(*) FROM sqlite_master".into(), Vec::new())
            .await?;
        Ok(driver)
    }

    pub(crate) async fn fetch_all(&self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        let mut lease = self.0.readers.acquire().await?;
        let result = statement::fetch_all(lease.connection(), sql, values).await;
        match result {
            // `query_only`: the connection is as sound as it was.
            Err(error) if statement::is_read_only(&error) => Err(DatabaseError::NotReading),
            result => lease.keep_if(result),
        }
    }

    pub(crate) fn location(&self) -> &Location {
        self.0.readers.place()
    }

    pub(crate) async fn execute(&self, sql: &Sql, values: Vec<Value>) -> Result<u64> {
        let mut lease = self.0.writer.acquire().await?;
        let result = statement::execute(lease.connection(), sql, values).await;
        lease.keep_if(result)
    }

    pub(crate) async fn transaction(&self) -> Result<SqliteTransaction> {
        let mut lease = self.0.writer.acquire().await?;
        // From here on the connection is kept only after COMMIT or ROLLBACK: closed, it rolls back by itself,
        // wherever the future was dropped.
        lease.discard();
        let begun = statement::execute(lease.connection(), &"BEGIN IMMEDIATE".into(), Vec::new()).await;
        lease.told(begun)?;
        Ok(SqliteTransaction(lease))
    }

    /// A connection beside the pool, for who keeps it.
    pub(crate) async fn reader(&self) -> Result<SqliteReader> {
        let connection = self.0.readers.connect().await?;
        Ok(SqliteReader::new(connection, self.location()))
    }

    /// Whether another file has come in the place of the one that is open. From then on that one is used.
    pub(crate) async fn follow_file(&self) -> Result<bool> {
        let Some((path, open)) = &self.0.file else {
            return Ok(false);
        };
        let found = Identity::of(path)?;
        let lock = || open.lock().unwrap_or_else(PoisonError::into_inner);
        if *lock() == found {
            return Ok(false);
        }
        self.0.readers.renew().await;
        self.0.writer.renew().await;
        *lock() = found;
        Ok(true)
    }

    pub(crate) fn pools(&self) -> [PoolStatus; 2] {
        [self.0.readers.status("readers"), self.0.writer.status("writers")]
    }

    pub(crate) async fn close(&self) {
        self.0.readers.close().await;
        self.0.writer.close().await;
    }
}

fn options() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
        .disable_statement_logging()
}

/// A database that the connections of one driver share, and no other.
fn memory() -> SqliteConnectOptions {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    options()
        .filename(format!("/doorward-{number}"))
        .vfs("memdb")
        .create_if_missing(true)
}

/// A transaction begun with `BEGIN IMMEDIATE`.
#[derive(Debug)]
pub(crate) struct SqliteTransaction(Lease<SqliteConnection>);

impl SqliteTransaction {
    pub(crate) async fn fetch_all(&mut self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        let rows = statement::fetch_all(self.0.connection(), sql, values).await;
        self.0.told(rows)
    }

    pub(crate) async fn execute(&mut self, sql: &Sql, values: Vec<Value>) -> Result<u64> {
        let done = statement::execute(self.0.connection(), sql, values).await;
        self.0.told(done)
    }

    /// Only one transaction writes at a time.
    pub(crate) async fn hold(&mut self, _: Vec<Value>) -> Result<()> {
        Ok(())
    }

    pub(crate) async fn commit(self) -> Result<()> {
        self.end("COMMIT").await
    }

    pub(crate) async fn rollback(self) -> Result<()> {
        self.end("ROLLBACK").await
    }

    async fn end(mut self, how: &'static str) -> Result<()> {
        self.execute(&how.into(), Vec::new()).await?;
        self.0.keep();
        Ok(())
    }
}
