//! [`again`]: a unit of work that is run again where another transaction was in its way.

use std::error::Error;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use super::{DatabaseError, Trouble};

/// How often a unit of work is run at most.
const TRIES: u32 = 10;
/// The longest wait before it is run for the second time; each further one is twice as long, to [`LONGEST`].
const FIRST: Duration = Duration::from_millis(2);
const LONGEST: Duration = Duration::from_millis(100);

/// The turns that a unit of work has, and the waits between them: of random length, so that those that were in each other's
/// way are not so again.
#[derive(Debug)]
pub(crate) struct Turns {
    left: u32,
    longest: Duration,
}

impl Turns {
    /// The first one has begun.
    pub(crate) fn begun() -> Self {
        Self {
            left: TRIES - 1,
            longest: FIRST,
        }
    }

    /// Waits for the next turn; false where there is none.
    pub(crate) async fn next(&mut self) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        tokio::time::sleep(below(self.longest)).await;
        self.longest = LONGEST.min(self.longest * 2);
        true
    }
}

/// A random time; what waits is no secret, and the keys of a hash map are random enough.
fn below(longest: Duration) -> Duration {
    let share = RandomState::new().hash_one(()) >> 32;
    longest.mul_f64(share as f64 / f64::from(u32::MAX))
}

/// Runs a unit of work, and again where another transaction was in its way: a deadlock, or a serialization failure. Nothing of
/// it was written then. What it does besides its one transaction is done again too. It is run ten times at most, with growing
/// waits of half a second altogether.
///
/// ```
/// # tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
/// use doorward_db::Database;
/// use doorward_db::database::again;
///
/// let database = Database::open("sqlite::memory:").await?;
/// let answer = again(|| async {
///     let mut transaction = database.transaction().await?;
///     let row = transaction.fetch_optional("SELECT 6 * 7", []).await?;
///     transaction.commit().await?;
///     row.map(|row| row.read::<i64>(0)).transpose()
/// });
/// assert_eq!(answer.await?, Some(42));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # }).expect("it works");
/// ```
///
/// # Errors
/// That of the work.
pub async fn again<T, E, F>(work: impl Fn() -> F + Send + Sync) -> Result<T, E>
where
    E: Error + Send + 'static,
    F: Future<Output = Result<T, E>> + Send,
    T: Send,
{
    let mut turns = Turns::begun();
    loop {
        let done = work().await;
        let is_over = done.as_ref().err().is_none_or(|error| !is_conflict(error));
        if is_over || !turns.next().await {
            return done;
        }
    }
}

/// Whether a conflict is what an error comes from.
fn is_conflict(error: &(dyn Error + 'static)) -> bool {
    let told = error.downcast_ref::<DatabaseError>();
    match told.and_then(DatabaseError::trouble) {
        Some(trouble) => trouble == Trouble::Conflict,
        None => error.source().is_some_and(is_conflict),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    async fn tried(error: impl Fn() -> DatabaseError + Send + Sync) -> u32 {
        let tries = AtomicU32::new(0);
        let done: Result<(), _> = again(|| {
            tries.fetch_add(1, Ordering::Relaxed);
            std::future::ready(Err(error()))
        })
        .await;
        assert!(done.is_err());
        tries.into_inner()
    }

    #[test]
    fn no_two_wait_alike_and_none_too_long() {
        let waits: Vec<_> = (0..64).map(|_| below(LONGEST)).collect();
        assert!(waits.iter().all(|wait| *wait <= LONGEST));
        assert!(waits.iter().any(|wait| *wait != waits[0]));
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_conflict_is_tried_again_and_not_for_ever() {
        let conflict = || DatabaseError::unavailable(Trouble::Conflict, "a deadlock");
        assert_eq!(tried(conflict).await, TRIES);
        assert_eq!(
            tried(|| DatabaseError::unavailable(Trouble::Away, "cut")).await,
            1
        );
        assert_eq!(tried(|| DatabaseError::Unique("there".into())).await, 1);
    }

    #[tokio::test]
    async fn a_conflict_is_found_beneath_other_errors() {
        #[derive(Debug, thiserror::Error)]
        #[error("a store")]
        struct Store(#[source] DatabaseError);
        let tries = AtomicU32::new(0);
        let done = again(|| async {
            match tries.fetch_add(1, Ordering::Relaxed) {
                0 => Err(Store(DatabaseError::unavailable(Trouble::Conflict, "a deadlock"))),
                _ => Ok(()),
            }
        });
        done.await.expect("the second time");
        assert_eq!(tries.into_inner(), 2);
    }
}
