//! The only door to time: [`Clock`].

use std::fmt::Debug;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};
#[cfg(not(any(target_os = "linux", target_os = "android")))]
use std::time::Instant;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use doorward_django::timestamp::Timestamp;

/// Where the time of day comes from; everything else asks it and nothing else.
pub trait Clock: Debug + Send + Sync {
    /// The time now, in UTC.
    fn now(&self) -> Timestamp;

    /// A reading that never goes back, whoever sets the time of day, counted from any moment: for what is measured, not dated.
    /// While the machine sleeps it goes on, as far as the system has such a clock.
    fn monotonic(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the machine's clock"
    )]
    fn now(&self) -> Timestamp {
        let micros = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_micros()).map_or(i64::MIN, |early| -early),
        };
        Timestamp::from_micros(micros)
    }

    /// `CLOCK_BOOTTIME`: what is remembered must not look young after the machine slept.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn monotonic(&self) -> Timestamp {
        let since = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let micros = since.tv_sec.saturating_mul(1_000_000);
        Timestamp::from_micros(micros.saturating_add(since.tv_nsec / 1_000))
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the machine's clock"
    )]
    fn monotonic(&self) -> Timestamp {
        /// Some moment; readings are told from it, and never compared with those of another process.
        static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);
        Timestamp::from_micros(0).saturating_add(BEGINNING.elapsed())
    }
}

/// A clock for tests: it stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock {
    now: AtomicI64,
    monotonic: AtomicI64,
}

impl ManualClock {
    /// A clock that shows `start`.
    #[must_use]
    pub fn new(start: Timestamp) -> Self {
        Self {
            now: AtomicI64::new(start.as_micros()),
            monotonic: AtomicI64::new(0),
        }
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.now.fetch_add(micros, Ordering::SeqCst);
        self.monotonic.fetch_add(micros, Ordering::SeqCst);
    }

    /// Sets the clock to another time of day, as an administrator would: no time passes.
    pub fn set(&self, now: Timestamp) {
        self.now.store(now.as_micros(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Timestamp {
        Timestamp::from_micros(self.monotonic.load(Ordering::SeqCst))
    }
}
