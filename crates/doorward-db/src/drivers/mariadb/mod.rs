//! MariaDB, and MySQL from 8.0 on: connections that read, and connections that write.
//!
//! A transaction is `READ COMMITTED`, as Django's are. The session's time zone is UTC, its texts are `utf8mb4`, and what
//! does not fit into a column is refused (`STRICT_TRANS_TABLES`), as `django.db.backends.mysql` demands it. `||` joins texts,
//! as everywhere else.

mod address;
mod decode;
mod encode;
mod failure;
mod kind;
mod reader;
mod statement;
mod transaction;
mod version;

use std::sync::Arc;
use std::time::Duration;

use doorward_django::secret::Secret;
use sqlx::mysql::MySqlConnection;

use super::guard;
use super::pool::{Habits, Lease, Network, Pool};
use crate::sql::{DatabaseError, Location, Opening, Result, Row, Sql, Trouble, Value};
pub(crate) use reader::MariaDbReader;
pub(crate) use transaction::MariaDbTransaction;

/// How long a task waits for a connection, a connection for its server, and a statement for a lock.
const WAIT: Duration = Duration::from_secs(5);
/// A server allows 151 at first, for all who use it.
const READERS: usize = 8;
const WRITERS: usize = 8;
/// How often a statement that is a transaction of its own is run, where another transaction was in its way.
const TRIES: usize = 3;

/// What every session has. Who waits for a lock as long as this hears that the database is busy; who forgets a transaction
/// loses it, where the server is MariaDB.
macro_rules! session {
    ($access:literal) => {
        concat!(
            "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, ",
            $access,
            "; SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES'), autocommit = 1, \
             innodb_lock_wait_timeout = 5, lock_wait_timeout = 5 /*M!100300 , idle_transaction_timeout = 60 */"
        )
    };
}

/// So that functions which write are refused by the server.
const READS: &str = session!("READ ONLY");
const WRITES: &str = session!("READ WRITE");

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
pub(crate) struct MariaDbDriver(Arc<Connections>);

#[derive(Debug)]
struct Connections {
    readers: Pool<MySqlConnection>,
    writers: Pool<MySqlConnection>,
    opening: Opening,
}

impl MariaDbDriver {
    /// Connects once, so that what is wrong with the address shows at once. A database is not made: that is for whoever
    /// administers the server.
    pub(crate) async fn open(address: &Secret<String>, opening: Opening) -> Result<Self> {
        let (options, named) = address::options(address.expose())?;
        let driver = Self(Arc::new(Connections {
            readers: Pool::new(options.clone(), &named, READERS, READING).with_session(READS),
            writers: Pool::new(options, &named, WRITERS, WRITING).with_session(WRITES),
            opening,
        }));
        let rows = driver.fetch_all(&"SELECT VERSION()".into(), Vec::new()).await?;
        let version: Option<String> = rows.first().map(|row| row.read(0)).transpose()?;
        version::demand(&version.unwrap_or_default())?;
        Ok(driver)
    }

    pub(crate) async fn fetch_all(&self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        if !guard::only_reads(sql.as_str()) {
            return Err(self.refusal("what writes goes through `execute` or a transaction"));
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

    /// What changes rows is a transaction; what cannot stand in one, such as `CREATE DATABASE`, is run by itself.
    async fn write(&self, sql: &Sql, values: &[Value]) -> Result<u64> {
        if guard::changes_rows(sql.as_str()) {
            let mut transaction = MariaDbTransaction::begin(&self.0.writers).await?;
            let done = transaction.execute(sql, values.to_vec()).await?;
            transaction.commit().await?;
            return Ok(done);
        }
        let mut lease = self.0.writers.acquire().await?;
        lease.discard();
        let done = statement::execute(lease.connection(), sql, values).await;
        lease.keep_if(done)
    }

    pub(crate) async fn transaction(&self) -> Result<MariaDbTransaction> {
        self.demand_writable()?;
        MariaDbTransaction::begin(&self.0.writers).await
    }

    /// A connection beside the pool, for who keeps it.
    pub(crate) async fn reader(&self) -> Result<MariaDbReader> {
        let connection = self.0.readers.connect().await?;
        Ok(MariaDbReader::new(connection, self.location()))
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

async fn fetch(mut lease: Lease<MySqlConnection>, sql: &Sql, values: &[Value]) -> Result<Vec<Row>> {
    // Where this future is dropped half-way, nobody gets a connection with an answer on its way.
    lease.discard();
    let rows = statement::fetch_all(lease.connection(), sql, values).await;
    lease.keep_if(rows)
}
