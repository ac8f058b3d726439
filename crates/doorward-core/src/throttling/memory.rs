//! [`MemoryThrottleHistory`]: what throttles count in the process.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use doorward_django::sliding_window::{History, Limit, Verdict};
use doorward_django::throttle_key::ThrottleKey;
use doorward_django::timestamp::Timestamp;

use super::ThrottleHistory;
use crate::answer::Answer;
use crate::stores::StoreAnswer;

/// What throttles of this process have counted, in at most about 64 MiB.
///
/// That is room for more than a million callers who came once, less the longer their logs are. Expired logs go; where
/// there is no room, those go that would have expired next.
pub struct MemoryThrottleHistory {
    shards: Box<[Mutex<Shard>]>,
    hasher: RandomState,
}

/// How many locks there are; so many that a million keys leave each shard's table just below a doubling.
const SHARDS: usize = 80;
/// How many bytes all shards may hold.
const BYTES: usize = 64 << 20;
/// How often expired logs are looked for at most, and at least.
const SWEEPS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// How many limits a site usually has, at most.
const USUAL_LIMITS: usize = 16;

/// Half of a key's digest: two of a million keys share it once in a hundred million times.
type Key = u64;

impl Default for MemoryThrottleHistory {
    fn default() -> Self {
        Self::bounded(BYTES)
    }
}

impl MemoryThrottleHistory {
    /// Room for that many bytes. One log is kept whatever its length.
    #[must_use]
    pub fn bounded(bytes: usize) -> Self {
        let shard = || Mutex::new(Shard::new(bytes / SHARDS));
        Self {
            shards: std::iter::repeat_with(shard).take(SHARDS).collect(),
            hasher: RandomState::new(),
        }
    }

    /// How many callers it knows of, expired ones that were not looked for yet included.
    #[must_use]
    pub fn len(&self) -> usize {
        let shards = self.shards.iter();
        shards
            .map(|shard| {
                lock(shard)
                    .tables
                    .iter()
                    .map(|table| table.logs.len())
                    .sum::<usize>()
            })
            .sum()
    }

    /// Whether it knows of nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl ThrottleHistory for MemoryThrottleHistory {
    fn hit<'a>(&'a self, key: ThrottleKey, limit: &'a Limit, now: Timestamp) -> StoreAnswer<'a, Verdict> {
        let [a, b, c, d, e, f, g, h, ..] = *key.as_bytes();
        let key = Key::from_le_bytes([a, b, c, d, e, f, g, h]);
        // Who picks addresses cannot pick a shard: the hash is this process's own.
        let place = usize::try_from(self.hasher.hash_one(key) >> 32).unwrap_or_default() % SHARDS;
        let shard = self
            .shards
            .get(place)
            .expect("the place is below the number of shards");
        Answer::ready(Ok(lock(shard).hit(key, limit, now)))
    }
}

impl fmt::Debug for MemoryThrottleHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryThrottleHistory")
    }
}

/// The logs of some keys: a table per limit, of which a site has a handful.
struct Shard {
    tables: Vec<Table>,
    bytes: usize,
}

impl Shard {
    fn new(bytes: usize) -> Self {
        Self {
            tables: Vec::new(),
            bytes,
        }
    }

    fn hit(&mut self, key: Key, limit: &Limit, now: Timestamp) -> Verdict {
        let table = self.table(limit, now);
        table.sweep_in_time(now);
        let growth = table.growth(key);
        if self.tables.iter().map(Table::bytes).sum::<usize>() + growth > self.bytes {
            self.make_room(key, now);
        }
        self.table(limit, now).hit(key, now)
    }

    fn table(&mut self, limit: &Limit, now: Timestamp) -> &mut Table {
        let known = self.tables.iter().position(|table| table.limit == *limit);
        if known.is_none() {
            self.drop_unused(now);
            self.tables.push(Table::new(limit.clone(), now));
        }
        let place = known.unwrap_or(self.tables.len() - 1);
        self.tables.get_mut(place).expect("the table was found or added")
    }

