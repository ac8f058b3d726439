//! A few connections to one database.
//!
//! A connection that a cancelled transaction left behind must never be used again: a lease that was not cleared for reuse
//! closes its connection, and the database rolls back. One that goes over a network may be cut while nobody uses it: who
//! gets one that rested asks first whether it is still there.

mod idle;

use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::{ConnectOptions, Connection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use crate::sql::{DatabaseError, Location, PoolStatus, Result, Trouble};
use idle::{Idle, Resting};

/// What differs between kinds of database.
#[derive(Clone, Copy, Debug)]
pub(super) struct Habits {
    /// How long a task waits for a connection.
    pub(super) wait: Duration,
    /// For a connection to a server.
    pub(super) network: Option<Network>,
    /// What a failure means.
    pub(super) error: fn(sqlx::Error) -> DatabaseError,
}

/// What a network does to connections.
#[derive(Clone, Copy, Debug)]
pub(super) struct Network {
    /// How long a new connection may take.
    pub(super) connecting: Duration,
    /// How long a server may take to answer.
    pub(super) patience: Duration,
    /// Who rested for so long is asked whether it is still there.
    pub(super) ask_after: Duration,
    /// Who rested for so long is not needed.
    pub(super) close_after: Duration,
    /// Who is so old is not used again: what has changed since (an address, a password) is noticed in time.
    pub(super) lifetime: Duration,
}

/// A connection that is being opened.
pub(super) type Opening<C> = Pin<Box<dyn Future<Output = sqlx::Result<C>> + Send>>;
/// What opens them.
type Open<C> = Box<dyn Fn() -> Opening<C> + Send + Sync>;

pub(super) struct Pool<C: Connection> {
    open: Open<C>,
    /// What errors call it.
    place: Location,
    habits: Habits,
    size: usize,
    permits: Arc<Semaphore>,
    idle: Arc<Idle<C>>,
}

impl<C: Connection + 'static> Pool<C> {
    pub(super) fn new(options: C::Options, place: &Location, size: usize, habits: Habits) -> Self {
        let open = move || -> Opening<C> {
            let options = options.clone();
            Box::pin(async move { options.connect().await })
        };
        Self::opened_by(open, place, size, habits)
    }

    /// As [`Pool::new`], of connections that are more than their options.
    pub(super) fn opened_by(
        open: impl Fn() -> Opening<C> + Send + Sync + 'static,
        place: &Location,
        size: usize,
        habits: Habits,
    ) -> Self {
        Self {
            open: Box::new(open),
            place: place.clone(),
            habits,
            size,
            permits: Arc::new(Semaphore::new(size)),
            idle: Arc::new(Idle {
                resting: Mutex::default(),
                renewals: AtomicU64::new(0),
            }),
        }
    }

    /// What errors call it.
    pub(super) fn place(&self) -> &Location {
        &self.place
    }

    /// How many connections there are at most.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// How many connections are in use, under that name.
    pub(super) fn status(&self, name: &'static str) -> PoolStatus {
        PoolStatus {
            name,
            size: self.size,
            in_use: self.size.saturating_sub(self.permits.available_permits()),
            idle: self.idle.lock().len(),
        }
    }

    /// Takes in a connection that was opened elsewhere.
    pub(super) fn rest(&self, connection: C) {
        self.idle.push(connection, Instant::now(), self.habits.network);
    }

    /// A connection, in the order of asking; opened when none is idle.
    pub(super) async fn acquire(&self) -> Result<Lease<C>> {
        let permit = self.permit().await?;
        let renewals = self.idle.renewals();
        let (connection, opened) = match self.rested().await? {
            Some(rested) => rested,
            None => (self.connect().await?, Instant::now()),
        };
        Ok(Lease {
            connection: Some(connection),
            opened,
            reuse: Reuse::Yes,
            place: self.place.clone(),
            network: self.habits.network,
            idle: Arc::clone(&self.idle),
            renewals,
            _permit: permit,
        })
    }

    /// At once where one is free, without a timer; else in the order of asking, for so long and no longer.
    async fn permit(&self) -> Result<OwnedSemaphorePermit> {
        let permits = || Arc::clone(&self.permits);
        if let Ok(permit) = permits().try_acquire_owned() {
            return Ok(permit);
        }
        timeout(self.habits.wait, permits().acquire_owned())
            .await
            .map_err(|cause| DatabaseError::unavailable(Trouble::Busy, cause).at(&self.place))?
            .map_err(|cause| DatabaseError::unavailable(Trouble::Away, cause).at(&self.place))
    }

    /// The one that rested least and is still there.
    async fn rested(&self) -> Result<Option<(C, Instant)>> {
        loop {
            let Some(resting) = self.idle.lock().pop() else {
                return Ok(None);
            };
            let opened = resting.opened;
            if let Some(connection) = self.if_alive(resting).await? {
                return Ok(Some((connection, opened)));
            }
        }
    }

    /// Nothing for one that was cut. A server that does not answer at all will not answer on the next one either.
    async fn if_alive(&self, resting: Resting<C>) -> Result<Option<C>> {
        let Resting {
            mut connection,
            since,
            ..
        } = resting;
        match self.habits.network {
            Some(network) if since.elapsed() >= network.ask_after => {
                let answered = timeout(network.patience, connection.ping()).await;
                let answered = answered
                    .map_err(|cause| DatabaseError::unavailable(Trouble::Away, cause).at(&self.place))?;
                Ok(answered.is_ok().then_some(connection))
            }
            _ => Ok(Some(connection)),
        }
    }

    /// A connection beside the pool.
    pub(super) async fn connect(&self) -> Result<C> {
        let opened = match self.habits.network {
            None => (self.open)().await,
            Some(network) => timeout(network.connecting, (self.open)())
                .await
                .map_err(|cause| DatabaseError::unavailable(Trouble::Away, cause).at(&self.place))?,
        };
        opened.map_err(|error| (self.habits.error)(error).at(&self.place))
    }

    /// Gives every connection up: those that rest at once, those in use when they come back.
    #[cfg(feature = "sqlite")]
    pub(super) async fn renew(&self) {
        self.idle.renewals.fetch_add(1, Ordering::SeqCst);
        self.close().await;
    }

    pub(super) async fn close(&self) {
        let idle = std::mem::take(&mut *self.idle.lock());
        for resting in idle {
            if let Err(error) = resting.connection.close().await {
                tracing::warn!(%error, "A database connection did not close cleanly.");
            }
        }
    }
}

