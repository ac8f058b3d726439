//! [`Flushing`]: what has expired goes while the server runs, as `flushexpiredtokens` and `clearsessions` have it go.

use std::time::Duration;

use doorward_core::Door;
use doorward_core::stores::StoreError;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// Rows per transaction: small enough that others get their turn.
const CHUNK: u32 = 500;

/// Between two chunks, so that a table that nobody ever cleaned is no load.
const PAUSE: Duration = Duration::from_millis(100);

/// The longest wait before the first round: a server that is restarted often has to get round to it too.
const SOON: Duration = Duration::from_secs(60);

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
/// the next time. [`Doorward::serve`](crate::Doorward::serve) calls this.
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
    sleep(interval.min(SOON).mul_f64(share(&door))).await;
    loop {
        round(&door, what).await;
        sleep(interval).await;
    }
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