    /// Drops limits under which nobody is counted any more: rates by user may be many.
    fn drop_unused(&mut self, now: Timestamp) {
        if self.tables.len() >= USUAL_LIMITS {
            self.tables.iter_mut().for_each(|table| table.sweep(now));
            self.tables.retain(|table| !table.logs.is_empty());
        }
    }

    /// Drops what has expired, and a quarter of the rest: what would expire next, save the log of `key`.
    fn make_room(&mut self, key: Key, now: Timestamp) {
        self.tables.iter_mut().for_each(|table| table.sweep(now));
        let mut ends: Vec<Timestamp> = self.tables.iter().flat_map(Table::ends).collect();
        let quarter = ends.len() / 4;
        if quarter == 0 {
            return;
        }
        let (_, end, _) = ends.select_nth_unstable(quarter);
        let mut surplus = quarter;
        for table in &mut self.tables {
            table.drop_until(*end, key, &mut surplus);
        }
        tracing::warn!(throttle.dropped = quarter - surplus, "no room to count everybody");
    }
}

/// The logs of one limit.
struct Table {
    limit: Limit,
    logs: HashMap<Key, History>,
    /// What the logs hold beside the table.
    heap: usize,
    swept: Timestamp,
}

impl Table {
    fn new(limit: Limit, now: Timestamp) -> Self {
        Self {
            limit,
            logs: HashMap::new(),
            heap: 0,
            swept: now,
        }
    }

    fn hit(&mut self, key: Key, now: Timestamp) -> Verdict {
        let log = self.logs.entry(key).or_default();
        let before = log.heap_bytes();
        let verdict = log.hit(&self.limit, now);
        self.heap = self.heap.saturating_sub(before) + log.heap_bytes();
        verdict
    }

    fn sweep_in_time(&mut self, now: Timestamp) {
        let (often, seldom) = SWEEPS;
        let pause = self.limit.rates.longest_period().clamp(often, seldom);
        if now.since(self.swept) >= pause {
            self.sweep(now);
        }
    }

    fn sweep(&mut self, now: Timestamp) {
        self.swept = now;
        let (limit, mut heap) = (&self.limit, 0);
        self.logs.retain(|_, log| {
            let keep = log.expires(limit) > now;
            heap += if keep { log.heap_bytes() } else { 0 };
            keep
        });
        self.heap = heap;
        self.logs.shrink_to(self.logs.len());
    }

    /// When each log expires.
    fn ends(&self) -> impl Iterator<Item = Timestamp> + '_ {
        self.logs.values().map(|log| log.expires(&self.limit))
    }

    /// Drops at most `surplus` logs that expire until `end`, save that of `key`.
    fn drop_until(&mut self, end: Timestamp, key: Key, surplus: &mut usize) {
        let (limit, heap) = (&self.limit, &mut self.heap);
        self.logs.retain(|known, log| {
            let keep = *surplus == 0 || *known == key || log.expires(limit) > end;
            if !keep {
                *surplus -= 1;
                *heap = heap.saturating_sub(log.heap_bytes());
            }
            keep
        });
        self.logs.shrink_to(self.logs.len());
    }

    fn bytes(&self) -> usize {
        self.heap + table_bytes(self.logs.capacity())
    }

    /// How many bytes come with one more log, where `key` is new and the table full.
    fn growth(&self, key: Key) -> usize {
        let is_full = self.logs.len() == self.logs.capacity();
        if is_full && !self.logs.contains_key(&key) {
            table_bytes(self.logs.capacity())
        } else {
            0
        }
    }
}

/// The bytes of a table that has room for so many: its slots, of which an eighth stays empty, and a byte for each.
fn table_bytes(capacity: usize) -> usize {
    capacity / 7 * 8 * (size_of::<(Key, History)>() + 1)
}

/// The logs of one part, also after a thread that held them has panicked: no method leaves them half changed.
fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