impl<C: Connection> fmt::Debug for Pool<C> {
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
pub(super) struct Lease<C> {
    /// `Some` until it is dropped.
    connection: Option<C>,
    opened: Instant,
    reuse: Reuse,
    place: Location,
    network: Option<Network>,
    idle: Arc<Idle<C>>,
    /// When it was taken; later ones make it too old to be used again.
    renewals: u64,
    // Declared last: the connection is back in the pool before the next task may look for one.
    _permit: OwnedSemaphorePermit,
}

impl<C> Lease<C> {
    pub(super) fn connection(&mut self) -> &mut C {
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

    /// No connection of this pool is used again, those that rest and those in use: the server is no longer the one that is
    /// wanted.
    pub(super) fn discard_all(&mut self) {
        self.idle.renewals.fetch_add(1, Ordering::SeqCst);
        self.idle.lock().clear();
    }

    /// Passes `result` on; a connection that was away is not used again.
    pub(super) fn keep_if<T>(&mut self, result: Result<T>) -> Result<T> {
        self.reuse = match result {
            Err(DatabaseError::Unavailable { .. }) => Reuse::No,
            _ => Reuse::Yes,
        };
        self.told(result)
    }

    /// Passes `result` on, with the database's name where it failed.
    pub(super) fn told<T>(&self, result: Result<T>) -> Result<T> {
        result.map_err(|error| error.at(&self.place))
    }
}

impl<C> Drop for Lease<C> {
    fn drop(&mut self) {
        let is_current = self.renewals == self.idle.renewals();
        if let (Some(connection), Reuse::Yes, true) = (self.connection.take(), self.reuse, is_current) {
            self.idle.push(connection, self.opened, self.network);
        }
    }
}

impl<C> fmt::Debug for Lease<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease")
            .field("reuse", &self.reuse)
            .finish_non_exhaustive()
    }
}
