//! The change feed: who was revoked, seen at once, whoever committed it.
//!
//! Triggers on the tables that matter to who is let in write a row into `doorward_change` whenever something there changes; a
//! [`Feed`] reads them. What it answers to a question was true on the primary after the question was asked. It rests on the
//! database alone, on no clock and no message: a row holds the key of a user or a digest, never a secret.
//!
//! ```
//! # tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
//! use doorward_db::feed::{self, Changes, Feed, Key};
//! use doorward_db::{Database, Schema, migrations::Migrator};
//! use doorward_django::timestamp::Timestamp;
//!
//! let (database, schema) = (Database::open("sqlite::memory:").await?, Schema::default());
//! Migrator::new(&database, &schema).apply(Timestamp::from_secs(0)).await?;
//! feed::install(&database, &schema.user).await?;
//!
//! let mut feed = Feed::new(&database, &schema.user);
//! assert_eq!(feed.poll().await?, Changes::Everything);
//! assert_eq!(feed.poll().await?, Changes::Keys(vec![]));
//! database.execute("INSERT INTO doorward_revocation VALUES (7, '2026-01-01 00:00:00')", []).await?;
//! assert_eq!(feed.poll().await?, Changes::Keys(vec![Key::user("7")]));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! # }).expect("it works");
//! ```

mod changes;
mod install;
mod key;
mod live;
mod mariadb;
mod objects;
mod pace;
mod poller;
mod postgres;
mod problem;
mod purge;
mod sqlite;
mod watched;

pub use changes::Changes;
pub(crate) use install::install_in;
pub use install::{Status, install, install_sql, status, uninstall};
pub use key::Key;
pub use live::Feed;
pub(crate) use mariadb::lets_make_triggers as mariadb_lets_make_triggers;
pub use poller::{Listener, run};
pub use problem::{FeedProblem, Sensor, SensorFlaw};
pub(crate) use watched::{OWN_WATCHED, TABLE};
