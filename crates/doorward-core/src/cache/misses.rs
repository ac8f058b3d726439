//! [`Misses`]: how many look-ups of what is not kept there may be at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::batches::AT_ONCE;
use crate::stores::{Outage, StoreError};

/// How many read at once: enough to fill every statement of one kind.
const READING: usize = AT_ONCE;

/// How many wait for a turn: a herd after a start, or after everything was forgotten.
const WAITING: usize = 16_384;

/// How long one waits for a turn.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Turns to read. Who finds too many ahead is told to come again later, whoever it is: a credential that could not be looked up
/// is not a bad one.
#[derive(Debug)]
pub(crate) struct Misses {
    turns: Semaphore,
    waiting: AtomicUsize,
    most: usize,
    longest: Duration,
    refused: AtomicUsize,
}

impl Default for Misses {
    fn default() -> Self {
        Self::new(READING, WAITING, LONGEST_WAIT)
    }
}

impl Misses {
    fn new(reading: usize, waiting: usize, longest: Duration) -> Self {
        Self {
            turns: Semaphore::new(reading),
            waiting: AtomicUsize::new(0),
            most: waiting,
            longest,
            refused: AtomicUsize::new(0),
        }
    }

    /// A turn, until it is dropped.
    ///
    /// # Errors
    /// 503 where too many wait, or where the wait is too long.
    pub(crate) async fn turn(&self) -> Result<SemaphorePermit<'_>, StoreError> {
        if let Ok(turn) = self.turns.try_acquire() {
            return Ok(turn);
        }
        let _place = self.place().ok_or_else(|| self.refuse())?;
        match timeout(self.longest, self.turns.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(self.refuse()),
        }
    }

    /// How many were told to come again later.
    pub(crate) fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }

    /// How many wait now.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    fn place(&self) -> Option<Place<'_>> {
        let place = Place(&self.waiting);
        (self.waiting.fetch_add(1, Ordering::Relaxed) < self.most).then_some(place)
    }

    fn refuse(&self) -> StoreError {
        self.refused.fetch_add(1, Ordering::Relaxed);
        let cause = "the database does not keep up with the credentials that are not in the cache";
        StoreError::new("Too many look-ups at once.", Outage::Passing, cause)
    }
}

/// A place among those who wait.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;
    use crate::exceptions::ApiException;

    #[tokio::test]
    async fn who_finds_too_many_ahead_is_told_to_come_again() {
        let misses = Misses::new(1, 1, LONGEST_WAIT);
        let first = misses.turn().await.unwrap();
        let mut second = Box::pin(misses.turn());
        assert!(second.as_mut().now_or_never().is_none(), "it waits");
        let refused = ApiException::from(misses.turn().await.unwrap_err());
        assert_eq!((refused.status().as_u16(), misses.waiting()), (503, 1));
        assert!(refused.wait().is_some(), "it is told when to come again");
        drop(first);
        drop(second.await.unwrap());
        assert_eq!((misses.waiting(), misses.refused()), (0, 1));
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let misses = Misses::new(1, 1, Duration::from_millis(1));
        let _first = misses.turn().await.unwrap();
        assert!(misses.turn().await.is_err());
        assert_eq!(misses.waiting(), 0);
    }
}
