//! One question at a time about one token.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;

use super::cache::{Key, Said};

/// What came of a question: an answer, or why there is none.
pub(super) type Answered = Result<Said, Arc<str>>;

type Flight = Arc<OnceCell<Answered>>;

/// The questions that are under way. Who comes with the same token meanwhile waits for the same answer, or for the same
/// failure; where who asked goes away, the next one asks.
#[derive(Debug, Default)]
pub(super) struct Flights(Mutex<HashMap<Key, Flight>>);

impl Flights {
    pub(super) async fn join(&self, key: Key, ask: impl Future<Output = Answered>) -> Answered {
        let flight = Arc::clone(self.flights().entry(key).or_default());
        let turn = Turn {
            flights: self,
            key,
            flight,
        };
        turn.flight.get_or_init(|| ask).await.clone()
    }

    fn flights(&self) -> MutexGuard<'_, HashMap<Key, Flight>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that waits. A question ends with its answer, or with the last who waited for it.
struct Turn<'a> {
    flights: &'a Flights,
    key: Key,
    flight: Flight,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut flights = self.flights.flights();
        let is_last = Arc::strong_count(&self.flight) <= 2;
        let is_over = self.flight.initialized() || is_last;
        let present = flights.get(&self.key);
        if is_over && present.is_some_and(|present| Arc::ptr_eq(present, &self.flight)) {
            flights.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use futures_util::FutureExt;

    use super::*;

    const KEY: Key = [7; 32];

    #[tokio::test]
    async fn who_goes_away_is_followed_by_the_next_and_leaves_nothing() {
        let flights = Flights::default();
        let mut first = Box::pin(flights.join(KEY, pending()));
        assert!(first.as_mut().now_or_never().is_none());
        let mut second = Box::pin(flights.join(KEY, async { Ok(None) }));
        assert!(second.as_mut().now_or_never().is_none(), "it waits for the first");
        drop(first);
        assert_eq!(second.await, Ok(None));
        assert!(flights.flights().is_empty());
        let mut alone = Box::pin(flights.join(KEY, pending()));
        assert!(alone.as_mut().now_or_never().is_none());
        drop(alone);
        assert!(flights.flights().is_empty());
    }
}
