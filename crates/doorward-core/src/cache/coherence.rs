//! [`Coherence`]: whether what was read before still counts.

#[cfg(test)]
mod model;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use doorward_db::Dialect;
use doorward_db::feed::Key;
use doorward_django::timestamp::Timestamp;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::rules::CacheRules;
use crate::clock::Clock;

/// How many counters there are. Keys that share one only cost a read.
const STRIPES: usize = 1 << 14;

/// No poll has confirmed anything, or the feed is down.
const NEVER: i64 = i64::MIN;

/// How exactly it is noted when something was asked, in microseconds.
const NOTED: i64 = 10_000;

/// How long a request waits for a poll that is late before it reads for itself.
const PATIENCE: Duration = Duration::from_millis(200);

/// What changed, and until when that is known.
///
/// Changes are counted. Each key has a counter, shared with others, that holds the number of its last change. A read notes how many
/// changes there were before it began; what it found is good while no counter of its keys is higher. So a change that was told
/// while it read, or that it was too early to see, takes it away, whichever key the change turns out to be of.
pub(crate) struct Coherence {
    clock: Arc<dyn Clock>,
    dialect: Dialect,
    /// In microseconds.
    max_staleness: i64,
    max_age: i64,
    /// How many changes were told.
    changes: AtomicU64,
    /// For each stripe of keys the number of its last change.
    stripes: Box<[AtomicU64]>,
    /// The number of the last change of everything.
    everything: AtomicU64,
    /// When the last poll of the feed began that was published, in microseconds.
    confirmed: AtomicI64,
    /// How often a feed that was up went down.
    flaps: AtomicU64,
    /// When something was last asked of the cache, in microseconds.
    asked: AtomicI64,
    /// Somebody waits for the next poll.
    wanted: Notify,
    /// A poll was published, or the feed went down.
    told: Notify,
    /// How many requests wait for that.
    waiting: AtomicUsize,
}

/// The beginning of a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Began {
    changes: u64,
    at: Timestamp,
}

/// The keys of what was read: at most two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Keys(Key, Key);

impl Keys {
    pub(crate) fn one(key: Key) -> Self {
        Self(key, key)
    }

    pub(crate) fn two(one: Key, other: Key) -> Self {
        Self(one, other)
    }
}

/// What may be made of something that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It may be used.
    Good,
    /// It may be, once the feed has confirmed it.
    Unconfirmed,
    /// It is to be read again.
    Bad,
}

impl Coherence {
    pub(crate) fn new(rules: &CacheRules, clock: Arc<dyn Clock>, dialect: Dialect) -> Self {
        Self {
            dialect,
            ..Self::with_stripes(STRIPES, rules, clock)
        }
    }

