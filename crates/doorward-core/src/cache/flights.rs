//! [`Flights`]: one read at a time of one thing.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;
use tokio::time::timeout;

use super::digest::Digest;
use super::misses::LONGEST_WAIT;
use crate::stores::StoreError;

/// What a read gives to all who waited for it.
type Outcome<T> = Result<Option<Arc<T>>, StoreError>;

/// A read that has not begun, or what came of it.
type Flight<T> = Arc<OnceCell<Outcome<T>>>;

/// The reads that are under way. Who asks for a thing that is being read waits until that is done, together with all who come
/// meanwhile; then one of them looks for all of them. So each gets what was true after it asked, and one thing is never read twice
/// at once.
#[derive(Debug)]
pub(crate) struct Flights<T>(Mutex<Gates<T>>);

/// Each gate, and how many are at it.
type Gates<T> = HashMap<Digest, (usize, Arc<Gate<T>>)>;

/// Where those wait who ask for one thing.
#[derive(Debug)]
struct Gate<T> {
    runway: tokio::sync::Mutex<()>,
    /// The flight that whoever comes now is on.
    boarding: Mutex<Flight<T>>,
}

impl<T> Default for Gate<T> {
    fn default() -> Self {
        Self {
            runway: tokio::sync::Mutex::default(),
            boarding: Mutex::default(),
        }
    }
}

impl<T> Default for Flights<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Send + Sync> Flights<T> {
    /// What `read` gives, or that of another who asked for the same and began later than this call did. Where who reads goes
    /// away, the next one of those who wait reads.
    pub(crate) async fn join(
        &self,
        name: Digest,
        read: impl Future<Output = Outcome<T>> + Send,
    ) -> Outcome<T> {
        let waiting = self.arrive(name);
        let flight = Arc::clone(&lock(&waiting.gate.boarding));
        let fly = async {
            // A reader that nobody polls any more is not waited for: what overlaps is judged by its own beginning.
            let _runway = match waiting.gate.runway.try_lock() {
                Ok(runway) => Some(runway),
                Err(_) => timeout(LONGEST_WAIT, waiting.gate.runway.lock()).await.ok(),
            };
            waiting.gate.close(&flight);
            read.await
        };
        flight.get_or_init(|| fly).await.clone()
    }

    fn arrive(&self, name: Digest) -> Waiting<'_, T> {
        let mut gates = lock(&self.0);
        let (waiting, gate) = gates.entry(name).or_default();
        *waiting += 1;
        let gate = Arc::clone(gate);
        Waiting {
            flights: self,
            name,
            gate,
        }
    }

    /// How many things are being read.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        lock(&self.0).len()
    }
}

impl<T> Gate<T> {
    /// Lets nobody else on that flight.
    fn close(&self, flight: &Flight<T>) {
        let mut boarding = lock(&self.boarding);
        if Arc::ptr_eq(&boarding, flight) {
            *boarding = Arc::default();
        }
    }
}

/// Who waits at a gate. The last one takes it away.
struct Waiting<'a, T> {
    flights: &'a Flights<T>,
    name: Digest,
    gate: Arc<Gate<T>>,
}

impl<T> Drop for Waiting<'_, T> {
    fn drop(&mut self) {
        if let Entry::Occupied(mut gate) = lock(&self.flights.0).entry(self.name) {
            gate.get_mut().0 -= 1;
            if gate.get().0 == 0 {
                gate.remove();
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures_util::FutureExt;
    use futures_util::future::join_all;
    use tokio::sync::Semaphore;
    use tokio::task::unconstrained;

    use super::super::digest::Names;
    use super::*;

    #[tokio::test]
    async fn a_crowd_is_answered_by_two_reads() {
        let (flights, reads, open) = (Flights::default(), AtomicU32::new(0), Semaphore::new(0));
        let name = Names::new().with(0, b"a");
        let read = || async {
            let number = reads.fetch_add(1, Ordering::SeqCst);
            let _ = open.acquire().await;
            Ok(Some(Arc::new(number)))
        };
        let mut first = Box::pin(flights.join(name, read()));
        assert!(first.as_mut().now_or_never().is_none());
        let mut others = Box::pin(unconstrained(join_all(
            (0..1000).map(|_| flights.join(name, read())),
        )));
        assert!(others.as_mut().now_or_never().is_none());
        open.add_permits(1000);
        assert_eq!(
            first.await.unwrap().as_deref(),
            Some(&0),
            "it began before the others came"
        );
        let others = others.await;
        assert!(
            others
                .iter()
                .all(|found| found.as_ref().unwrap().as_deref() == Some(&1))
        );
        assert_eq!((reads.load(Ordering::SeqCst), flights.len()), (2, 0));
    }

    #[tokio::test]
    async fn who_goes_away_is_followed_by_the_next_and_leaves_nothing() {
        let flights = Flights::<u32>::default();
        let name = Names::new().with(0, b"a");
        let mut first = Box::pin(flights.join(name, pending()));
        assert!(first.as_mut().now_or_never().is_none());
        let mut second = Box::pin(flights.join(name, async { Ok(None) }));
        assert!(second.as_mut().now_or_never().is_none(), "it waits for the first");
        drop(first);
        assert!(second.await.unwrap().is_none());
        assert_eq!(flights.len(), 0);
    }
}
