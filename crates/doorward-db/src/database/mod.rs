//! [`Database`]: runs SQL over a few connections.
//!
//! It is what the stores stand on, and an application may use it for its own tables. SQL is text that is known at
//! compile time, or was rendered once ([`Sql::rendered`]); values go in at `?` marks and never into the text. PostgreSQL
//! works out the type of a value from where its mark stands first: write `name = ?1 OR ?1 IS NULL`, not the other way round.
//!
//! ```
//! # tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
//! use doorward_db::Database;
//!
//! let database = Database::open("sqlite::memory:").await?;
//! database.execute("CREATE TABLE shop_product (id integer PRIMARY KEY, name text NOT NULL, price real)", []).await?;
//!
//! let mut transaction = database.transaction().await?;
//! let made = transaction
//!     .fetch_optional(
//!         "INSERT INTO shop_product (name, price) VALUES (?, ?) RETURNING id",
//!         ["Anvil".into(), 12.5.into()],
//!     )
//!     .await?;
//! transaction.commit().await?;
//! assert_eq!(made.map(|row| row.read::<i64>("id")).transpose()?, Some(1));
//!
//! for row in database.fetch_all("SELECT name, price FROM shop_product WHERE price > ?", [10.into()]).await? {
//!     assert_eq!(row.read::<String>("name")?, "Anvil");
//!     assert_eq!(row.read::<Option<f64>>("price")?, Some(12.5));
//! }
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! # }).expect("it works");
//! ```

mod counts;
mod exclusive;
mod source;

use std::sync::Arc;

pub use counts::Statements;

pub use crate::sql::{
    Column, DatabaseError, FromValue, LocalTime, Location, Opening, PoolSettings, PoolStatus, Result, Row,
    Sql, StoredTime, Trouble, Value, again,
};

pub use crate::dialect::Dialect;
use crate::drivers::{Driver, DriverReader, Open};
use counts::Counts;
pub(crate) use source::Source;

/// A database that is open; cheap to clone, all clones share its connections.
#[derive(Clone, Debug)]
pub struct Database {
    driver: Driver,
    counts: Arc<Counts>,
}

impl Database {
    /// Opens the database at `url`: `sqlite://folder/file.sqlite3`, `sqlite:///absolute/file`, or
    /// `sqlite::memory:` for one that lives as long as this handle; or `postgres://user:password@host:port/database`,
    /// with libpq's parameters (`sslmode`, `sslrootcert`, `options`, …) after a `?`; or
    /// `mysql://user:password@host:port/database` (`mariadb://` too), with `ssl-mode`, `ssl-ca`, `ssl-cert`, `ssl-key` and
    /// `socket`.
    ///
    /// A database of a server has to be there already. A file that does not exist is made, with mode 0600 and a write-ahead log; an empty one counts as new too. One
    /// that exists keeps its journal mode, and is never overwritten, whatever is in it.
    ///
    /// # Errors
    /// When the address is none, or what it names is no database; see [`DatabaseError`].
    pub async fn open(url: &str) -> Result<Self> {
        Self::open_for(url, Opening::OrMake).await
    }

    /// As [`open`](Self::open), for no more than that.
    ///
    /// # Errors
    /// As [`open`](Self::open); [`DatabaseError::Missing`] where there is none and none was to be made.
    pub async fn open_for(url: &str, opening: Opening) -> Result<Self> {
        Self::open_with(url, opening, &PoolSettings::default()).await
    }

    /// As [`open_for`](Self::open_for), with other limits than a server's connections have at first.
    ///
    /// # Errors
    /// As [`open_for`](Self::open_for).
    pub async fn open_with(url: &str, opening: Opening, pool: &PoolSettings) -> Result<Self> {
        Ok(Self {
            driver: Driver::open(url.parse()?, opening, pool).await?,
            counts: Arc::default(),
        })
    }

