//! What a failure of sqlx's means, by the server's SQLSTATE where there is one.

use std::error::Error;

use sqlx::error::ErrorKind;
use sqlx::postgres::PgDatabaseError;

use crate::sql::{DatabaseError, Trouble};

/// What a server said. Its details are left out: they may repeat a row, and so a hash of a password.
#[derive(Debug, thiserror::Error)]
#[error("{message} (SQLSTATE {state})")]
struct Refusal {
    message: String,
    state: String,
}

/// Whether a transaction takes no writes: because it was begun for reading, or because the server is a standby and what is
/// wanted is elsewhere by now.
pub(super) fn is_read_only(error: &DatabaseError) -> bool {
    let source = error.source();
    let refusal = source.and_then(|source| source.downcast_ref::<Refusal>());
    refusal.is_some_and(|refusal| refusal.state == "25006")
}

pub(super) fn error(error: sqlx::Error) -> DatabaseError {
    let sqlx::Error::Database(told) = error else {
        return other(error);
    };
    let state = told.code().unwrap_or_default().into_owned();
    if is_outdated(told.as_ref()) {
        return DatabaseError::unavailable(Trouble::Conflict, Outdated(told.message().to_owned()));
    }
    let trouble = Trouble::of_sqlstate(&state);
    let kind = told.kind();
    let is_unstorable = UNSTORABLE.contains(&state.as_str());
    let message = told.message().to_owned();
    // Once in a box, and not twice: `is_read_only` looks into it.
    let cause: Box<dyn Error + Send + Sync> = Box::new(Refusal { message, state });
    match (kind, trouble) {
        (ErrorKind::UniqueViolation, _) => DatabaseError::Unique(cause),
        (ErrorKind::ForeignKeyViolation, _) => DatabaseError::ForeignKey(cause),
        (_, Some(trouble)) => DatabaseError::unavailable(trouble, cause),
        (_, None) if is_unstorable => DatabaseError::Unstorable(cause),
        (_, None) => DatabaseError::Statement(cause),
    }
}

/// `character_not_in_repertoire`, `untranslatable_character`
const UNSTORABLE: [&str; 2] = ["22021", "22P05"];

/// What was prepared is outdated: the statement was not run.
#[derive(Debug, thiserror::Error)]
#[error("what was prepared is outdated: {0}")]
struct Outdated(String);

/// Whether what was prepared on the connections that are open is outdated.
pub(super) fn found_outdated(error: &DatabaseError) -> bool {
    error.source().is_some_and(|source| source.is::<Outdated>())
}

/// A connection that broke, or what answers does not speak PostgreSQL's protocol, or not over TLS.
fn other(error: sqlx::Error) -> DatabaseError {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => {
            DatabaseError::unavailable(Trouble::Away, error)
        }
        _ => DatabaseError::Statement(error.into()),
    }
}

/// Whether the statements that were prepared on a connection are gone, or a table looks otherwise than when they were.
fn is_outdated(told: &dyn sqlx::error::DatabaseError) -> bool {
    let Some(refusal) = told.try_downcast_ref::<PgDatabaseError>() else {
        return false;
    };
    match refusal.code() {
        // A statement that is not there, or one that somebody else has left: a pooler exchanged the session.
        "26000" | "42P05" => true,
        "0A000" => refusal.routine() == Some("RevalidateCachedQuery"),
        _ => false,
    }
}
