//! Drivers: one folder for each kind of database, all with the same functions.
//!
//! A driver opens what a [`DatabaseUrl`] names and gives `location`, `fetch_all`, `execute`, `transaction` and `close`; its
//! transactions give `fetch_all`, `execute`, `hold`, `commit` and `rollback`. To add one: a folder, a feature, a variant here.
#![cfg_attr(
    not(any(feature = "mariadb", feature = "postgres")),
    expect(
        unused_variables,
        reason = "without a driver that wants them there is nobody to pass them to"
    )
)]

#[cfg(any(feature = "mariadb", feature = "postgres"))]
mod guard;
#[cfg(feature = "mariadb")]
mod mariadb;
#[cfg(any(feature = "mariadb", feature = "postgres", feature = "sqlite"))]
mod pool;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use crate::dialect::Dialect;
#[cfg(not(all(feature = "mariadb", feature = "postgres", feature = "sqlite")))]
use crate::sql::DatabaseError;
use crate::sql::{DatabaseUrl, Location, Opening, PoolSettings, PoolStatus, Result, Row, Sql, Value};

/// The connections of a database.
#[derive(Clone, Debug)]
pub(crate) enum Driver {
    #[cfg(feature = "mariadb")]
    MariaDb(mariadb::MariaDbDriver),
    #[cfg(feature = "postgres")]
    Postgres(postgres::PostgresDriver),
    #[cfg(feature = "sqlite")]
    Sqlite(sqlite::SqliteDriver),
    #[cfg(not(any(feature = "mariadb", feature = "postgres", feature = "sqlite")))]
    None(NoDriver),
}

/// A transaction that was begun.
#[derive(Debug)]
pub(crate) enum Open {
    #[cfg(feature = "mariadb")]
    MariaDb(mariadb::MariaDbTransaction),
    #[cfg(feature = "postgres")]
    Postgres(postgres::PostgresTransaction),
    #[cfg(feature = "sqlite")]
    Sqlite(sqlite::SqliteTransaction),
    #[cfg(not(any(feature = "mariadb", feature = "postgres", feature = "sqlite")))]
    None(NoDriver),
}

/// One connection that only reads, beside all others.
#[derive(Debug)]
pub(crate) enum DriverReader {
    #[cfg(feature = "mariadb")]
    MariaDb(mariadb::MariaDbReader),
    #[cfg(feature = "postgres")]
    Postgres(postgres::PostgresReader),
    #[cfg(feature = "sqlite")]
    Sqlite(sqlite::SqliteReader),
    #[cfg(not(any(feature = "mariadb", feature = "postgres", feature = "sqlite")))]
    None(NoDriver),
}

/// What a program without a driver never has.
#[cfg(not(any(feature = "mariadb", feature = "postgres", feature = "sqlite")))]
#[derive(Clone, Debug)]
pub(crate) enum NoDriver {}

#[cfg(not(any(feature = "mariadb", feature = "postgres", feature = "sqlite")))]
impl NoDriver {
    fn never<T>(&self) -> T {
        match *self {}
    }
}

/// The same call, whichever driver it is.
macro_rules! on {
    ($driver:expr, $each:ident => $call:expr) => {
        match $driver {
            #[cfg(feature = "mariadb")]
            Self::MariaDb($each) => $call,
            #[cfg(feature = "postgres")]
            Self::Postgres($each) => $call,
            #[cfg(feature = "sqlite")]
            Self::Sqlite($each) => $call,
            #[cfg(not(any(feature = "mariadb", feature = "postgres", feature = "sqlite")))]
            Self::None(never) => never.never(),
        }
    };
}

