//! [`Batches`]: one statement for the keys that wait together.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::oneshot::{self, Receiver, Sender};

use crate::stores::{Outage, StoreAnswer, StoreError};

/// How many statements of one kind run at once: as many as there are connections that read, where there are few.
const RUNNING: usize = 4;

/// How many keys are asked for in one statement.
const LARGEST: usize = 64;

/// How many keys are asked for at once, if each waits for its turn: all statements are full.
pub(super) const AT_ONCE: usize = RUNNING * LARGEST;

/// What looks many keys up at once.
pub(crate) trait Reads: Send + Sync + 'static {
    /// What is asked for.
    type Key: Clone + Send + Sync;
    /// What is found.
    type Found: Send;

    /// What is found of each of those keys, in its place.
    fn each<'a>(&'a self, keys: &'a [Self::Key]) -> StoreAnswer<'a, Vec<Self::Found>>;
}

/// Look-ups of one kind. Where few ask, each has a statement of its own; where all statements run, who comes waits together with
/// the others for the next one, which asks for all of them.
pub(crate) struct Batches<R: Reads>(Arc<Shared<R>>);

struct Shared<R: Reads> {
    reads: R,
    queue: Mutex<Queue<R>>,
}

struct Queue<R: Reads> {
    running: usize,
    waiting: VecDeque<Asked<R>>,
}

/// A key, and who wants to know what is found of it.
type Asked<R> = (<R as Reads>::Key, Sender<Found<R>>);

/// Keys, and who wants to know what is found of each.
type Batch<R> = (Vec<<R as Reads>::Key>, Vec<Sender<Found<R>>>);

type Found<R> = Result<<R as Reads>::Found, StoreError>;

/// How a key gets looked up.
enum Place<R: Reads> {
    Alone(Turn<R>, R::Key),
    InABatch(Receiver<Found<R>>),
}

impl<R: Reads> Batches<R> {
    pub(crate) fn new(reads: R) -> Self {
        let queue = Queue {
            running: 0,
            waiting: VecDeque::new(),
        };
        Self(Arc::new(Shared {
            reads,
            queue: Mutex::new(queue),
        }))
    }

    /// What is found of a key, by a statement that begins after this was called.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) async fn read(&self, key: R::Key) -> Found<R> {
        match self.place(key) {
            Place::Alone(turn, key) => turn.0.one(key).await,
            Place::InABatch(told) => told.await.unwrap_or_else(|ended| Err(broken_off(ended))),
        }
    }

    fn place(&self, key: R::Key) -> Place<R> {
        let mut queue = self.0.lock();
        if queue.running < RUNNING {
            queue.running += 1;
            return Place::Alone(Turn(Arc::clone(&self.0)), key);
        }
        let (tell, told) = oneshot::channel();
        queue.waiting.push_back((key, tell));
        Place::InABatch(told)
    }
}

impl<R: Reads> Shared<R> {
    fn lock(&self) -> MutexGuard<'_, Queue<R>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn one(&self, key: R::Key) -> Found<R> {
        let found = self.reads.each(&[key]).await?.pop();
        found.ok_or_else(|| broken_off("a store found fewer than it was asked for"))
    }

    /// Those who wait longest and still want to know; where nobody does, the statement's turn is over.
    fn next(&self) -> Option<Batch<R>> {
        let mut queue = self.lock();
        let mut next = Vec::new();
        while next.len() < LARGEST
            && let Some((key, tell)) = queue.waiting.pop_front()
        {
            if !tell.is_closed() {
                next.push((key, tell));
            }
        }
        if next.is_empty() {
            queue.running -= 1;
            return None;
        }
        Some(next.into_iter().unzip())
    }

    async fn batch(&self, keys: Vec<R::Key>, tell: Vec<Sender<Found<R>>>) {
        match self.reads.each(&keys).await {
            Ok(found) => tell.into_iter().zip(found).for_each(|(tell, found)| {
                let _ = tell.send(Ok(found));
            }),
            // A row that cannot be read is nobody else's fault.
            Err(error) if error.outage() == Outage::Lasting && keys.len() > 1 => {
                for (key, tell) in keys.into_iter().zip(tell) {
                    let _ = tell.send(self.one(key).await);
                }
            }
            Err(error) => tell.into_iter().for_each(|tell| {
                let _ = tell.send(Err(error.clone()));
            }),
        }
    }
}

/// The right to have a statement of one's own, until this is dropped; then it goes to those who wait.
struct Turn<R: Reads>(Arc<Shared<R>>);

impl<R: Reads> Drop for Turn<R> {
    fn drop(&mut self) {
        {
            let mut queue = self.0.lock();
            if queue.waiting.is_empty() {
                queue.running -= 1;
                return;
            }
        }
        let worker = Worker(Some(Arc::clone(&self.0)));
        if let Ok(runtime) = Handle::try_current() {
            drop(runtime.spawn(worker.work()));
        }
    }
}

/// Asks for those who wait, until nobody does. Where it is broken off (the program is ending), they are told so.
struct Worker<R: Reads>(Option<Arc<Shared<R>>>);

