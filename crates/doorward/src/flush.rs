//! [`Flushing`]: what has expired goes while the server runs, as `flushexpiredtokens` and `clearsessions` have it go.

use std::time::Duration;

use doorward_core::Door;
use doorward_core::stores::StoreError;
use doorward_django::timestamp::Timestamp;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// Rows per transaction: small enough that others get their turn.
const CHUNK: u32 = 500;

/// Between two chunks, so that a table that nobody ever cleaned is no load. It is longer than the longest sleep of whoever
/// waits for SQLite's lock (100 ms, `sqliteDefaultBusyCallback`): everyone who waits finds it free once a pause.
const PAUSE: Duration = Duration::from_millis(120);

/// The longest wait before the first round: a server that is restarted often has to get round to it too.
const SOON: Duration = Duration::from_secs(60);

/// A time of day that gets so far away from the time that passed was set; nobody knows yet whether rightly.
const JUMP_S: u64 = 3_600;

/// Deletes what has expired until it is dropped.
#[derive(Debug)]
#[must_use = "what has expired is deleted only while this is kept"]
pub struct Flushing(Vec<JoinHandle<()>>);

impl Drop for Flushing {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

/// Deletes the tokens of that door that have expired every `jwt.flush_interval`, and the sessions every
/// `session.flush_interval`; none where that is zero.
///
/// It goes in small transactions with pauses between them, and begins within a minute. Several servers on one database
/// do each other no harm: what one has deleted the other does not find. What fails is told in the log and tried again
/// the next time. Where the time of day jumped by an hour or more a round is left out with a warning, so that a clock set
/// forward by mistake can be set right before anything is lost. [`Doorward::serve`](crate::Doorward::serve) calls this.
pub fn start(door: &Door) -> Flushing {
    let settings = door.settings();
    let wanted = [
        (Expired::Tokens, settings.jwt.flush_interval),
        (Expired::Sessions, settings.session.flush_interval),
    ];
    let wanted = wanted
        .into_iter()
        .map(|(what, interval)| (what, interval.duration()));
    let tasks = wanted.filter(|(_, interval)| !interval.is_zero());
    Flushing(
        tasks
            .map(|(what, interval)| tokio::spawn(again_and_again(door.clone(), what, interval)))
            .collect(),
    )
}

/// What expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expired {
    /// Outstanding tokens, with what is blacklisted of them (`flushexpiredtokens`).
    Tokens,
    /// Sessions (`clearsessions`).
    Sessions,
}

/// Deletes all that has expired by now, in small transactions with pauses between them, as a server does beside its
/// requests; `told` is called after each with the number of rows that went. Gives the sum.
///
/// # Errors
/// When the database is away, or busy for too long; what went until then is gone.
pub async fn delete(door: &Door, expired: Expired, mut told: impl FnMut(u64)) -> Result<u64, StoreError> {
    let until = expired.until(door);
    let mut deleted = 0;
    loop {
        let some = expired.delete_some(door, until).await?;
        if some == 0 {
            return Ok(deleted);
        }
        deleted += some;
        told(some);
        sleep(PAUSE).await;
    }
}

async fn again_and_again(door: Door, what: Expired, interval: Duration) {
    let mut clocks = Clocks::read(&door);
    sleep(interval.min(SOON).mul_f64(share(&door))).await;
    loop {
        turn(&door, what, &mut clocks).await;
        sleep(interval).await;
    }
}

/// The time of day and the time that passed, read at one moment.
struct Clocks {
    day: Timestamp,
    passed: Timestamp,
}

impl Clocks {
    fn read(door: &Door) -> Self {
        Self {
            day: door.now(),
            passed: door.monotonic(),
        }
    }

    /// Reads them again; by how many seconds the time of day was set since the last time.
    fn read_again(&mut self, door: &Door) -> i64 {
        let before = std::mem::replace(self, Self::read(door));
        let moved = self.day.as_secs().saturating_sub(before.day.as_secs());
        moved.saturating_sub(self.passed.as_secs() - before.passed.as_secs())
    }
}

/// One round, unless the clock has just jumped.
async fn turn(door: &Door, what: Expired, clocks: &mut Clocks) {
    let jump_s = clocks.read_again(door);
    if jump_s.unsigned_abs() < JUMP_S {
        return round(door, what).await;
    }
    tracing::warn!(
        jump_s,
        kind = what.name(),
        "the time of day jumped; what seems to have expired is left until the next round"
    );
}

/// Between nothing and all: servers that start together do not all begin at once.
fn share(door: &Door) -> f64 {
    f64::from(u32::from_le_bytes(door.random())) / f64::from(u32::MAX)
}

async fn round(door: &Door, what: Expired) {
    let mut deleted = 0;
    if let Err(error) = delete(door, what, |some| deleted += some).await {
        tracing::warn!(error.cause = ?error, kind = what.name(), "what has expired could not be deleted");
    }
    if deleted > 0 {
        tracing::info!(deleted, kind = what.name(), "deleted what has expired");
    }
}

impl Expired {
    /// What ended before that has expired.
    fn until(self, door: &Door) -> Timestamp {
        match self {
            Self::Tokens => door.tokens().ended(door.now()),
            Self::Sessions => door.now(),
        }
    }

    async fn delete_some(self, door: &Door, until: Timestamp) -> Result<u64, StoreError> {
        let stores = door.stores();
        match self {
            Self::Tokens => stores.outstanding_tokens.delete_expired(until, CHUNK).await,
            Self::Sessions => stores.sessions.delete_expired(until, CHUNK).await,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Tokens => "tokens",
            Self::Sessions => "sessions",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use doorward_core::clock::ManualClock;
    use doorward_core::settings::Settings;
    use doorward_core::stores::SessionRow;
    use doorward_core::stores::memory::MemoryStores;
    use doorward_django::secret::Secret;

    use super::*;

    const NOW: i64 = 1_700_000_000;

    async fn is_there(door: &Door) -> bool {
        let long_ago = Timestamp::from_secs(0);
        let found = door.stores().sessions.load("key", long_ago).await;
        found.unwrap().is_some()
    }

    #[tokio::test]
    async fn what_a_clock_set_forward_ends_is_kept_for_one_round() {
        let clock = Arc::new(ManualClock::new(Timestamp::from_secs(NOW)));
        let mut settings = Settings::default();
        settings.secret_key = Secret::new("a-key-for-tests-that-is-long-enough-0123456789".to_owned());
        let door = Door::builder(settings, MemoryStores::new().stores());
        let door = door.clock(Arc::clone(&clock) as _).build().unwrap();
        let row = SessionRow {
            key: Secret::new("key".to_owned()),
            data: Secret::new(String::new()),
            expire_date: Timestamp::from_secs(NOW + 5_000),
        };
        door.stores().sessions.create(row).await.unwrap();
        let mut clocks = Clocks::read(&door);
        for day in [NOW + 86_400, NOW] {
            clock.set(Timestamp::from_secs(day));
            turn(&door, Expired::Sessions, &mut clocks).await;
            assert!(is_there(&door).await, "{day}");
        }
        // Time that passes is no jump.
        clock.advance(Duration::from_secs(5_001));
        turn(&door, Expired::Sessions, &mut clocks).await;
        assert!(!is_there(&door).await);
    }
}
