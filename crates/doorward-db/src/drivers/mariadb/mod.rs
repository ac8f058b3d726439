//! MariaDB, and MySQL from 8.0 on: connections that read, and connections that write.
//!
//! A transaction is `READ COMMITTED`, as Django's are. The session's time zone is the server's, its texts are `utf8mb4`, and
//! what does not fit into a column is refused (`STRICT_TRANS_TABLES`), as `django.db.backends.mysql` has it. `||` joins texts,
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
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, SqlSafeStr, SqlStr};

use super::guard;
use super::pool::{Habits, Lease, Network, Pool};
use crate::sql::{
    DatabaseError, Location, Opening, PoolSettings, PoolStatus, Result, Row, Sql, Trouble, Turns, Value,
};
pub(crate) use reader::MariaDbReader;
pub(crate) use transaction::MariaDbTransaction;

/// How long a server may take to say that it is still there.
const PATIENCE: Duration = Duration::from_secs(5);
/// Who reads asks seldom: what was cut is read again on another connection.
const READERS_ASK_AFTER: Duration = Duration::from_secs(1);
/// Who writes cannot know whether a connection was cut before or after.
const WRITERS_ASK_AFTER: Duration = Duration::from_millis(100);
const CLOSE_AFTER: Duration = Duration::from_secs(600);
/// The longest wait for a lock that every version knows, in seconds: a year.
const LONGEST: u64 = 31_536_000;

/// What a session is for: so that functions which write are refused by the server where nothing is to be written.
#[derive(Clone, Copy, Debug)]
enum Access {
    Read,
    Write,
}

/// What every session has. Who waits for a lock as long as the settings say, in whole seconds, hears that the database is
/// busy; who forgets a transaction loses it, where the server is MariaDB.
fn session(access: Access, settings: &PoolSettings) -> SqlStr {
    let access = match access {
        Access::Read => "READ ONLY",
        Access::Write => "READ WRITE",
    };
    let wait = patience_s(settings);
    let sql = format!(
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, {access}; \
         SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES'), autocommit = 1, \
         innodb_lock_wait_timeout = {wait}, lock_wait_timeout = {wait} /*M!100300 , idle_transaction_timeout = 60 */"
    );
    AssertSqlSafe(sql).into_sql_str()
}

/// How long is waited for a lock, of a row, of a table or of ours.
fn patience_s(settings: &PoolSettings) -> u64 {
    let seconds = settings.lock_timeout.as_millis().div_ceil(1_000);
    u64::try_from(seconds).unwrap_or(LONGEST).clamp(1, LONGEST)
}

fn habits(settings: &PoolSettings, ask_after: Duration) -> Habits {
    Habits {
        wait: settings.pool_timeout,
        network: Some(Network {
            connecting: settings.connect_timeout,
            patience: PATIENCE,
            ask_after,
            close_after: CLOSE_AFTER,
            lifetime: settings.max_lifetime,
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
    patience_s: u64,
}

impl MariaDbDriver {
    /// Connects once, so that what is wrong with the address shows at once. A database is not made: that is for whoever
    /// administers the server.
    pub(crate) async fn open(
        address: &Secret<String>,
        opening: Opening,
        settings: &PoolSettings,
    ) -> Result<Self> {
        let (options, named) = address::options(address.expose())?;
        let pool = |access, size, ask_after| {
            let open = opener(&options, session(access, settings));
            Pool::opened_by(open, &named, size, habits(settings, ask_after))
        };
        let driver = Self(Arc::new(Connections {
            readers: pool(Access::Read, settings.readers(), READERS_ASK_AFTER),
            writers: pool(Access::Write, settings.writers(), WRITERS_ASK_AFTER),
            opening,
            patience_s: patience_s(settings),
        }));
        let rows = driver.fetch_all(&"SELECT VERSION()".into(), Vec::new()).await?;
        let version: Option<String> = rows.first().map(|row| row.read(0)).transpose()?;
        version::demand(&version.unwrap_or_default())?;
        Ok(driver)
    }

    pub(crate) async fn fetch_all(&self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        if !guard::only_reads(sql.as_str()) {
            return Err(DatabaseError::NotReading);
        }
        let mut left = self.0.readers.size();
        loop {
            let lease = self.0.readers.acquire().await?;
            match fetch(lease, sql, &values).await {
                Err(error) if is_passing_for_readers(&error) && left > 0 => left -= 1,
                Err(error) if failure::is_read_only(&error) => return Err(DatabaseError::NotReading),
                result => return result,
            }
        }
    }

    pub(crate) fn location(&self) -> &Location {
        self.0.readers.place()
    }

    pub(crate) async fn execute(&self, sql: &Sql, values: Vec<Value>) -> Result<u64> {
        self.demand_writable()?;
        let mut turns = Turns::begun();
        loop {
            let done = self.write(sql, &values).await;
            let is_over = done
                .as_ref()
                .err()
                .is_none_or(|error| error.trouble() != Some(Trouble::Conflict));
            if is_over || !turns.next().await {
                return done;
            }
        }
    }

    /// What changes rows is a transaction; what cannot stand in one, such as `CREATE DATABASE`, is run by itself.
    async fn write(&self, sql: &Sql, values: &[Value]) -> Result<u64> {
        if guard::changes_rows(sql.as_str()) {
            let mut transaction = self.begin().await?;
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
        self.begin().await
    }

    async fn begin(&self) -> Result<MariaDbTransaction> {
        MariaDbTransaction::begin(&self.0.writers, self.0.patience_s).await
    }

    /// A connection beside the pool, for who keeps it.
    pub(crate) async fn reader(&self) -> Result<MariaDbReader> {
        let connection = self.0.readers.connect().await?;
        Ok(MariaDbReader::new(connection, self.location()))
    }

    pub(crate) fn pools(&self) -> [PoolStatus; 2] {
        [self.0.readers.status("readers"), self.0.writers.status("writers")]
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

fn is_passing_for_readers(error: &DatabaseError) -> bool {
    matches!(error.trouble(), Some(Trouble::Away | Trouble::Conflict))
}

/// What opens connections that begin with that session.
fn opener(
    options: &MySqlConnectOptions,
    session: SqlStr,
) -> impl Fn() -> super::pool::Opening<MySqlConnection> + Send + Sync + 'static {
    let options = options.clone();
    move || -> super::pool::Opening<MySqlConnection> {
        let (options, session) = (options.clone(), session.clone());
        Box::pin(async move {
            let mut connection = options.connect().await?;
            sqlx::raw_sql(session).execute(&mut connection).await?;
            Ok(connection)
        })
    }
}

async fn fetch(mut lease: Lease<MySqlConnection>, sql: &Sql, values: &[Value]) -> Result<Vec<Row>> {
    // Where this future is dropped half-way, nobody gets a connection with an answer on its way.
    lease.discard();
    let rows = statement::fetch_all(lease.connection(), sql, values).await;
    lease.keep_if(rows)
}
