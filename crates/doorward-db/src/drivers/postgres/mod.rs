//! PostgreSQL: connections that read, and connections that write.
//!
//! A transaction is `READ COMMITTED`, as Django's are. The session's time zone is UTC; its `search_path` is the role's, or
//! that of the address. Nothing relies on a session that outlives its transaction, where a pooler lends it.

mod address;
mod decode;
mod encode;
mod failure;
mod kind;
mod numeric;
mod reader;
mod servers;
mod sessions;
mod statement;
mod transaction;

use std::sync::Arc;
use std::time::Duration;

use doorward_django::secret::Secret;
use sqlx::postgres::PgConnection;

use super::guard;
use super::pool::{Habits, Lease, Network, Pool};
use crate::sql::{
    DatabaseError, Location, Opening, PoolSettings, PoolStatus, Result, Row, Sql, Trouble, Turns, Value,
};
use address::Address;
use encode::Nul;
pub(crate) use reader::PostgresReader;
use servers::Servers;
use sessions::{Sessions, Statements};
use transaction::Beginning;
pub(crate) use transaction::PostgresTransaction;

/// How long a server may take to say that it is still there.
const PATIENCE: Duration = Duration::from_secs(5);
/// Who reads asks seldom: what was cut is read again on another connection.
const READERS_ASK_AFTER: Duration = Duration::from_secs(1);
/// Who writes cannot know whether a connection was cut before or after.
const WRITERS_ASK_AFTER: Duration = Duration::from_millis(100);
const CLOSE_AFTER: Duration = Duration::from_secs(600);

#[derive(Clone, Debug)]
pub(crate) struct PostgresDriver(Arc<Connections>);

#[derive(Debug)]
struct Connections {
    readers: Pool<PgConnection>,
    writers: Pool<PgConnection>,
    opening: Opening,
    statements: Statements,
    beginning: Beginning,
}

impl PostgresDriver {
    /// Connects once, so that what is wrong with the address shows at once. A database is not made: that is for whoever
    /// administers the server.
    pub(crate) async fn open(
        address: &Secret<String>,
        opening: Opening,
        settings: &PoolSettings,
    ) -> Result<Self> {
        let address = Address::read(address.expose())?;
        let servers = Servers::new(&address, settings.connect_timeout);
        let found = sessions::find(&servers, settings).await;
        let (sessions, first) = found.map_err(|error| error.at(&address.named))?;
        let statements = sessions::statements(sessions, settings);
        tell(sessions, statements, &address.named);
        let servers = servers.map(|options| sessions::told(options, sessions, settings));
        let pool = |size, ask_after| {
            pool(
                &servers,
                &address.named,
                size,
                habits(&servers, settings, ask_after),
            )
        };
        let driver = Self(Arc::new(Connections {
            readers: pool(settings.readers(), READERS_ASK_AFTER),
            writers: pool(settings.writers(), WRITERS_ASK_AFTER),
            opening,
            statements,
            beginning: Beginning::new(statements, settings),
        }));
        driver.0.readers.rest(first);
        Ok(driver)
    }

    /// Tried again on another connection where one was cut, or what was prepared on it is outdated: nothing was written. Where no
    /// connection can be had, that is the answer at once. Who asks for a text that the database cannot hold finds nothing.
    pub(crate) async fn fetch_all(&self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        if !guard::only_reads(sql.as_str()) {
            return Err(DatabaseError::NotReading);
        }
        let mut left = self.0.readers.size();
        let mut values = values;
        loop {
            match self.fetch(sql, &values).await? {
                Err(error) if is_passing_for_readers(&error) && left > 0 => left -= 1,
                Err(error @ DatabaseError::Unstorable(_)) => {
                    values = Value::without_foreign(&values).ok_or(error)?;
                }
                Err(error) if failure::is_read_only(&error) => return Err(DatabaseError::NotReading),
                result => return result,
            }
        }
    }

    /// The outer error is that of whoever got no connection. In a transaction functions that write are refused by the
    /// server, and a statement runs in the session in which it was prepared.
    async fn fetch(&self, sql: &Sql, values: &[Value]) -> Result<Result<Vec<Row>>> {
        let Connections {
            readers, beginning, ..
        } = &*self.0;
        match (self.0.opening, self.0.statements) {
            (Opening::OrMake | Opening::Existing, Statements::Kept) => {
                Ok(fetch(readers.acquire().await?, sql, values).await)
            }
            _ => {
                let transaction = PostgresTransaction::begin_read_only(readers, beginning).await?;
                Ok(fetch_in(transaction, sql, values).await)
            }
        }
    }

