//! A cache for tests.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use doorward_core::Answer;
use doorward_core::stores::{CachedSession, Outage, SessionCache, StoreAnswer, StoreError, Unless};
use doorward_django::secret::Secret;

/// A cache in memory, which may be away. It forgets nothing by itself.
#[derive(Debug, Default)]
pub(crate) struct MemoryCache {
    entries: Mutex<HashMap<String, (Vec<u8>, Duration)>>,
    away: AtomicBool,
    slow: AtomicBool,
    read_meanwhile: AtomicBool,
}

impl MemoryCache {
    pub(crate) fn clear(&self) {
        self.entries.lock().unwrap().clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.lock().unwrap().is_empty()
    }

    /// What is kept, and for how long.
    pub(crate) fn entry(&self, key: &str) -> Option<(Vec<u8>, Duration)> {
        self.entries.lock().unwrap().get(key).cloned()
    }

    pub(crate) fn put(&self, key: &str, value: &[u8]) {
        let entry = (value.to_vec(), Duration::MAX);
        self.entries.lock().unwrap().insert(key.to_owned(), entry);
    }

    pub(crate) fn is_away(&self, is_away: bool) {
        self.away.store(is_away, Ordering::SeqCst);
    }

    /// From now on each answer comes from elsewhere: who asks waits for it.
    pub(crate) fn be_slow(&self) {
        self.slow.store(true, Ordering::SeqCst);
    }

    /// The first entry that is deleted comes back at once, as where somebody reads its row meanwhile.
    pub(crate) fn read_meanwhile(&self) {
        self.read_meanwhile.store(true, Ordering::SeqCst);
    }

    /// What is kept, by name.
    pub(crate) fn names(&self) -> Vec<String> {
        self.entries.lock().unwrap().keys().cloned().collect()
    }

    fn answer<'a, T: Send + 'a>(
        &'a self,
        work: impl FnOnce(&mut HashMap<String, (Vec<u8>, Duration)>) -> T + Send + 'a,
    ) -> StoreAnswer<'a, T> {
        if !self.slow.load(Ordering::SeqCst) {
            return self.at_once(work);
        }
        Answer::pending(async move {
            tokio::task::yield_now().await;
            let done = self.at_once(work).await;
            tokio::task::yield_now().await;
            done
        })
    }

    fn at_once<'a, T: Send + 'a>(
        &self,
        work: impl FnOnce(&mut HashMap<String, (Vec<u8>, Duration)>) -> T,
    ) -> StoreAnswer<'a, T> {
        Answer::ready(match self.away.load(Ordering::SeqCst) {
            true => Err(StoreError::new(
                "The cache is away.",
                Outage::Passing,
                "a test took it away",
            )),
            false => Ok(work(&mut self.entries.lock().unwrap())),
        })
    }
}

impl SessionCache for MemoryCache {
    fn get<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, Option<Secret<Vec<u8>>>> {
        self.answer(move |entries| entries.get(key).map(|(value, _)| Secret::new(value.clone())))
    }

    fn set<'a>(&'a self, key: &'a str, session: CachedSession, unless: Unless) -> StoreAnswer<'a, bool> {
        assert!(!session.lifetime.is_zero());
        self.answer(move |entries| {
            let is_there = entries.contains_key(key);
            let is_kept = match unless {
                Unless::Never => true,
                Unless::There => !is_there,
                Unless::Gone => is_there,
            };
            if is_kept {
                entries.insert(key.to_owned(), (session.value.expose().clone(), session.lifetime));
            }
            is_kept
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, bool> {
        let comes_back = self.read_meanwhile.swap(false, Ordering::SeqCst);
        self.answer(move |entries| match comes_back {
            true => entries.contains_key(key),
            false => entries.remove(key).is_some(),
        })
    }
}
