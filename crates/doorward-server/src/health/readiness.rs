//! [`Readiness`]: whether the database is such that requests can be answered.

use std::time::Duration;

use doorward::database::{DatabaseError, Trouble};
use doorward::django::timestamp::Timestamp;
use doorward::local_times::LocalTimes;
use doorward::migrations::{MigrateError, Problem};
use doorward::{Doorward, Error};
use tokio::sync::{Mutex, OnceCell};
use tokio::time::timeout;

use crate::database_file;

/// How long it is known that all is well: to find out, a row is written.
const GOOD_FOR: Duration = Duration::from_secs(10);
/// How long it is known that something is wrong.
const BAD_FOR: Duration = Duration::from_secs(2);
/// The longest wait for others' locks. Whoever asks here does not wait much longer.
const PATIENCE: Duration = Duration::from_millis(500);

/// What is known of the database.
pub(super) struct Readiness {
    door: Doorward,
    known: Mutex<Option<Known>>,
    /// Looked for once: a server's own sessions would hide it.
    local_times: OnceCell<bool>,
}

#[derive(Clone, Copy)]
struct Known {
    reason: Option<&'static str>,
    /// On the clock that nobody sets.
    until: Timestamp,
}

impl Readiness {
    pub(super) fn new(door: &Doorward) -> Self {
        Self {
            door: door.clone(),
            known: Mutex::new(None),
            local_times: OnceCell::new(),
        }
    }

    /// Whether Django seems to keep local times, which nobody answers rightly.
    pub(super) async fn finds_local_times(&self) -> bool {
        let look = async || matches!(self.door.local_times().await, Ok(Some(_)));
        *self.local_times.get_or_init(look).await
    }

    /// Why requests cannot be answered; `None` where they can.
    ///
    /// Each time a table is read: without one SQLite would not look at its file, nor at the locks on it. Whether the
    /// tables are sound and can be written is found out once in a while, however many ask.
    pub(super) async fn reason(&self) -> Option<&'static str> {
        let read = self
            .door
            .database()
            .fetch_optional("SELECT id FROM django_migrations LIMIT 1", []);
        if let Err(error) = read.await {
            return Some(Fault::from(error).told());
        }
        let mut known = self.known.lock().await;
        let now = self.door.monotonic();
        if let Some(known) = known.filter(|known| now < known.until) {
            return known.reason;
        }
        let reason = look(&self.door).await.err().map(|fault| fault.told());
        let good_for = if reason.is_none() { GOOD_FOR } else { BAD_FOR };
        *known = Some(Known {
            reason,
            until: now.saturating_add(good_for),
        });
        reason
    }
}

/// Tells in the log what keeps a server from answering that is about to start. It starts all the same: what can be read is
/// served, and a disk that is full may be emptied.
pub(crate) async fn tell(door: &Doorward) {
    if let Err(fault) = look(door).await {
        tracing::error!(error.cause = %fault.cause, "{}; requests that need it are refused with 503", fault.reason);
    }
    door.warn_of_newer().await;
    if let Ok(Some(evidence)) = door.local_times().await {
        tracing::warn!(%evidence, "{}", LocalTimes::MEANING);
    }
}

/// What keeps requests from being answered.
struct Fault {
    /// In few words, which anybody may read.
    reason: &'static str,
    /// The whole of it, for the log.
    cause: String,
}

impl Fault {
    /// Tells in the log what it is; what others may read of it.
    fn told(&self) -> &'static str {
        tracing::warn!(error.cause = %self.cause, "not ready: {}", self.reason);
        self.reason
    }
}

/// Whether the tables are as they should be, and can be written. Who is merely busy is well.
async fn look(door: &Doorward) -> Result<(), Fault> {
    let migrator = door.migrator();
    let problems = migrator.problems().await?;
    if problems.iter().any(Problem::stops) {
        return Err(MigrateError::Refused(problems).into());
    }
    // On a full disk a small write may still find room in the log, and a login none.
    if let Some(cause) = database_file::path(door.settings()).and_then(|path| database_file::no_room(&path)) {
        let reason = NOT_WRITABLE;
        return Err(Fault { reason, cause });
    }
    let Ok(Err(error)) = timeout(PATIENCE, migrator.prove_writable()).await else {
        return Ok(());
    };
    let fault = Fault::from(error);
    match fault.reason {
        BUSY => Ok(()),
        // It could be read just now.
        AWAY => Err(Fault {
            reason: NOT_WRITABLE,
            ..fault
        }),
        _ => Err(fault),
    }
}

const AWAY: &str = "the database cannot be reached";
const BUSY: &str = "the database is busy";
const NOT_WRITABLE: &str = "the database cannot be written";

impl From<DatabaseError> for Fault {
    fn from(error: DatabaseError) -> Self {
        let reason = match error.trouble() {
            Some(Trouble::Busy) => BUSY,
            Some(Trouble::NotWritable) => NOT_WRITABLE,
            Some(Trouble::Damaged) => "the database is damaged",
            _ => AWAY,
        };
        let cause = Error::from(error).to_string();
        Self { reason, cause }
    }
}

impl From<MigrateError> for Fault {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Database(error) => error.into(),
            refused => Self {
                reason: "the tables are not as they should be",
                cause: Error::from(refused).to_string(),
            },
        }
    }
}