    pub(crate) fn location(&self) -> &Location {
        self.0.readers.place()
    }

    /// Run again where it was not done: another transaction was in its way, or the server has become a standby.
    pub(crate) async fn execute(&self, sql: &Sql, values: Vec<Value>) -> Result<u64> {
        self.demand_writable()?;
        let mut turns = Turns::begun();
        loop {
            let done = self.write(sql, &values).await;
            let is_over = done.as_ref().err().is_none_or(|error| !is_passing(error));
            if is_over || !turns.next().await {
                return done;
            }
        }
    }

    /// What changes rows is a transaction, in which it waits for a lock for so long and no longer: a `SET` for the whole
    /// session would be handed on by PgBouncer to others.
    async fn write(&self, sql: &Sql, values: &[Value]) -> Result<u64> {
        if !guard::changes_rows(sql.as_str()) {
            return self.run(sql, values).await;
        }
        let mut transaction = self.begin().await?;
        let done = transaction.execute(sql, values.to_vec()).await?;
        transaction.commit().await?;
        Ok(done)
    }

    /// What cannot stand in a transaction, such as `CREATE DATABASE`.
    async fn run(&self, sql: &Sql, values: &[Value]) -> Result<u64> {
        let mut lease = self.0.writers.acquire().await?;
        lease.discard();
        let done = match values {
            // In one message, which needs nothing prepared.
            [] => statement::run(lease.connection(), sql).await,
            values => statement::execute(lease.connection(), sql, values).await,
        };
        lease.keep_if(done)
    }

    pub(crate) async fn transaction(&self) -> Result<PostgresTransaction> {
        self.demand_writable()?;
        self.begin().await
    }

    async fn begin(&self) -> Result<PostgresTransaction> {
        PostgresTransaction::begin(&self.0.writers, &self.0.beginning).await
    }

    /// A connection beside the pool, for who keeps it.
    pub(crate) async fn reader(&self) -> Result<PostgresReader> {
        let connection = self.0.readers.connect().await?;
        Ok(PostgresReader::new(
            connection,
            self.location(),
            &self.0.beginning,
        ))
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

fn is_passing(error: &DatabaseError) -> bool {
    error.trouble() == Some(Trouble::Conflict) || failure::is_read_only(error)
}

async fn fetch(mut lease: Lease<PgConnection>, sql: &Sql, values: &[Value]) -> Result<Vec<Row>> {
    // Where this future is dropped half-way, nobody gets a connection with an answer on its way.
    lease.discard();
    let rows = statement::fetch_all(lease.connection(), sql, values, Nul::IsNothing).await;
    if rows.as_ref().is_err_and(failure::found_outdated) {
        lease.discard_all();
    }
    lease.keep_if(rows)
}

async fn fetch_in(mut transaction: PostgresTransaction, sql: &Sql, values: &[Value]) -> Result<Vec<Row>> {
    let rows = transaction.fetch_all(sql, values.to_vec()).await?;
    transaction.rollback().await?;
    Ok(rows)
}

fn pool(servers: &Servers, place: &Location, size: usize, habits: Habits) -> Pool<PgConnection> {
    let servers = servers.clone();
    let open = move || -> super::pool::Opening<PgConnection> {
        let servers = servers.clone();
        Box::pin(async move { servers.open().await })
    };
    Pool::opened_by(open, place, size, habits)
}

fn habits(servers: &Servers, settings: &PoolSettings, ask_after: Duration) -> Habits {
    Habits {
        wait: settings.pool_timeout,
        network: Some(Network {
            connecting: servers.patience(),
            patience: PATIENCE,
            ask_after,
            close_after: CLOSE_AFTER,
            lifetime: settings.max_lifetime,
        }),
        error: failure::error,
    }
}

/// What a pooler costs and takes away is told once, with the cure.
fn tell(sessions: Sessions, statements: Statements, place: &Location) {
    let database = place.name().unwrap_or_default();
    if statements == Statements::OfATransaction {
        let why = match sessions {
            Sessions::Own => "`database.prepared_statements` is false",
            Sessions::Lent => "a pooler lends its sessions for a transaction each",
        };
        tracing::info!(
            database.name = database,
            "Statements are prepared anew in each transaction: {why}. LISTEN, SET and temporary tables of your own do not \
             last either. With PgBouncer 1.21 or newer set its max_prepared_statements and `database.prepared_statements = \
             true`, which saves round trips; or name the server itself."
        );
    }
}
