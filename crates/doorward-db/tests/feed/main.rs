//! The change feed on real databases: every way in which somebody is revoked is in a poll after the commit.
//!
//! On SQLite always; on PostgreSQL where `POSTGRES_FOR_TESTS` names a server, as `tests/postgres` has it.
#![cfg(all(feature = "postgres", feature = "sqlite"))]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

mod catalogue;
mod polling;
mod postgres;
mod roads;
mod site;
mod sqlite;