    /// The SQL that it speaks.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.driver.dialect()
    }

    /// Where it is: a file, or a database of a server.
    #[must_use]
    pub fn location(&self) -> &Location {
        self.driver.location()
    }

    /// Every row that a `SELECT` gives. Statements that write are refused here ([`DatabaseError::NotReading`]): they go through
    /// [`execute`](Self::execute) or a [`Transaction`]. On PostgreSQL they are known by their words; a function that
    /// writes is not. Where its connection was cut, the statement is run again on another one.
    ///
    /// # Errors
    /// When the database is away or refuses the statement.
    pub async fn fetch_all(
        &self,
        sql: impl Into<Sql> + Send,
        values: impl Into<Vec<Value>> + Send,
    ) -> Result<Vec<Row>> {
        self.counts.one();
        self.driver.fetch_all(&sql.into(), values.into()).await
    }

    /// The first row that a `SELECT` gives.
    ///
    /// # Errors
    /// As [`fetch_all`](Self::fetch_all).
    pub async fn fetch_optional(
        &self,
        sql: impl Into<Sql> + Send,
        values: impl Into<Vec<Value>> + Send,
    ) -> Result<Option<Row>> {
        Ok(self.fetch_all(sql, values).await?.into_iter().next())
    }

    /// The first row that a `SELECT` gives, where there is always one: `SELECT count(*) …`.
    ///
    /// # Errors
    /// As [`fetch_all`](Self::fetch_all); [`DatabaseError::NoRow`] where there is none.
    pub async fn fetch_one(
        &self,
        sql: impl Into<Sql> + Send,
        values: impl Into<Vec<Value>> + Send,
    ) -> Result<Row> {
        let row = self.fetch_optional(sql, values).await?;
        row.ok_or(DatabaseError::NoRow)
    }

    /// Runs a statement that writes, as a transaction of its own; tells how many rows it touched.
    ///
    /// Where the future is dropped, it is done or not done: on SQLite one that was started runs to its end.
    ///
    /// # Errors
    /// When the database is away or refuses the statement.
    pub async fn execute(
        &self,
        sql: impl Into<Sql> + Send,
        values: impl Into<Vec<Value>> + Send,
    ) -> Result<u64> {
        self.counts.one();
        self.driver.execute(&sql.into(), values.into()).await
    }

    /// Begins a transaction that may write. On SQLite there is one at a time: others wait, for 5 seconds at most. On
    /// PostgreSQL and MariaDB it is `READ COMMITTED`, and waits for each lock as long as that; once a statement failed,
    /// nothing of it can be committed. On MariaDB a statement that makes or changes a table commits what came before it,
    /// and a new transaction begins behind it, which holds the same [keys](Transaction::exclusive).
    ///
    /// # Errors
    /// When the database is away or busy for too long.
    pub async fn transaction(&self) -> Result<Transaction> {
        Ok(Transaction {
            open: self.driver.transaction().await?,
            counts: Arc::clone(&self.counts),
        })
    }

    /// A connection that is used for nothing else.
    pub(crate) async fn reader(&self) -> Result<Reader> {
        Ok(Reader {
            driver: self.driver.reader().await?,
            counts: Arc::clone(&self.counts),
        })
    }

    /// How many statements it was sent by this process since it was opened.
    #[must_use]
    pub fn statements(&self) -> Statements {
        self.counts.statements()
    }

    /// How many of its connections are in use, pool by pool.
    #[must_use]
    pub fn pools(&self) -> [PoolStatus; 2] {
        self.driver.pools()
    }

    /// Whether another file has come in the place of the one that is open, as when a copy is restored. From then on that
    /// one is used.
    pub(crate) async fn follow_file(&self) -> Result<bool> {
        self.driver.follow_file().await
    }

    /// Closes every connection that is not in use.
    pub async fn close(&self) {
        self.driver.close().await;
    }
}

/// A connection that only reads and has nothing to do with the others. After a failure it is of no use any more.
#[derive(Debug)]
pub(crate) struct Reader {
    driver: DriverReader,
    counts: Arc<Counts>,
}

impl Reader {
    pub(crate) async fn fetch_all(
        &mut self,
        sql: impl Into<Sql> + Send,
        values: impl Into<Vec<Value>> + Send,
    ) -> Result<Vec<Row>> {
        self.counts.one_poll();
        self.driver.fetch_all(&sql.into(), values.into()).await
    }
}

/// A transaction that may write. Dropped without [`commit`](Self::commit), it is rolled back.
#[derive(Debug)]
#[must_use = "a transaction that is dropped is rolled back"]
pub struct Transaction {
    open: Open,
    counts: Arc<Counts>,
}

impl Transaction {
    /// Waits until no other transaction holds one of these keys, then holds them all until this one ends: what is read
    /// from here on is what the last of them left, and nobody changes it meanwhile who asks for the same key.
    ///
    /// To be called once, ahead of everything else. On SQLite there is nothing to do: only one transaction writes at a
    /// time.
    ///
    /// # Errors
    /// When the database is away, or others hold a key for too long.
    pub async fn exclusive(&mut self, keys: &[&str]) -> Result<()> {
        self.open.hold(exclusive::numbers(keys)).await
    }

    /// Every row that a statement gives: a `SELECT`, or one that ends in `RETURNING`.
    ///
    /// # Errors
    /// When the database is away or refuses the statement.
    pub async fn fetch_all(
        &mut self,
        sql: impl Into<Sql> + Send,
        values: impl Into<Vec<Value>> + Send,
    ) -> Result<Vec<Row>> {
        self.counts.one();
        self.open.fetch_all(&sql.into(), values.into()).await
    }

    /// The first row that a statement gives.
    ///
    /// # Errors
    /// As [`fetch_all`](Self::fetch_all).
    pub async fn fetch_optional(
        &mut self,
        sql: impl Into<Sql> + Send,
        values: impl Into<Vec<Value>> + Send,
    ) -> Result<Option<Row>> {
        Ok(self.fetch_all(sql, values).await?.into_iter().next())
    }

    /// The first row that a statement gives, where there is always one: `SELECT count(*) …`, `INSERT … RETURNING id`.
    ///
    /// # Errors
    /// As [`fetch_all`](Self::fetch_all); [`DatabaseError::NoRow`] where there is none.
    pub async fn fetch_one(
        &mut self,
        sql: impl Into<Sql> + Send,
        values: impl Into<Vec<Value>> + Send,
    ) -> Result<Row> {
        let row = self.fetch_optional(sql, values).await?;
        row.ok_or(DatabaseError::NoRow)
    }

    /// Runs a statement; tells how many rows it touched.
    ///
    /// # Errors
    /// When the database is away or refuses the statement.
    pub async fn execute(
        &mut self,
        sql: impl Into<Sql> + Send,
        values: impl Into<Vec<Value>> + Send,
    ) -> Result<u64> {
        self.counts.one();
        self.open.execute(&sql.into(), values.into()).await
    }

    /// Makes what was written durable and visible.
    ///
    /// # Errors
    /// When nothing was written: the database is away, or a row that was referred to is gone.
    pub async fn commit(self) -> Result<()> {
        self.open.commit().await
    }

    /// Takes back what was written.
    ///
    /// # Errors
    /// When the database is away; nothing stays written then either.
    pub async fn rollback(self) -> Result<()> {
        self.open.rollback().await
    }
}
