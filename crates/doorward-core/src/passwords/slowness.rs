//! [`Slowness`]: whether it was told that hashes take too long here.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A hash that takes longer is slower than any hasher means to be.
const SLOW: Duration = Duration::from_secs(2);

/// Whether it was told.
#[derive(Debug, Default)]
pub(super) struct Slowness(AtomicBool);

impl Slowness {
    /// Tells it once, where a hash took longer than it should.
    pub(super) fn look(&self, took: Duration) {
        if took > SLOW && !self.0.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                took_s = took.as_secs(),
                "hashing a password took more than 2 s: in a debug build, put `[profile.dev.package.\"*\"]` and \
                 `opt-level = 2` into the Cargo.toml of your workspace (the guide's page on passwords); in a release build \
                 the machine is busy, or `passwords.workers` is more than its processors"
            );
        }
    }
}
