//! [`Expired`]: rows that have expired go in steps so small that others get their turn.

#[cfg(feature = "commands")]
mod command;

use std::fmt;
use std::time::Duration;

use doorward_django::timestamp::Timestamp;
use tokio::time::sleep;

#[cfg(feature = "commands")]
pub use command::delete_at;

use crate::app::{Chore, ChoreError};
use crate::door::Door;
use crate::stores::{StoreAnswer, StoreError};

/// Rows per transaction: small enough that others get their turn.
const CHUNK: u32 = 500;

/// Between two chunks, so that a table that nobody ever cleaned is no load. It is longer than the longest sleep of whoever
/// waits for SQLite's lock (100 ms, `sqliteDefaultBusyCallback`): everyone who waits finds it free once a pause.
const PAUSE: Duration = Duration::from_millis(120);

/// A kind of rows that expire: those that ended before some moment are deleted, so many at once.
///
/// Several servers on one database do each other no harm: what one has deleted the other does not find.
#[derive(Clone, Copy)]
pub struct Expired {
    name: &'static str,
    until: fn(&Door) -> Timestamp,
    delete_some: DeleteSome,
}

/// Deletes at most so many of the rows that ended before that moment, and tells how many it were.
pub type DeleteSome = for<'d> fn(&'d Door, Timestamp, u32) -> StoreAnswer<'d, u64>;

impl Expired {
    /// Rows of that name, for the log. What ended before `until` has expired.
    #[must_use]
    pub const fn new(name: &'static str, until: fn(&Door) -> Timestamp, delete_some: DeleteSome) -> Self {
        Self {
            name,
            until,
            delete_some,
        }
    }

    /// Deletes all that has expired by now, in small transactions with pauses between them, as a server does beside its
    /// requests; `told` is called after each with the number of rows that went. Gives the sum.
    ///
    /// # Errors
    /// When the database is away, or busy for too long; what went until then is gone.
    pub async fn delete(self, door: &Door, mut told: impl FnMut(u64)) -> Result<u64, StoreError> {
        let until = (self.until)(door);
        let mut deleted = 0;
        loop {
            let some = (self.delete_some)(door, until, CHUNK).await?;
            if some == 0 {
                return Ok(deleted);
            }
            deleted += some;
            told(some);
            sleep(PAUSE).await;
        }
    }

    /// What has a server delete them again and again; never where `every` is zero.
    #[must_use]
    pub fn chore(self, every: Duration) -> Chore {
        Chore::new(
            self.name,
            every,
            move |door| async move { self.round(&door).await },
        )
    }

    /// One turn of the chore. What went until it failed is told all the same.
    async fn round(self, door: &Door) -> Result<(), ChoreError> {
        let mut deleted = 0;
        let all = self.delete(door, |some| deleted += some).await;
        if deleted > 0 {
            tracing::info!(deleted, kind = self.name, "deleted what has expired");
        }
        all?;
        Ok(())
    }
}

impl fmt::Debug for Expired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expired").field(&self.name).finish()
    }
}
