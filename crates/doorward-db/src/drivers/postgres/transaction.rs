//! A transaction, and what becomes of one that is dropped.

use sqlx::postgres::PgConnection;
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::super::guard;
use super::super::pool::{Lease, Pool};
use super::encode::Nul;
use super::{READERS, WAIT, WRITERS, failure, statement};
use crate::sql::{DatabaseError, Result, Row, Sql, Trouble, Value};

/// One round trip. Who waits for a lock as long as this hears that the database is busy; who forgets a transaction loses
/// it.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '5s'; \
    SET LOCAL idle_in_transaction_session_timeout = '60s'";
const BEGIN_READ_ONLY: &str = "BEGIN READ ONLY";

#[derive(Debug)]
pub(crate) struct PostgresTransaction {
    /// `Some` until it ends.
    lease: Option<Lease<PgConnection>>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Sound,
    /// A statement failed: the server runs no more, and a `COMMIT` would be a `ROLLBACK`.
    Failed,
    /// The connection was cut, or what was prepared on it is outdated: nobody may use it after this.
    Lost,
    /// It is not known how it ends.
    Ending,
}

impl PostgresTransaction {
    pub(super) async fn begin(pool: &Pool<PgConnection>) -> Result<Self> {
        Self::begin_as(pool, BEGIN).await
    }

    pub(super) async fn begin_read_only(pool: &Pool<PgConnection>) -> Result<Self> {
        Self::begin_as(pool, BEGIN_READ_ONLY).await
    }

    /// On another connection where one was cut.
    async fn begin_as(pool: &Pool<PgConnection>, how: &'static str) -> Result<Self> {
        let mut left = READERS.max(WRITERS);
        loop {
            let mut lease = pool.acquire().await?;
            lease.discard();
            match run(lease.connection(), how).await {
                Err(error) if error.trouble() == Some(Trouble::Away) && left > 0 => left -= 1,
                begun => {
                    lease.told(begun)?;
                    return Ok(Self {
                        lease: Some(lease),
                        state: State::Sound,
                    });
                }
            }
        }
    }

    pub(crate) async fn fetch_all(&mut self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        let nul = match guard::only_reads(sql.as_str()) {
            true => Nul::IsNothing,
            false => Nul::IsRefused,
        };
        let lease = lease(&mut self.lease)?;
        let rows = statement::fetch_all(lease.connection(), sql, &values, nul).await;
        let rows = lease.told(rows);
        self.note(rows)
    }

    pub(crate) async fn execute(&mut self, sql: &Sql, values: Vec<Value>) -> Result<u64> {
        let lease = lease(&mut self.lease)?;
        let done = statement::execute(lease.connection(), sql, &values).await;
        let done = lease.told(done);
        self.note(done)
    }

    /// Waits for a lock for each number, and holds them until it ends.
    pub(crate) async fn hold(&mut self, numbers: Vec<Value>) -> Result<()> {
        if numbers.is_empty() {
            return Ok(());
        }
        let marks = vec!["?::bigint"; numbers.len()].join(", ");
        let sql = format!("SELECT pg_advisory_xact_lock(k) FROM unnest(ARRAY[{marks}]) k");
        self.execute(&Sql::rendered(sql), numbers).await.map(drop)
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        if matches!(self.state, State::Failed | State::Lost) {
            self.end("ROLLBACK").await?;
            let cause = "a statement of this transaction failed before; nothing was written";
            return Err(DatabaseError::Statement(cause.into()));
        }
        self.end("COMMIT").await
    }

    pub(crate) async fn rollback(mut self) -> Result<()> {
        self.end("ROLLBACK").await
    }

    async fn end(&mut self, how: &'static str) -> Result<()> {
        let before = std::mem::replace(&mut self.state, State::Ending);
        let lease = lease(&mut self.lease)?;
        let ended = run(lease.connection(), how).await;
        match before {
            State::Lost => lease.told(ended),
            State::Sound | State::Failed | State::Ending => lease.keep_if(ended),
        }
    }

    fn note<T>(&mut self, result: Result<T>) -> Result<T> {
        if let (Err(error), State::Sound) = (&result, self.state) {
            self.state = match error.trouble() {
                Some(Trouble::Away) => State::Lost,
                _ => State::Failed,
            };
        }
        result
    }
}

/// Dropped, it is rolled back in the background, and its connection is used again; where that is not possible, the
/// connection is closed, which ends it too.
impl Drop for PostgresTransaction {
    fn drop(&mut self) {
        let (Some(mut lease), Ok(runtime)) = (self.lease.take(), Handle::try_current()) else {
            return;
        };
        if matches!(self.state, State::Ending | State::Lost) {
            return;
        }
        runtime.spawn(async move {
            if let Ok(Ok(())) = timeout(WAIT, run(lease.connection(), "ROLLBACK")).await {
                lease.keep();
            }
        });
    }
}

fn lease(lease: &mut Option<Lease<PgConnection>>) -> Result<&mut Lease<PgConnection>> {
    let ended = || DatabaseError::Statement("this transaction has ended".into());
    lease.as_mut().ok_or_else(ended)
}

/// Without values and without rows.
async fn run(connection: &mut PgConnection, sql: &'static str) -> Result<()> {
    let done = sqlx::raw_sql(sql).execute(connection).await;
    done.map(drop).map_err(failure::error)
}
