//! A transaction, and what becomes of one that is dropped.

use sqlx::postgres::PgConnection;
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::super::guard;
use super::super::pool::{Lease, Pool};
use super::encode::Nul;
use super::sessions::{self, Statements};
use super::{PATIENCE, failure, statement};
use crate::sql::{DatabaseError, PoolSettings, Result, Row, Sql, Trouble, Value};

/// How transactions begin: one round trip each. Who waits for a lock as long as the settings say hears that the database
/// is busy; who forgets a transaction loses it.
#[derive(Debug)]
pub(super) struct Beginning {
    writes: Sql,
    reads: Sql,
    statements: Statements,
}

impl Beginning {
    pub(super) fn new(statements: Statements, settings: &PoolSettings) -> Self {
        let wait = format!("SET LOCAL lock_timeout = '{}'", sessions::lock_timeout(settings));
        Self {
            writes: Sql::rendered(format!(
                "BEGIN ISOLATION LEVEL READ COMMITTED; {wait}; \
                 SET LOCAL idle_in_transaction_session_timeout = '60s'"
            )),
            reads: Sql::rendered(format!("BEGIN READ ONLY; {wait}")),
            statements,
        }
    }

    /// What begins a transaction for a statement that reads, where it needs one.
    pub(super) fn of_each_read(&self) -> Option<Sql> {
        (self.statements == Statements::OfATransaction).then(|| self.reads.clone())
    }
}

#[derive(Debug)]
pub(crate) struct PostgresTransaction {
    /// `Some` until it ends.
    lease: Option<Lease<PgConnection>>,
    state: State,
    purpose: Purpose,
    statements: Statements,
}

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Writing,
    Reading,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Sound,
    /// A statement is under way: dropped now, it may have been prepared, and nobody remembers it.
    Asked,
    /// A statement failed: the server runs no more, and a `COMMIT` would be a `ROLLBACK`.
    Failed,
    /// The connection was cut, or what was prepared on it is outdated: nobody may use it after this.
    Lost,
    /// It is not known how it ends.
    Ending,
}

impl PostgresTransaction {
    pub(super) async fn begin(pool: &Pool<PgConnection>, how: &Beginning) -> Result<Self> {
        Self::begin_for(Purpose::Writing, pool, how).await
    }

    pub(super) async fn begin_read_only(pool: &Pool<PgConnection>, how: &Beginning) -> Result<Self> {
        Self::begin_for(Purpose::Reading, pool, how).await
    }

    /// On another connection where one was cut.
    async fn begin_for(purpose: Purpose, pool: &Pool<PgConnection>, how: &Beginning) -> Result<Self> {
        let begin = match purpose {
            Purpose::Writing => &how.writes,
            Purpose::Reading => &how.reads,
        };
        let mut left = pool.size();
        loop {
            let mut lease = pool.acquire().await?;
            lease.discard();
            match statement::run(lease.connection(), begin).await {
                Err(error) if error.trouble() == Some(Trouble::Away) && left > 0 => left -= 1,
                begun => {
                    lease.told(begun)?;
                    return Ok(Self {
                        lease: Some(lease),
                        state: State::Sound,
                        purpose,
                        statements: how.statements,
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
        let before = std::mem::replace(&mut self.state, State::Asked);
        let rows = statement::fetch_all(lease.connection(), sql, &values, nul).await;
        let rows = lease.told(rows);
        self.note(before, rows)
    }

    pub(crate) async fn execute(&mut self, sql: &Sql, values: Vec<Value>) -> Result<u64> {
        let lease = lease(&mut self.lease)?;
        let before = std::mem::replace(&mut self.state, State::Asked);
        let done = statement::execute(lease.connection(), sql, &values).await;
        let done = lease.told(done);
        self.note(before, done)
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
        let statements = self.statements;
        let lease = lease(&mut self.lease)?;
        let ended = end(lease.connection(), statements, how).await;
        match is_spoilt(before, statements) {
            true => lease.told(ended),
            false => lease.keep_if(ended),
        }
    }

    fn note<T>(&mut self, before: State, result: Result<T>) -> Result<T> {
        self.state = match (&result, before) {
            (Err(error), State::Sound) => self.after(error),
            _ => before,
        };
        result
    }

    fn after(&mut self, error: &DatabaseError) -> State {
        match error.trouble() {
            Some(Trouble::Away) => State::Lost,
            // What is prepared on the others is outdated as well.
            _ if failure::found_outdated(error) => self.elsewhere(),
            _ if self.purpose == Purpose::Writing && failure::is_read_only(error) => self.elsewhere(),
            _ => State::Failed,
        }
    }

    /// Whoever asks next gets a new connection: where the server became a standby, to the one that takes writes now.
    fn elsewhere(&mut self) -> State {
        if let Some(lease) = &mut self.lease {
            lease.discard_all();
        }
        State::Lost
    }
}

/// Dropped, it is rolled back in the background, and its connection is used again; where that is not possible, the
/// connection is closed, which ends it too.
impl Drop for PostgresTransaction {
    fn drop(&mut self) {
        let (Some(mut lease), Ok(runtime)) = (self.lease.take(), Handle::try_current()) else {
            return;
        };
        let statements = self.statements;
        if self.state == State::Ending || is_spoilt(self.state, statements) {
            return;
        }
        runtime.spawn(async move {
            let ended = end(lease.connection(), statements, "ROLLBACK");
            if let Ok(Ok(())) = timeout(PATIENCE, ended).await {
                lease.keep();
            }
        });
    }
}

fn lease(lease: &mut Option<Lease<PgConnection>>) -> Result<&mut Lease<PgConnection>> {
    let ended = || DatabaseError::Statement("this transaction has ended".into());
    lease.as_mut().ok_or_else(ended)
}

/// Whether nobody may use the connection after this: it was cut, or something may be prepared on it that nobody remembers.
fn is_spoilt(state: State, statements: Statements) -> bool {
    state == State::Lost || (state == State::Asked && statements == Statements::OfATransaction)
}

/// What was prepared for this transaction goes before it.
async fn end(connection: &mut PgConnection, statements: Statements, how: &'static str) -> Result<()> {
    if statements == Statements::OfATransaction {
        statement::close_all(connection).await?;
    }
    statement::run(connection, &how.into()).await.map(drop)
}