    fn with_stripes(stripes: usize, rules: &CacheRules, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            dialect: Dialect::Sqlite,
            max_staleness: micros(rules.max_staleness),
            max_age: micros(rules.max_age),
            changes: AtomicU64::new(0),
            stripes: (0..stripes).map(|_| AtomicU64::new(0)).collect(),
            everything: AtomicU64::new(0),
            confirmed: AtomicI64::new(NEVER),
            flaps: AtomicU64::new(0),
            asked: AtomicI64::new(NEVER),
            wanted: Notify::new(),
            told: Notify::new(),
            waiting: AtomicUsize::new(0),
        }
    }

    /// The time now, by a clock that counts sleep too: a machine that was suspended must not look young.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.monotonic()
    }

    /// The time of a question. It is noted, for a feed that nobody asks may poll seldom.
    pub(crate) fn ask(&self) -> Timestamp {
        let now = self.now();
        let before = self.asked.load(Ordering::Relaxed);
        // Not each time: all processors write to it.
        if now.as_micros().saturating_sub(before) > NOTED {
            self.asked.store(now.as_micros(), Ordering::Relaxed);
        }
        now
    }

    /// When something was last asked; `None` before the first time.
    pub(crate) fn last_asked(&self) -> Option<Timestamp> {
        let asked = self.asked.load(Ordering::Relaxed);
        (asked != NEVER).then(|| Timestamp::from_micros(asked))
    }

    /// Notified by who waits for the next poll.
    pub(crate) fn wanted(&self) -> &Notify {
        &self.wanted
    }

    /// The beginning of a read, to be noted before anything of it is sent.
    pub(crate) fn begin(&self) -> Began {
        Began {
            at: self.now(),
            changes: self.changes.load(Ordering::SeqCst),
        }
    }

    /// The key of a session, as the feed of this kind of database tells it.
    pub(crate) fn session(&self, session_key: &str) -> Key {
        Key::session(self.dialect, session_key)
    }

    /// Tells that what has that key changed. Whatever was read of it before this returns is not used any more.
    pub(crate) fn bump(&self, key: Key) {
        self.stripe(key).fetch_max(self.next(), Ordering::SeqCst);
    }

    /// Tells that anything may have changed.
    pub(crate) fn bump_everything(&self) {
        self.everything.fetch_max(self.next(), Ordering::SeqCst);
    }

    /// The number of one more change. It is given out before any counter shows it: a read that begins in between is late enough
    /// to see the change.
    fn next(&self) -> u64 {
        self.changes.fetch_add(1, Ordering::SeqCst).saturating_add(1)
    }

    /// Publishes a poll that began then, after all changes that it found were told. The first one of a feed that was down says
    /// nothing of what was read before it.
    pub(crate) fn confirm(&self, began: Timestamp) {
        if self.confirmed.load(Ordering::SeqCst) == NEVER {
            self.bump_everything();
        }
        self.confirmed.store(began.as_micros(), Ordering::SeqCst);
        self.told.notify_waiters();
    }

    /// Says that the feed is down, and tells whether it was up: from now on each answer is as old as its own read.
    pub(crate) fn down(&self) -> bool {
        let was_up = self.confirmed.swap(NEVER, Ordering::SeqCst) != NEVER;
        if was_up {
            self.flaps.fetch_add(1, Ordering::Relaxed);
            self.bump_everything();
            self.told.notify_waiters();
        }
        was_up
    }

    /// What a request that asked at that time may make of what was read before.
    ///
    /// What the feed has confirmed is looked at first, then the counters: the changes that a poll found were told before it was
    /// published.
    pub(crate) fn judge(&self, began: Began, keys: Keys, asked: Timestamp) -> Verdict {
        let age = elapsed(began.at, asked);
        if age >= self.max_age {
            return Verdict::Bad;
        }
        let confirmed = self.confirmed.load(Ordering::SeqCst);
        let is_known = age < self.max_staleness || self.is_recent(confirmed, asked);
        match (self.is_unchanged(began, keys), is_known, confirmed) {
            (false, _, _) | (true, false, NEVER) => Verdict::Bad,
            (true, true, _) => Verdict::Good,
            (true, false, _) => Verdict::Unconfirmed,
        }
    }

    fn is_unchanged(&self, began: Began, keys: Keys) -> bool {
        let changed = |key| self.stripe(key).load(Ordering::SeqCst);
        let everything = self.everything.load(Ordering::SeqCst);
        everything.max(changed(keys.0)).max(changed(keys.1)) <= began.changes
    }

    /// Whether a poll that began then tells enough to who asked at that time.
    fn is_recent(&self, confirmed: i64, asked: Timestamp) -> bool {
        confirmed != NEVER && asked.as_micros().saturating_sub(confirmed) < self.max_staleness
    }

    /// Waits for a poll that tells enough to who asked at that time; no longer than the feed is up, and not for ever.
    pub(crate) async fn confirmed_for(&self, asked: Timestamp) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let _place = Waiting(&self.waiting);
        let polled = async {
            loop {
                let mut told = std::pin::pin!(self.told.notified());
                told.as_mut().enable();
                let confirmed = self.confirmed.load(Ordering::SeqCst);
                if confirmed == NEVER || self.is_recent(confirmed, asked) {
                    return;
                }
                self.wanted.notify_one();
                told.await;
            }
        };
        let _ = timeout(PATIENCE, polled).await;
    }

    fn stripe(&self, key: Key) -> &AtomicU64 {
        let number = usize::try_from(key.number() >> 32).unwrap_or_default();
        let place = number.checked_rem(self.stripes.len());
        let stripe = place.and_then(|place| self.stripes.get(place));
        stripe.unwrap_or(&self.everything)
    }

    /// How long ago the last poll began that was published; `None` where the feed is down or off.
    pub(crate) fn confirmed_age(&self) -> Option<Duration> {
        let confirmed = self.confirmed.load(Ordering::SeqCst);
        let confirmed = (confirmed != NEVER).then(|| Timestamp::from_micros(confirmed))?;
        Some(self.now().since(confirmed))
    }

    /// How often the feed went down, and how many requests wait for it now.
    pub(crate) fn flaps_and_waiting(&self) -> (u64, usize) {
        let flaps = self.flaps.load(Ordering::Relaxed);
        (flaps, self.waiting.load(Ordering::Relaxed))
    }
}

/// A request that waits for the feed.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// In microseconds; nothing where the read began after the question.
fn elapsed(began: Timestamp, asked: Timestamp) -> i64 {
    asked.as_micros().saturating_sub(began.as_micros()).max(0)
}

impl std::fmt::Debug for Coherence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Coherence")
            .field("changes", &self.changes)
            .field("confirmed", &self.confirmed)
            .finish_non_exhaustive()
    }
}
