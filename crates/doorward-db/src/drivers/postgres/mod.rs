//! PostgreSQL: connections that read, and connections that write.
//!
//! A transaction is `READ COMMITTED`, as Django's are. The session's time zone is UTC; its `search_path` is the role's, or
//! that of the address.

mod address;
mod decode;
mod encode;
mod failure;
mod kind;
mod numeric;
mod reader;
mod statement;
mod transaction;

use std::sync::Arc;
use std::time::Duration;

use doorward_django::secret::Secret;
use sqlx::postgres::PgConnection;

use super::guard;
use super::pool::{Habits, Lease, Network, Pool};
use crate::sql::{DatabaseError, Location, Opening, Result, Row, Sql, Trouble, Value};
use encode::Nul;
pub(crate) use reader::PostgresReader;
pub(crate) use transaction::PostgresTransaction;

/// How long a task waits for a connection, a connection for its server, and a statement for a lock.
const WAIT: Duration = Duration::from_secs(5);
/// A server allows 100 at first, for all who use it.
const READERS: usize = 8;
const WRITERS: usize = 8;
/// How often a statement that is a transaction of its own is run, where another transaction was in its way.
const TRIES: usize = 3;

/// Who reads asks seldom: what was cut is read again on another connection.
const READING: Habits = habits(Duration::from_secs(1));
/// Who writes cannot know whether a connection was cut before or after.
const WRITING: Habits = habits(Duration::from_millis(100));

const fn habits(ask_after: Duration) -> Habits {
    Habits {
        wait: WAIT,
        network: Some(Network {
            patience: WAIT,
            ask_after,
            close_after: Duration::from_secs(600),
        }),
        error: failure::error,
    }
}

#[derive(Clone, Debug)]
pub(crate) struct PostgresDriver(Arc<Connections>);

#[derive(Debug)]
struct Connections {
    readers: Pool<PgConnection>,
    writers: Pool<PgConnection>,
    opening: Opening,
}

impl PostgresDriver {
    /// Connects once, so that what is wrong with the address shows at once. A database is not made: that is for whoever
    /// administers the server.
    pub(crate) async fn open(address: &Secret<String>, opening: Opening) -> Result<Self> {
        let (options, named) = address::options(address.expose())?;
        let driver = Self(Arc::new(Connections {
            readers: Pool::new(options.clone(), &named, READERS, READING),
            writers: Pool::new(options, &named, WRITERS, WRITING),
            opening,
        }));
        driver.0.readers.acquire().await?;
        Ok(driver)
    }

    /// Tried again on another connection where one was cut: nothing was written. Where no connection can be had, that is
    /// the answer at once.
    pub(crate) async fn fetch_all(&self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        if !guard::only_reads(sql.as_str()) {
            return Err(self.refusal("what writes goes through `execute` or a transaction"));
        }
        if self.0.opening == Opening::ReadOnly {
            return self.fetch_in_transaction(sql, values).await;
        }
        let mut left = READERS;
        loop {
            let lease = self.0.readers.acquire().await?;
            match fetch(lease, sql, &values).await {
                Err(error) if error.trouble() == Some(Trouble::Away) && left > 0 => left -= 1,
                result => return result,
            }
        }
    }

    /// So that functions which write are refused by the server.
    async fn fetch_in_transaction(&self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        let mut transaction = PostgresTransaction::begin_read_only(&self.0.readers).await?;
        let rows = transaction.fetch_all(sql, values).await?;
        transaction.rollback().await?;
        Ok(rows)
    }

    pub(crate) fn location(&self) -> &Location {
        self.0.readers.place()
    }

    pub(crate) async fn execute(&self, sql: &Sql, values: Vec<Value>) -> Result<u64> {
        self.demand_writable()?;
        let mut left = TRIES - 1;
        loop {
            match self.write(sql, &values).await {
                Err(error) if error.trouble() == Some(Trouble::Conflict) && left > 0 => left -= 1,
                result => return result,
            }
        }
    }

    /// What changes rows is a transaction, in which it waits for a lock for so long and no longer: a `SET` for the whole
    /// session would be handed on by PgBouncer to others.
    async fn write(&self, sql: &Sql, values: &[Value]) -> Result<u64> {
        if !guard::changes_rows(sql.as_str()) {
            return self.run(sql, values).await;
        }
        let mut transaction = PostgresTransaction::begin(&self.0.writers).await?;
        let done = transaction.execute(sql, values.to_vec()).await?;
        transaction.commit().await?;
        Ok(done)
    }

    /// What cannot stand in a transaction, such as `CREATE DATABASE`.
    async fn run(&self, sql: &Sql, values: &[Value]) -> Result<u64> {
        let mut lease = self.0.writers.acquire().await?;
        lease.discard();
        let done = statement::execute(lease.connection(), sql, values).await;
        lease.keep_if(done)
    }

    pub(crate) async fn transaction(&self) -> Result<PostgresTransaction> {
        self.demand_writable()?;
        PostgresTransaction::begin(&self.0.writers).await
    }

    /// A connection beside the pool, for who keeps it.
    pub(crate) async fn reader(&self) -> Result<PostgresReader> {
        let connection = self.0.readers.connect().await?;
        Ok(PostgresReader::new(connection, self.location()))
    }

    pub(crate) async fn close(&self) {
        self.0.readers.close().await;
        self.0.writers.close().await;
    }

    fn demand_writable(&self) -> Result<()> {
        match self.0.opening {
            Opening::OrMake | Opening::Existing => Ok(()),
            Opening::ReadOnly => Err(self.refusal("it was opened for reading only")),
        }
    }

    fn refusal(&self, why: &'static str) -> DatabaseError {
        DatabaseError::unavailable(Trouble::NotWritable, why).at(self.0.readers.place())
    }
}

async fn fetch(mut lease: Lease<PgConnection>, sql: &Sql, values: &[Value]) -> Result<Vec<Row>> {
    // Where this future is dropped half-way, nobody gets a connection with an answer on its way.
    lease.discard();
    let rows = statement::fetch_all(lease.connection(), sql, values, Nul::IsNothing).await;
    lease.keep_if(rows)
}
