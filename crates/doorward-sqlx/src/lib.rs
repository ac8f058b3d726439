//! Django's tables as stores.
//!
//! A [`Database`] runs SQL; [`open_stores`] puts the stores of [`doorward_core::stores`] over it, on the tables
//! that a [`Schema`] names; a [`Migrator`](migrations::Migrator) makes those tables as Django's migrations make
//! them. SQL is rendered once, when the stores are opened, and runs as prepared statements.
//!
//! ```
//! # tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
//! use doorward_core::stores::UserField;
//! use doorward_django::timestamp::Timestamp;
//! use doorward_sqlx::{Database, Schema, migrations::Migrator, open_stores};
//!
//! let database = Database::open("sqlite::memory:").await?;
//! let schema = Schema::default();
//! Migrator::new(&database, &schema).apply(Timestamp::from_secs(0)).await?;
//! let stores = open_stores(&database, &schema);
//! assert!(stores.users.is_empty().await?);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! # }).expect("it works");
//! ```
//!
//! To add a store: a file with its SQL, rendered by a `Statements::new(&Names)` of its own; the trait's methods over
//! [`Value`] and [`Row`]; a field in [`open_stores`]; a room in `tests/contract`, which runs on every database.

mod auth_tokens;
mod batch;
pub mod local_times;
mod names;
pub mod nodes;
mod outstanding_tokens;
mod own_tables;
mod permissions;
mod revocations;
pub mod samples;
mod sessions;
mod users;

use std::sync::Arc;

use doorward_core::stores::Stores;

pub use doorward_db::{
    Database, DatabaseError, Dialect, IdType, Opening, Row, Schema, Sql, Transaction, Trouble, UserSchema,
    Value, database, feed, migrations, schema,
};

use auth_tokens::SqlAuthTokenStore;
use names::Names;
use outstanding_tokens::SqlOutstandingTokenStore;
use own_tables::OwnTables;
use permissions::SqlPermissionStore;
use revocations::SqlRevocationStore;
use sessions::SqlSessionStore;
use users::SqlUserStore;

/// The stores of one database, on the tables that `schema` names.
#[must_use]
pub fn open_stores(database: &Database, schema: &Schema) -> Stores {
    let names = Names::new(database.dialect(), schema);
    let own = OwnTables::new(database);
    Stores {
        users: Arc::new(SqlUserStore::new(database, &names)),
        permissions: Arc::new(SqlPermissionStore::new(database, &names)),
        sessions: Arc::new(SqlSessionStore::new(database, &names)),
        auth_tokens: Arc::new(SqlAuthTokenStore::new(database, &names)),
        outstanding_tokens: Arc::new(SqlOutstandingTokenStore::new(database, &names, &own)),
        revocations: Arc::new(SqlRevocationStore::new(database, &names, &own)),
    }
}
