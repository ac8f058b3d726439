//! [`ThrottleHistory`]: where it is written down who came when.

use std::fmt::Debug;
use std::sync::Arc;

use doorward_django::sliding_window::{Limit, Verdict};
use doorward_django::throttle_key::ThrottleKey;
use doorward_django::timestamp::Timestamp;

use crate::door::Door;
use crate::stores::StoreAnswer;

/// What throttles have counted (DRF keeps it in Django's cache).
///
/// A store counts exactly: of any number of hits at once no more pass than the limit has left.
///
/// A door counts in its own process, in a [`MemoryThrottleHistory`](super::MemoryThrottleHistory), unless its builder is given
/// an `Arc<dyn ThrottleHistory>` ([`DoorBuilder::give`](crate::assembly::DoorBuilder::give)).
pub trait ThrottleHistory: Debug + Send + Sync {
    /// Asks whether a request counted under `key` may pass, and writes down one that may; one atomic step.
    ///
    /// `now` is a monotonic reading of this process ([`Clock::monotonic`](crate::clock::Clock::monotonic)); a store
    /// that several processes share goes by a clock of its own.
    fn hit<'a>(&'a self, key: ThrottleKey, limit: &'a Limit, now: Timestamp) -> StoreAnswer<'a, Verdict>;

    /// As [`ThrottleHistory::hit`], with the `share` of the limit that one process may allow by itself where it cannot
    /// ask the others (`throttle.strict`, `throttle.nodes`). A store of one process has no use for it.
    fn hit_with_share<'a>(
        &'a self,
        key: ThrottleKey,
        limit: &'a Limit,
        share: &'a Limit,
        now: Timestamp,
    ) -> StoreAnswer<'a, Verdict> {
        let _ = share;
        self.hit(key, limit, now)
    }
}

impl Door {
    /// What throttles have counted.
    pub(crate) fn throttle_history(&self) -> &dyn ThrottleHistory {
        &**self.required_slot::<Arc<dyn ThrottleHistory>>()
    }
}
