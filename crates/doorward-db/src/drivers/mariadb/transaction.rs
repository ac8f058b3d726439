//! A transaction, and what becomes of one that is dropped.
//!
//! Its locks by number are the session's (`GET_LOCK`), so that a statement which commits by itself leaves them alone. They
//! are given back when the transaction has ended, or with the connection.

use sqlx::mysql::MySqlConnection;
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::super::guard;
use super::super::pool::{Lease, Pool};
use super::{PATIENCE, failure, statement};
use crate::sql::{DatabaseError, Result, Row, Sql, Trouble, Value};

const BEGIN: &str = "START TRANSACTION READ WRITE";
const COMMIT: &str = "COMMIT";
const COMMIT_AND_RELEASE: &str = "COMMIT; DO RELEASE_ALL_LOCKS()";
const ROLLBACK: &str = "ROLLBACK";
const ROLLBACK_AND_RELEASE: &str = "ROLLBACK; DO RELEASE_ALL_LOCKS()";

/// A lock of ours in this database: a server knows them by 64 letters, for all its databases. Who does not get it hears so after so
/// many seconds.
fn lock(patience_s: u64) -> String {
    format!("GET_LOCK(CONCAT('doorward.', LEFT(SHA2(DATABASE(), 256), 32), '.', ?), {patience_s})")
}

#[derive(Debug)]
pub(crate) struct MariaDbTransaction {
    /// `Some` until it ends.
    lease: Option<Lease<MySqlConnection>>,
    state: State,
    /// Whether it may hold locks by number.
    holds: bool,
    /// How long it waits for one.
    patience_s: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Sound,
    /// A statement was sent and not answered yet. Where it stays so, nobody may use the connection after this.
    Waiting,
    /// A statement failed: no more are run, and nothing is committed. After a deadlock the server has rolled back, and would
    /// commit each statement that follows.
    Failed,
    /// The connection was cut.
    Lost,
    /// It is not known how it ends.
    Ending,
}

impl MariaDbTransaction {
    /// On another connection where one was cut.
    pub(super) async fn begin(pool: &Pool<MySqlConnection>, patience_s: u64) -> Result<Self> {
        let mut left = pool.size();
        loop {
            let mut lease = pool.acquire().await?;
            lease.discard();
            match run(lease.connection(), BEGIN).await {
                Err(error) if error.trouble() == Some(Trouble::Away) && left > 0 => left -= 1,
                begun => {
                    lease.told(begun)?;
                    return Ok(Self {
                        lease: Some(lease),
                        state: State::Sound,
                        holds: false,
                        patience_s,
                    });
                }
            }
        }
    }

    pub(crate) async fn fetch_all(&mut self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        let rows = statement::fetch_all(self.sound()?, sql, &values).await;
        self.note(rows)
    }

    pub(crate) async fn execute(&mut self, sql: &Sql, values: Vec<Value>) -> Result<u64> {
        let done = statement::execute(self.sound()?, sql, &values).await;
        if guard::changes_tables(sql.as_str()) && matches!(done, Ok(_) | Err(DatabaseError::Exists(_))) {
            return self.begin_again(done).await;
        }
        let done = self.note(done)?;
        if guard::ignores(sql.as_str()) {
            let told = statement::demand_no_warnings(self.sound()?).await;
            self.note(told)?;
        }
        Ok(done)
    }

    /// After a statement that committed, and so ended the transaction.
    async fn begin_again(&mut self, done: Result<u64>) -> Result<u64> {
        let begun = run(lease(&mut self.lease)?.connection(), BEGIN).await;
        self.note(begun)?;
        lease(&mut self.lease)?.told(done)
    }

    /// Waits for a lock for each number, and holds them until it ends.
    pub(crate) async fn hold(&mut self, numbers: Vec<Value>) -> Result<()> {
        if numbers.is_empty() {
            return Ok(());
        }
        self.holds = true;
        let locks = vec![lock(self.patience_s); numbers.len()].join(" AND ");
        let rows = self
            .fetch_all(&Sql::rendered(format!("SELECT {locks}")), numbers)
            .await?;
        let held: Option<Option<bool>> = rows.first().map(|row| row.read(0)).transpose()?;
        if held.flatten() == Some(true) {
            return Ok(());
        }
        let cause = "another transaction holds the same key";
        self.note(Err(DatabaseError::unavailable(Trouble::Busy, cause)))
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        if self.state != State::Sound {
            self.end(ROLLBACK, ROLLBACK_AND_RELEASE).await?;
            return Err(failed());
        }
        self.end(COMMIT, COMMIT_AND_RELEASE).await
    }

    pub(crate) async fn rollback(mut self) -> Result<()> {
        self.end(ROLLBACK, ROLLBACK_AND_RELEASE).await
    }

    async fn end(&mut self, alone: &'static str, with_locks: &'static str) -> Result<()> {
        let before = std::mem::replace(&mut self.state, State::Ending);
        let how = if self.holds { with_locks } else { alone };
        let lease = lease(&mut self.lease)?;
        let ended = run(lease.connection(), how).await;
        match (before, &ended) {
            (State::Sound | State::Failed, Ok(())) => lease.keep(),
            _ => lease.discard(),
        }
        lease.told(ended)
    }

    /// The connection, for one statement.
    fn sound(&mut self) -> Result<&mut MySqlConnection> {
        if self.state != State::Sound {
            return Err(failed());
        }
        self.state = State::Waiting;
        Ok(lease(&mut self.lease)?.connection())
    }

    /// How that statement ended.
    fn note<T>(&mut self, result: Result<T>) -> Result<T> {
        self.state = match &result {
            Ok(_) => State::Sound,
            Err(error) if error.trouble() == Some(Trouble::Away) || failure::found_outdated(error) => {
                State::Lost
            }
            Err(_) => State::Failed,
        };
        lease(&mut self.lease)?.told(result)
    }
}

/// Dropped, it is rolled back in the background, and its connection is used again; where that is not possible, the
/// connection is closed, which ends it too, once the server has answered what it was asked.
impl Drop for MariaDbTransaction {
    fn drop(&mut self) {
        let (Some(mut lease), Ok(runtime)) = (self.lease.take(), Handle::try_current()) else {
            return;
        };
        if !matches!(self.state, State::Sound | State::Failed) {
            return;
        }
        let how = if self.holds {
            ROLLBACK_AND_RELEASE
        } else {
            ROLLBACK
        };
        runtime.spawn(async move {
            if let Ok(Ok(())) = timeout(PATIENCE, run(lease.connection(), how)).await {
                lease.keep();
            }
        });
    }
}

fn failed() -> DatabaseError {
    DatabaseError::Statement("a statement of this transaction failed before; nothing was written".into())
}

fn lease(lease: &mut Option<Lease<MySqlConnection>>) -> Result<&mut Lease<MySqlConnection>> {
    let ended = || DatabaseError::Statement("this transaction has ended".into());
    lease.as_mut().ok_or_else(ended)
}

/// Without values and without rows.
async fn run(connection: &mut MySqlConnection, sql: &'static str) -> Result<()> {
    let done = sqlx::raw_sql(sql).execute(connection).await;
    done.map(drop).map_err(failure::error)
}
