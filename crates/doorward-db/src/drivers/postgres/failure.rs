//! What a failure of sqlx's means, by the server's SQLSTATE where there is one.

use sqlx::error::{DatabaseError as DatabaseRefusal, ErrorKind};
use sqlx::postgres::PgDatabaseError;

use crate::database::{DatabaseError, Trouble};

pub(super) fn error(error: sqlx::Error) -> DatabaseError {
    let sqlx::Error::Database(refusal) = error else {
        return other(error);
    };
    let kind = refusal.kind();
    let trouble = match is_outdated(refusal.as_ref()) {
        true => Some(Trouble::Away),
        false => refusal.code().and_then(|state| Trouble::of_sqlstate(&state)),
    };
    let cause = refusal.into_error();
    match (kind, trouble) {
        (ErrorKind::UniqueViolation, _) => DatabaseError::Unique(cause),
        (ErrorKind::ForeignKeyViolation, _) => DatabaseError::ForeignKey(cause),
        (_, Some(trouble)) => DatabaseError::unavailable(trouble, cause),
        (_, None) => DatabaseError::Statement(cause),
    }
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

/// Whether a connection has to be thrown away for the statements that were prepared on it: they are gone, or a table looks
/// otherwise than when they were.
fn is_outdated(refusal: &dyn DatabaseRefusal) -> bool {
    let Some(refusal) = refusal.try_downcast_ref::<PgDatabaseError>() else {
        return false;
    };
    match refusal.code() {
        "26000" => true,
        "0A000" => refusal.routine() == Some("RevalidateCachedQuery"),
        _ => false,
    }
}
