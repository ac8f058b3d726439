//! Answers, for a short while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use doorward_django::jwt::Claims;
use doorward_django::timestamp::Timestamp;
use sha2::{Digest, Sha256};

/// How many answers of either kind are kept: past it all of that kind are forgotten, which costs questions and no
/// correctness.
const CAPACITY: usize = 10_000;

/// The digest of a token: tokens themselves are not kept.
pub(super) type Key = [u8; 32];

/// What is said of a token: its claims, or that it is worth nothing.
pub(super) type Said = Option<Arc<Claims>>;

/// What was said of tokens, by their digest. Bad ones, of which anyone can make any number, do not drive out good ones.
#[derive(Debug)]
pub(super) struct Cache {
    age: Duration,
    good: Kept<Arc<Claims>>,
    bad: Kept<()>,
}

impl Cache {
    pub(super) fn new(age: Duration) -> Self {
        Self {
            age,
            good: Kept::default(),
            bad: Kept::default(),
        }
    }

    pub(super) fn key(token: &str) -> Key {
        Sha256::digest(token).into()
    }

    /// Whether nothing is kept: each request is to be answered by what is true at that moment.
    pub(super) fn is_off(&self) -> bool {
        self.age.is_zero()
    }

    /// An answer that is young enough.
    pub(super) fn find(&self, key: &Key, now: Timestamp) -> Option<Said> {
        match self.good.find(key, self.age, now) {
            Some(claims) => Some(Some(claims)),
            None => self.bad.find(key, self.age, now).map(|()| None),
        }
    }

    /// Keeps an answer to a question that was asked then, in place of an earlier one.
    pub(super) fn keep(&self, key: Key, said: &Said, asked_at: Timestamp) {
        if self.is_off() {
            return;
        }
        match said {
            Some(claims) => {
                self.bad.forget(&key);
                self.good.keep(key, Arc::clone(claims), self.age, asked_at);
            }
            None => {
                self.good.forget(&key);
                self.bad.keep(key, (), self.age, asked_at);
            }
        }
    }
}

/// Answers of one kind, and when each was asked for.
#[derive(Debug)]
struct Kept<T>(Mutex<HashMap<Key, (T, Timestamp)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Kept<T> {
    /// One from the future is none: the clock went back.
    fn find(&self, key: &Key, age: Duration, now: Timestamp) -> Option<T> {
        let entries = self.entries();
        let (answer, asked_at) = entries.get(key)?;
        let is_young = *asked_at <= now && now.since(*asked_at) < age;
        is_young.then(|| answer.clone())
    }

    fn keep(&self, key: Key, answer: T, age: Duration, asked_at: Timestamp) {
        let mut entries = self.entries();
        if entries.len() >= CAPACITY {
            entries.retain(|_, (_, earlier)| asked_at.since(*earlier) < age);
        }
        if entries.len() >= CAPACITY {
            entries.clear();
        }
        entries.insert(key, (answer, asked_at));
    }

    fn forget(&self, key: &Key) {
        self.entries().remove(key);
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Key, (T, Timestamp)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGE: Duration = Duration::from_secs(5);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_secs(seconds)
    }

    #[test]
    fn strangers_tokens_are_bounded_and_drive_out_no_good_one() {
        let (cache, good) = (Cache::new(AGE), Cache::key("good"));
        cache.keep(good, &Some(Arc::default()), at(1));
        for number in 0..=CAPACITY {
            cache.keep(Cache::key(&number.to_string()), &None, at(1));
        }
        assert!(cache.bad.entries().len() <= CAPACITY);
        assert!(cache.find(&good, at(1)).is_some_and(|said| said.is_some()));
    }

    #[test]
    fn the_latest_answer_counts_and_ends() {
        let (cache, key) = (Cache::new(AGE), Cache::key("t"));
        // The clock is set back between the two.
        cache.keep(key, &Some(Arc::default()), at(100));
        cache.keep(key, &None, at(98));
        assert_eq!(cache.find(&key, at(101)), Some(None));
        assert_eq!(cache.find(&key, at(103)), None);
    }
}
