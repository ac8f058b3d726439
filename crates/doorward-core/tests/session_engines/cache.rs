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

    fn answer<'a, T: Send + 'a>(
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
        self.answer(|entries| entries.get(key).map(|(value, _)| Secret::new(value.clone())))
    }

    fn set<'a>(&'a self, key: &'a str, session: CachedSession, unless: Unless) -> StoreAnswer<'a, bool> {
        assert!(!session.lifetime.is_zero());
        self.answer(|entries| {
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
        self.answer(|entries| entries.remove(key).is_some())
    }
}
