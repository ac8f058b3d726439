//! The change feed on real databases: every way in which somebody is revoked is in a poll after the commit.
//!
//! On SQLite always; on PostgreSQL where `POSTGRES_FOR_TESTS` names a server, on MariaDB where `MARIADB_FOR_TESTS` does, as
//! `tests/postgres` and `tests/mariadb` have it.
#![cfg(all(feature = "mariadb", feature = "postgres", feature = "sqlite"))]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

mod catalogue;
mod mariadb;
mod mariadb_order;
mod mariadb_server;
#[path = "../mariadb/own_server.rs"]
mod own_server;
mod polling;
mod postgres;
#[path = "../mariadb/process.rs"]
mod process;
mod roads;
mod site;
mod sqlite;
