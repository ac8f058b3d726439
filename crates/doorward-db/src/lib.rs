//! SQL over a few connections, and Django's migrations.
//!
//! A [`Database`] runs SQL; a [`Migrator`](migrations::Migrator) makes tables as Django's migrations make them, and
//! those of an application. What differs between kinds of database stands in a driver (`drivers/`, a folder each,
//! behind a feature each) or in the [`Dialect`].
//!
//! ```
//! # tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
//! use doorward_db::{Database, Schema, migrations::Migrator};
//! use doorward_django::timestamp::Timestamp;
//!
//! let database = Database::open("sqlite::memory:").await?;
//! Migrator::new(&database, &Schema::default()).apply(Timestamp::from_secs(0)).await?;
//! assert!(database.fetch_all("SELECT username FROM auth_user", []).await?.is_empty());
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! # }).expect("it works");
//! ```
#![cfg_attr(
    not(all(feature = "mariadb", feature = "postgres", feature = "sqlite")),
    expect(dead_code, reason = "what only drivers call that are left out")
)]

pub mod database;
mod dialect;
mod drivers;
pub mod feed;
pub mod migrations;
pub mod schema;
mod sql;

pub use database::{Database, DatabaseError, Opening, PoolSettings, Row, Sql, Transaction, Trouble, Value};
pub use dialect::Dialect;
pub use schema::{IdType, Schema, UserSchema};
