//! Whether a connection is a session of the server's, or a pooler lends one for each transaction.
//!
//! PgBouncer in transaction mode (and its like) hands each transaction to any connection to the server that is free. What
//! is prepared or set outside of a transaction would be met by somebody else, or somebody else's by us.

use sqlx::Row;
use sqlx::postgres::{PgConnectOptions, PgConnection};

use super::failure;
use super::servers::Servers;
use crate::sql::{DatabaseError, PoolSettings, Result};

/// A setting of ours, which a session has where its server was told of it at the start.
const MARK: (&str, &str) = ("doorward.session", "own");
const ASK: &str = "SELECT coalesce(current_setting('doorward.session', true), '')";

/// What to do where the address's `options` do not arrive.
const CURE: &str = "a pooler such as PgBouncer stands before this server and takes no `options`; give them to the role instead \
                    (ALTER ROLE … SET search_path = …), or name the server itself";

/// Whose a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sessions {
    /// A connection's: what is set at its start stays.
    Own,
    /// A pooler's.
    Lent,
}

/// How long a prepared statement lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statements {
    /// As long as its connection.
    Kept,
    /// As long as its transaction, at whose end all are closed.
    OfATransaction,
}

/// Finds out by a connection whose sessions these are, and hands it over for use.
pub(super) async fn find(servers: &Servers, settings: &PoolSettings) -> Result<(Sessions, PgConnection)> {
    let marked = servers.map(|options| told(options, Sessions::Own, settings));
    let mut connection = match marked.open().await {
        Ok(connection) => connection,
        Err(error) if is_unwanted(&error) => return lent(servers).await,
        Err(error) => return Err(failure::error(error)),
    };
    let row = sqlx::raw_sql(ASK).fetch_one(&mut connection).await;
    let mark: String = row.and_then(|row| row.try_get(0)).map_err(failure::error)?;
    match mark == MARK.1 {
        true => Ok((Sessions::Own, connection)),
        // It was passed over in silence, and so would be what the address says.
        false if servers.has_options() => Err(DatabaseError::Unfit(CURE)),
        false => Ok((Sessions::Lent, connection)),
    }
}

/// A pooler that takes no settings of ours may take those of the address.
async fn lent(servers: &Servers) -> Result<(Sessions, PgConnection)> {
    match servers.open().await {
        Ok(connection) => Ok((Sessions::Lent, connection)),
        Err(error) if is_unwanted(&error) && servers.has_options() => Err(DatabaseError::Unfit(CURE)),
        Err(error) => Err(failure::error(error)),
    }
}

/// Whether a parameter of the start was refused: a fault of the protocol to PgBouncer, a feature that is missing to others.
fn is_unwanted(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(told) = error else {
        return false;
    };
    let code = told.code().unwrap_or_default();
    matches!(code.as_ref(), "08P01" | "0A000" | "22023" | "42601" | "42704")
        || told.message().contains("startup parameter")
}

/// What each session is told at its start, where it is one of its own: the mark, so that a pooler that comes in between later
/// refuses us instead of mixing us up; and how long who reads waits for a lock.
pub(super) fn told(
    options: PgConnectOptions,
    sessions: Sessions,
    settings: &PoolSettings,
) -> PgConnectOptions {
    let wait = lock_timeout(settings);
    match sessions {
        Sessions::Own => options.options([MARK, ("lock_timeout", &*wait)]),
        Sessions::Lent => options,
    }
}

/// How long statements last: as the settings say, else as long as a session of its own does.
pub(super) fn statements(sessions: Sessions, settings: &PoolSettings) -> Statements {
    match (settings.prepared_statements, sessions) {
        (Some(true), _) | (None, Sessions::Own) => Statements::Kept,
        (Some(false), _) | (None, Sessions::Lent) => Statements::OfATransaction,
    }
}

/// The longest that PostgreSQL knows.
const LONGEST_MS: u128 = 2_147_483_647;

/// How long a statement waits for a lock, as PostgreSQL writes it.
pub(super) fn lock_timeout(settings: &PoolSettings) -> String {
    format!("{}ms", settings.lock_timeout.as_millis().clamp(1, LONGEST_MS))
}
