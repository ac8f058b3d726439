//! [`Flushing`]: what has expired goes while the server runs, as `flushexpiredtokens` and `clearsessions` have it go.

use std::time::Duration;

use doorward_core::Door;
use doorward_core::stores::StoreError;
use doorward_django::timestamp::Timestamp;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// Rows per transaction: small enough that others get their turn.
const CHUNK: u32 = 500;

/// Between two chunks, so that a table that nobody ever cleaned is no load.
const PAUSE: Duration = Duration::from_millis(100);

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
        (What::Tokens, settings.jwt.flush_interval),
        (What::Sessions, settings.session.flush_interval),
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

#[derive(Clone, Copy, Debug)]
enum What {
    Tokens,
    Sessions,
}

async fn again_and_again(door: Door, what: What, interval: Duration) {
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
async fn turn(door: &Door, what: What, clocks: &mut Clocks) {
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

async fn round(door: &Door, what: What) {
    let mut deleted = 0;
    loop {
        match what.delete_some(door).await {
            Ok(0) => break,
            Ok(some) => deleted += some,
            Err(error) => {
                tracing::warn!(error.cause = ?error, kind = what.name(), "what has expired could not be deleted");
                break;
            }
        }
        sleep(PAUSE).await;
    }
    if deleted > 0 {
        tracing::info!(deleted, kind = what.name(), "deleted what has expired");
    }
}

impl What {
    async fn delete_some(self, door: &Door) -> Result<u64, StoreError> {
        let stores = door.stores();
        match self {
            Self::Tokens => {
                let ended = door.tokens().ended(door.now());
                stores.outstanding_tokens.delete_expired(ended, CHUNK).await
            }
            Self::Sessions => stores.sessions.delete_expired(door.now(), CHUNK).await,
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
            turn(&door, What::Sessions, &mut clocks).await;
            assert!(is_there(&door).await, "{day}");
        }
        // Time that passes is no jump.
        clock.advance(Duration::from_secs(5_001));
        turn(&door, What::Sessions, &mut clocks).await;
        assert!(!is_there(&door).await);
    }
}
