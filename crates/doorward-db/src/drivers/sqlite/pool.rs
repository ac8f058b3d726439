//! A few connections to one SQLite file.
//!
//! A connection is a thread with a file: it needs no ping and does not age, but one that a cancelled transaction
//! left behind must never be used again. That is all this pool does; a lease that was not cleared for reuse closes
//! its connection, and SQLite rolls back.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::BUSY_TIMEOUT;
use super::statement;
use crate::database::{DatabaseError, FileName, Result, Trouble};

pub(super) struct Pool {
    options: SqliteConnectOptions,
    /// What errors call it.
    place: FileName,
    permits: Arc<Semaphore>,
    idle: Arc<Idle>,
}

#[derive(Default)]
struct Idle(Mutex<Vec<SqliteConnection>>);

impl Idle {
    fn lock(&self) -> MutexGuard<'_, Vec<SqliteConnection>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pool {
    pub(super) fn new(options: SqliteConnectOptions, place: &FileName, size: usize) -> Self {
        Self {
            options,
            place: place.clone(),
            permits: Arc::new(Semaphore::new(size)),
            idle: Arc::default(),
        }
    }

    /// A connection, in the order of asking; opened when none is idle.
    pub(super) async fn acquire(&self) -> Result<Lease> {
        let permit = timeout(BUSY_TIMEOUT, Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|cause| DatabaseError::unavailable(Trouble::Busy, cause).at(&self.place))?
            .map_err(|cause| DatabaseError::unavailable(Trouble::Away, cause).at(&self.place))?;
        let idle = self.idle.lock().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        Ok(Lease {
            connection: Some(connection),
            reuse: Reuse::Yes,
            place: self.place.clone(),
            idle: Arc::clone(&self.idle),
            _permit: permit,
        })
    }

    async fn connect(&self) -> Result<SqliteConnection> {
        let opened = self.options.connect().await;
        opened.map_err(|error| statement::error(error).at(&self.place))
    }

    pub(super) async fn close(&self) {
        let idle = std::mem::take(&mut *self.idle.lock());
        for connection in idle {
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "A database connection did not close cleanly.");
            }
        }
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("free", &self.permits.available_permits())
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reuse {
    Yes,
    No,
}

/// A connection in use.
pub(super) struct Lease {
    /// `Some` until it is dropped.
    connection: Option<SqliteConnection>,
    reuse: Reuse,
    place: FileName,
    idle: Arc<Idle>,
    // Declared last: the connection is back in the pool before the next task may look for one.
    _permit: OwnedSemaphorePermit,
}

impl Lease {
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        self.connection
            .as_mut()
            .expect("only drop takes the connection away")
    }

    pub(super) fn keep(&mut self) {
        self.reuse = Reuse::Yes;
    }

    pub(super) fn discard(&mut self) {
        self.reuse = Reuse::No;
    }

    /// Passes `result` on; a connection that was away is not used again.
    pub(super) fn keep_if<T>(&mut self, result: Result<T>) -> Result<T> {
        if matches!(result, Err(DatabaseError::Unavailable { .. })) {
            self.discard();
        }
        self.told(result)
    }

    /// Passes `result` on, with the file's name where it failed.
    pub(super) fn told<T>(&self, result: Result<T>) -> Result<T> {
        result.map_err(|error| error.at(&self.place))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let (Some(connection), Reuse::Yes) = (self.connection.take(), self.reuse) {
            self.idle.lock().push(connection);
        }
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease")
            .field("reuse", &self.reuse)
            .finish_non_exhaustive()
    }
}