impl Driver {
    pub(crate) async fn open(url: DatabaseUrl, opening: Opening, pool: &PoolSettings) -> Result<Self> {
        match url {
            #[cfg(feature = "mariadb")]
            DatabaseUrl::MariaDb(address) => Ok(Self::MariaDb(
                mariadb::MariaDbDriver::open(&address, opening, pool).await?,
            )),
            #[cfg(not(feature = "mariadb"))]
            DatabaseUrl::MariaDb(_) => Err(DatabaseError::NoDriver("MariaDB")),
            #[cfg(feature = "postgres")]
            DatabaseUrl::Postgres(address) => Ok(Self::Postgres(
                postgres::PostgresDriver::open(&address, opening, pool).await?,
            )),
            #[cfg(not(feature = "postgres"))]
            DatabaseUrl::Postgres(_) => Err(DatabaseError::NoDriver("PostgreSQL")),
            #[cfg(feature = "sqlite")]
            DatabaseUrl::Sqlite(place) => Ok(Self::Sqlite(sqlite::SqliteDriver::open(place, opening).await?)),
            #[cfg(not(feature = "sqlite"))]
            DatabaseUrl::Sqlite(_) => Err(DatabaseError::NoDriver("SQLite")),
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            #[cfg(feature = "mariadb")]
            Self::MariaDb(_) => Dialect::MariaDb,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Dialect::Postgres,
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => Dialect::Sqlite,
            #[cfg(not(any(feature = "mariadb", feature = "postgres", feature = "sqlite")))]
            Self::None(never) => never.never(),
        }
    }

    pub(crate) fn location(&self) -> &Location {
        on!(self, driver => driver.location())
    }

    pub(crate) async fn fetch_all(&self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        on!(self, driver => driver.fetch_all(sql, values).await)
    }

    pub(crate) async fn execute(&self, sql: &Sql, values: Vec<Value>) -> Result<u64> {
        on!(self, driver => driver.execute(sql, values).await)
    }

    pub(crate) async fn transaction(&self) -> Result<Open> {
        match self {
            #[cfg(feature = "mariadb")]
            Self::MariaDb(driver) => Ok(Open::MariaDb(driver.transaction().await?)),
            #[cfg(feature = "postgres")]
            Self::Postgres(driver) => Ok(Open::Postgres(driver.transaction().await?)),
            #[cfg(feature = "sqlite")]
            Self::Sqlite(driver) => Ok(Open::Sqlite(driver.transaction().await?)),
            #[cfg(not(any(feature = "mariadb", feature = "postgres", feature = "sqlite")))]
            Self::None(never) => never.never(),
        }
    }

    pub(crate) async fn reader(&self) -> Result<DriverReader> {
        match self {
            #[cfg(feature = "mariadb")]
            Self::MariaDb(driver) => Ok(DriverReader::MariaDb(driver.reader().await?)),
            #[cfg(feature = "postgres")]
            Self::Postgres(driver) => Ok(DriverReader::Postgres(driver.reader().await?)),
            #[cfg(feature = "sqlite")]
            Self::Sqlite(driver) => Ok(DriverReader::Sqlite(driver.reader().await?)),
            #[cfg(not(any(feature = "mariadb", feature = "postgres", feature = "sqlite")))]
            Self::None(never) => never.never(),
        }
    }

    /// Whether another file has come in the place of the one that is open; from then on that one is used.
    pub(crate) async fn follow_file(&self) -> Result<bool> {
        match self {
            #[cfg(feature = "mariadb")]
            Self::MariaDb(_) => Ok(false),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(false),
            #[cfg(feature = "sqlite")]
            Self::Sqlite(driver) => driver.follow_file().await,
            #[cfg(not(any(feature = "mariadb", feature = "postgres", feature = "sqlite")))]
            Self::None(never) => never.never(),
        }
    }

    /// How many connections are in use.
    pub(crate) fn pools(&self) -> [PoolStatus; 2] {
        on!(self, driver => driver.pools())
    }

    pub(crate) async fn close(&self) {
        let () = on!(self, driver => driver.close().await);
    }
}

impl DriverReader {
    pub(crate) async fn fetch_all(&mut self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        on!(self, reader => reader.fetch_all(sql, values).await)
    }
}

impl Open {
    pub(crate) async fn fetch_all(&mut self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        on!(self, transaction => transaction.fetch_all(sql, values).await)
    }

    pub(crate) async fn execute(&mut self, sql: &Sql, values: Vec<Value>) -> Result<u64> {
        on!(self, transaction => transaction.execute(sql, values).await)
    }

    /// Waits for a lock for each of these numbers, which come in order, and holds them until the transaction ends.
    pub(crate) async fn hold(&mut self, numbers: Vec<Value>) -> Result<()> {
        on!(self, transaction => transaction.hold(numbers).await)
    }

    pub(crate) async fn commit(self) -> Result<()> {
        on!(self, transaction => transaction.commit().await)
    }

    pub(crate) async fn rollback(self) -> Result<()> {
        on!(self, transaction => transaction.rollback().await)
    }
}