impl<R: Reads> Worker<R> {
    async fn work(mut self) {
        while let Some(shared) = &self.0 {
            match shared.next() {
                Some((keys, tell)) => shared.batch(keys, tell).await,
                None => self.0 = None,
            }
        }
    }
}

impl<R: Reads> Drop for Worker<R> {
    fn drop(&mut self) {
        let Some(shared) = self.0.take() else { return };
        let waiting = {
            let mut queue = shared.lock();
            queue.running -= 1;
            std::mem::take(&mut queue.waiting)
        };
        // Nobody is woken while the queue is locked.
        drop(waiting);
    }
}

fn broken_off(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::new("A look-up was broken off.", Outage::Passing, cause)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::FutureExt;
    use futures_util::future::join_all;
    use tokio::sync::Semaphore;
    use tokio::task::unconstrained;

    use super::*;
    use crate::answer::Answer;

    /// Finds each number's double, when it may; the number 13 cannot be read.
    struct Doubles {
        open: Semaphore,
        statements: AtomicUsize,
    }

    impl Reads for Arc<Doubles> {
        type Key = u32;
        type Found = u32;

        fn each<'a>(&'a self, keys: &'a [u32]) -> StoreAnswer<'a, Vec<u32>> {
            self.statements.fetch_add(1, Ordering::SeqCst);
            Answer::pending(async move {
                let _open = self.open.acquire().await;
                if keys.contains(&13) {
                    return Err(StoreError::new("A row is damaged.", Outage::Lasting, "a test"));
                }
                Ok(keys.iter().map(|key| key * 2).collect())
            })
        }
    }

    fn doubles(open: usize) -> (Arc<Doubles>, Batches<Arc<Doubles>>) {
        let doubles = Arc::new(Doubles {
            open: Semaphore::new(open),
            statements: AtomicUsize::new(0),
        });
        (Arc::clone(&doubles), Batches::new(doubles))
    }

    #[tokio::test]
    async fn who_waits_together_shares_a_statement() {
        let (doubles, batches) = doubles(0);
        let mut all = Box::pin(unconstrained(join_all((100..1100).map(|key| batches.read(key)))));
        assert!(all.as_mut().now_or_never().is_none());
        assert_eq!(doubles.statements.load(Ordering::SeqCst), RUNNING, "each alone");
        doubles.open.add_permits(10);
        let found: Vec<_> = all.await.into_iter().map(Result::unwrap).collect();
        assert_eq!(found, (100..1100).map(|key| key * 2).collect::<Vec<_>>());
        let batches_of_the_rest = (1000 - RUNNING).div_ceil(LARGEST);
        assert_eq!(
            doubles.statements.load(Ordering::SeqCst),
            RUNNING + batches_of_the_rest
        );
        assert_eq!(batches.read(7).await.unwrap(), 14);
        assert_eq!(batches.0.lock().running, 0);
    }

    #[tokio::test]
    async fn a_row_that_cannot_be_read_harms_nobody_else() {
        let (doubles, batches) = doubles(0);
        let keys = [1, 2, 3, 4, 12, 13, 14];
        let mut all = Box::pin(join_all(keys.map(|key| batches.read(key))));
        assert!(all.as_mut().now_or_never().is_none());
        doubles.open.add_permits(10);
        let found: Vec<_> = all.await.into_iter().map(Result::ok).collect();
        let all_but_it = keys.map(|key| (key != 13).then_some(key * 2));
        assert_eq!(found, all_but_it);
    }

    #[tokio::test]
    async fn who_goes_away_leaves_its_turn_to_the_others() {
        let (doubles, batches) = doubles(0);
        let mut first: Vec<_> = (0..4).map(|key| Box::pin(batches.read(key))).collect();
        let mut fifth = Box::pin(batches.read(5));
        for read in first.iter_mut().chain([&mut fifth]) {
            assert!(read.as_mut().now_or_never().is_none());
        }
        drop(first);
        doubles.open.add_permits(10);
        assert_eq!(fifth.await.unwrap(), 10);
        tokio::task::yield_now().await;
        assert_eq!(batches.0.lock().running, 0);
    }

    /// A runtime that ends while statements run: nothing hangs, and who waits is told.
    #[test]
    fn the_end_of_the_program_is_told_to_those_who_wait() {
        let (_, batches) = doubles(0);
        let batches = Arc::new(batches);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut last = runtime.block_on(async {
            let mut first: Vec<_> = (0..4).map(|key| Box::pin(batches.read(key))).collect();
            let others = Arc::clone(&batches);
            let mut rest: Vec<_> = (4..200)
                .map(|key| {
                    let batches = Arc::clone(&others);
                    Box::pin(async move { batches.read(key).await })
                })
                .collect();
            for read in &mut first {
                assert!(read.as_mut().now_or_never().is_none());
            }
            for read in &mut rest {
                assert!(read.as_mut().now_or_never().is_none());
            }
            drop(first);
            tokio::task::yield_now().await;
            rest.pop()
        });
        drop(runtime);
        let told = last.as_mut().and_then(FutureExt::now_or_never);
        assert!(matches!(told, Some(Err(_))));
        assert_eq!(batches.0.lock().running, 0);
    }
}
