//! The servers of databases that the tests have beside SQLite.

use super::{mariadb, postgres};
use crate::report::Report;

/// How much is run on a server.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// What touches the database in ways of its own.
    Slice,
    /// All that runs on SQLite.
    Whole,
}

impl Extent {
    /// For the table: which of `things` ran.
    pub(crate) fn note(self, things: &str) -> String {
        match self {
            Self::Slice => format!("a slice of the {things}; all: cargo xtask extra"),
            Self::Whole => format!("all {things}"),
        }
    }
}

/// A server that runs.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    /// What people call it.
    pub(crate) name: &'static str,
    /// The variable that tells its address to Rust's own tests.
    pub(crate) variable: &'static str,
    /// Its address without a database, of a user who may make some.
    pub(crate) url: String,
}

/// One of each kind, or why there is none; they run until this is dropped.
pub(crate) struct Servers {
    postgres: Result<postgres::Server, String>,
    mariadb: Result<mariadb::Server, String>,
}

impl Servers {
    pub(crate) fn start() -> Self {
        Self {
            postgres: postgres::Server::start(),
            mariadb: mariadb::Server::start(),
        }
    }

    /// Those that run.
    pub(crate) fn running(&self) -> Vec<Server> {
        let postgres = self.postgres.as_ref().map(|server| Server {
            name: "PostgreSQL",
            variable: "POSTGRES_FOR_TESTS",
            url: server.url(),
        });
        let mariadb = self.mariadb.as_ref().map(|server| Server {
            name: "MariaDB",
            variable: "MARIADB_FOR_TESTS",
            url: server.url(),
        });
        postgres.into_iter().chain(mariadb).collect()
    }

    /// Tells the table which there were.
    pub(crate) fn tell(&self, report: &mut Report) {
        postgres::tell(report, &self.postgres);
        mariadb::tell(report, &self.mariadb);
    }
}
