//! [`Idle`]: the connections that nobody uses.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use super::Network;

/// The connections of a pool that rest.
pub(super) struct Idle<C> {
    pub(super) resting: Mutex<Vec<Resting<C>>>,
    /// Counts how often all connections were given up.
    pub(super) renewals: AtomicU64,
}

/// A connection that nobody uses.
pub(super) struct Resting<C> {
    pub(super) connection: C,
    pub(super) opened: Instant,
    pub(super) since: Instant,
}

impl<C> Idle<C> {
    pub(super) fn lock(&self) -> MutexGuard<'_, Vec<Resting<C>>> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn renewals(&self) -> u64 {
        self.renewals.load(Ordering::SeqCst)
    }

    pub(super) fn push(&self, connection: C, opened: Instant, network: Option<Network>) {
        let mut resting = self.lock();
        if let Some(network) = network {
            resting.retain(|other| other.since.elapsed() < network.close_after);
            if opened.elapsed() >= network.lifetime {
                return;
            }
        }
        resting.push(Resting {
            connection,
            opened,
            since: Instant::now(),
        });
    }
}
