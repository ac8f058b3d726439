//! Good answers, for a short while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use doorward_django::jwt::Claims;
use doorward_django::timestamp::Timestamp;
use sha2::{Digest, Sha256};

/// How many answers are kept: past it all are forgotten, which costs questions and no correctness.
const CAPACITY: usize = 10_000;

/// The digest of a token: tokens themselves are not kept.
pub(super) type Key = [u8; 32];

/// What was said of tokens, by their digest.
#[derive(Debug)]
pub(super) struct Cache {
    age: Duration,
    entries: Mutex<HashMap<Key, Entry>>,
}

#[derive(Debug)]
struct Entry {
    claims: Arc<Claims>,
    asked_at: Timestamp,
}

impl Cache {
    pub(super) fn new(age: Duration) -> Self {
        Self {
            age,
            entries: Mutex::default(),
        }
    }

    pub(super) fn key(token: &str) -> Key {
        Sha256::digest(token).into()
    }

    /// An answer that is young enough. One from the future is none: the clock went back.
    pub(super) fn find(&self, key: &Key, now: Timestamp) -> Option<Arc<Claims>> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(key)?;
        let is_young = entry.asked_at <= now && now.since(entry.asked_at) < self.age;
        is_young.then(|| Arc::clone(&entry.claims))
    }

    /// Keeps an answer to a question that was asked then.
    pub(super) fn keep(&self, key: Key, claims: &Arc<Claims>, asked_at: Timestamp) {
        if self.age.is_zero() {
            return;
        }
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= CAPACITY {
            entries.retain(|_, entry| asked_at.since(entry.asked_at) < self.age);
        }
        if entries.len() >= CAPACITY {
            entries.clear();
        }
        let claims = Arc::clone(claims);
        entries.insert(key, Entry { claims, asked_at });
    }
}
