//! [`Table`]: facts of one kind, by the digest of what they are asked by.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use doorward_django::timestamp::Timestamp;

use super::coherence::{Began, Coherence, Keys, Verdict};
use super::digest::Digest;
use super::flights::Flights;
use super::misses::Misses;
use super::shelf::{AnyFact, Shelf};
use super::status::KindStatus;
use super::weigh::Weigh;
use crate::answer::Answer;
use crate::stores::{StoreAnswer, StoreError};

/// What was read, and what it takes to know whether it still counts.
pub(crate) struct Fact<T> {
    began: Began,
    keys: Keys,
    _one: One,
    pub(crate) value: T,
}

impl<T: Weigh + Send + Sync + 'static> AnyFact for Fact<T> {
    fn bytes(&self) -> usize {
        size_of::<Self>().saturating_add(self.value.heap())
    }
}

/// One of the facts that are kept, or were a moment ago.
struct One(Arc<AtomicUsize>);

impl One {
    fn of(entries: &Arc<AtomicUsize>) -> Self {
        entries.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(entries))
    }
}

impl Drop for One {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What a read finds: a value and its keys; `None` for what is not there, of which nothing is kept.
pub(crate) type Read<T> = Result<Option<(T, Keys)>, StoreError>;

/// Facts of one kind.
pub(crate) struct Table<T> {
    coherence: Arc<Coherence>,
    misses: Arc<Misses>,
    shelf: Arc<Shelf>,
    entries: Arc<AtomicUsize>,
    flights: Flights<Fact<T>>,
    hits: AtomicU64,
    reads: AtomicU64,
    fills: AtomicU64,
}

/// What is seen of a fact at first sight.
enum Sight<T> {
    Good(Arc<Fact<T>>),
    /// The feed has not told of the last moments yet.
    Unconfirmed,
    None,
}

impl<T: Weigh + Send + Sync + 'static> Table<T> {
    pub(crate) fn new(coherence: &Arc<Coherence>, misses: &Arc<Misses>, shelf: &Arc<Shelf>) -> Self {
        Self {
            coherence: Arc::clone(coherence),
            misses: Arc::clone(misses),
            shelf: Arc::clone(shelf),
            entries: Arc::default(),
            flights: Flights::default(),
            hits: AtomicU64::new(0),
            reads: AtomicU64::new(0),
            fills: AtomicU64::new(0),
        }
    }

    /// The fact of that name where it is good and `fits`; nothing is waited for.
    pub(crate) fn known(&self, name: Digest, fits: impl Fn(&T) -> bool) -> Option<Arc<Fact<T>>> {
        match self.see(name, self.coherence.ask(), fits) {
            Sight::Good(fact) => Some(self.hit(fact)),
            Sight::Unconfirmed | Sight::None => None,
        }
    }

    /// The fact of that name, at once where it is good and `fits`; else what `read` finds, or another who reads the same.
    pub(crate) fn look_up<'a, F>(
        &'a self,
        name: Digest,
        fits: impl Fn(&T) -> bool + Send + Sync + 'a,
        read: impl FnOnce() -> F + Send + 'a,
    ) -> StoreAnswer<'a, Option<Arc<Fact<T>>>>
    where
        F: Future<Output = Read<T>> + Send + 'a,
    {
        let asked = self.coherence.ask();
        match self.see(name, asked, &fits) {
            Sight::Good(fact) => Answer::ready(Ok(Some(self.hit(fact)))),
            Sight::None => Answer::pending(self.read(name, fits, read)),
            Sight::Unconfirmed => Answer::pending(async move {
                self.coherence.confirmed_for(asked).await;
                match self.see(name, asked, &fits) {
                    Sight::Good(fact) => Ok(Some(self.hit(fact))),
                    _ => self.read(name, fits, read).await,
                }
            }),
        }
    }

    fn see(&self, name: Digest, asked: Timestamp, fits: impl Fn(&T) -> bool) -> Sight<T> {
        let found = self.shelf.find::<Fact<T>>(name);
        let Some(fact) = found.filter(|fact| fits(&fact.value)) else {
            return Sight::None;
        };
        match self.coherence.judge(fact.began, fact.keys, asked) {
            Verdict::Good => Sight::Good(fact),
            Verdict::Unconfirmed => Sight::Unconfirmed,
            Verdict::Bad => Sight::None,
        }
    }

    fn hit(&self, fact: Arc<Fact<T>>) -> Arc<Fact<T>> {
        self.hits.fetch_add(1, Ordering::Relaxed);
        fact
    }

    /// Reads, unless somebody has just done so.
    async fn read<F>(
        &self,
        name: Digest,
        fits: impl Fn(&T) -> bool + Send + Sync,
        read: impl FnOnce() -> F + Send,
    ) -> Result<Option<Arc<Fact<T>>>, StoreError>
    where
        F: Future<Output = Read<T>> + Send,
    {
        let work = async {
            if let Sight::Good(fact) = self.see(name, self.coherence.now(), fits) {
                return Ok(Some(self.hit(fact)));
            }
            let _turn = self.misses.turn().await?;
            self.reads.fetch_add(1, Ordering::Relaxed);
            let began = self.coherence.begin();
            let found = read().await?;
            Ok(found.map(|(value, keys)| self.keep(name, began, keys, value)))
        };
        self.flights.join(name, work).await
    }

    fn keep(&self, name: Digest, began: Began, keys: Keys, value: T) -> Arc<Fact<T>> {
        self.fills.fetch_add(1, Ordering::Relaxed);
        let fact = Arc::new(Fact {
            began,
            keys,
            _one: One::of(&self.entries),
            value,
        });
        self.shelf.keep(name, Arc::clone(&fact) as _);
        fact
    }

    /// What was counted.
    pub(crate) fn status(&self, kind: &'static str) -> KindStatus {
        KindStatus {
            kind,
            entries: self.entries.load(Ordering::Relaxed),
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.reads.load(Ordering::Relaxed),
            fills: self.fills.load(Ordering::Relaxed),
        }
    }
}

impl<T> fmt::Debug for Table<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table")
            .field("hits", &self.hits)
            .finish_non_exhaustive()
    }
}
