//! What has expired goes while the server runs, as `flushexpiredtokens` and `clearsessions` have it go.

use std::time::Duration;

use doorward_core::Door;
use doorward_core::app::Chore;
use doorward_core::stores::StoreError;
use doorward_django::timestamp::Timestamp;
use tokio::time::sleep;

/// Rows per transaction: small enough that others get their turn.
const CHUNK: u32 = 500;

/// Between two chunks, so that a table that nobody ever cleaned is no load. It is longer than the longest sleep of whoever
/// waits for SQLite's lock (100 ms, `sqliteDefaultBusyCallback`): everyone who waits finds it free once a pause.
const PAUSE: Duration = Duration::from_millis(120);

/// What deletes the tokens of that door that have expired every `jwt.flush_interval`, and the sessions every
/// `session.flush_interval`; none where that is zero.
///
/// It goes in small transactions with pauses between them. Several servers on one database do each other no harm: what one
/// has deleted the other does not find. [`Chores::start`](crate::chores::Chores::start) has them take their turns.
#[must_use]
pub fn chores(door: &Door) -> [Chore; 2] {
    let settings = door.settings();
    let every = [
        (Expired::Tokens, settings.jwt.flush_interval),
        (Expired::Sessions, settings.session.flush_interval),
    ];
    every.map(|(what, interval)| {
        Chore::new(what.name(), interval.duration(), move |door| async move {
            round(&door, what).await;
            Ok(())
        })
    })
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
