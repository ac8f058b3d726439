//! [`StartLine`]: what a server says when it begins.

use std::fmt;
use std::io::{self, Write};
use std::net::SocketAddr;

use doorward_core::Door;

use super::Server;
use crate::{Error, Result};

/// Where a server listens, on which database it stands, and how many routes it has: told once, when it begins.
///
/// Its text is a line for people:
/// `Serving 14 routes at http://127.0.0.1:8000, on the database /srv/site/doorward.sqlite3`.
#[derive(Clone, Debug)]
pub struct StartLine {
    address: SocketAddr,
    scheme: &'static str,
    database: Option<String>,
    kind: Option<&'static str>,
    routes: Option<usize>,
}

impl StartLine {
    /// Of a server that will serve so many routes of that door, where it knows how many.
    ///
    /// # Errors
    /// What the operating system says when it is asked for the address.
    pub fn new(door: &Door, server: &Server, routes: Option<usize>) -> Result<Self> {
        Ok(Self {
            address: server.local_addr().map_err(|source| Error::Bind {
                address: door.settings().server.bind.clone(),
                source,
            })?,
            scheme: server.scheme().as_str(),
            database: database(door),
            kind: kind(door),
            routes,
        })
    }

    /// Scheme, host and port: `http://127.0.0.1:8000`.
    #[must_use]
    pub fn base(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Logs it, the database by its kind only: nothing of an address reaches a log. A program that logs nothing at all says it on standard error: who starts it has to see something.
    pub fn tell(&self) {
        tracing::info!(
            address = %self.address,
            scheme = self.scheme,
            database = self.kind,
            routes = self.routes,
            "listening"
        );
        if !tracing::dispatcher::has_been_set() {
            let how = "nothing else is logged until the program calls `doorward::logging::init()`";
            let _ = writeln!(io::stderr(), "{self}; {how}");
        }
    }
}

impl fmt::Display for StartLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.routes {
            Some(1) => f.write_str("Serving 1 route at ")?,
            Some(routes) => write!(f, "Serving {routes} routes at ")?,
            None => f.write_str("Serving at ")?,
        }
        f.write_str(&self.base())?;
        match &self.database {
            Some(database) => write!(f, ", on the database {database}"),
            None => Ok(()),
        }
    }
}

/// The name of the door's database, without who logs in there.
#[cfg(feature = "database")]
fn database(door: &Door) -> Option<String> {
    let name = door.database().ok()?.location().name();
    Some(name.unwrap_or_else(|| "in memory".to_owned()))
}

#[cfg(not(feature = "database"))]
fn database(_: &Door) -> Option<String> {
    None
}

/// `SQLite`, `PostgreSQL`, `MariaDB`
fn kind(door: &Door) -> Option<&'static str> {
    Some(door.database().ok()?.dialect().name())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(database: Option<&str>, routes: Option<usize>) -> String {
        let line = StartLine {
            address: SocketAddr::from(([127, 0, 0, 1], 8000)),
            scheme: "http",
            database: database.map(str::to_owned),
            kind: None,
            routes,
        };
        line.to_string()
    }

    #[test]
    fn it_tells_what_there_is() {
        assert_eq!(
            line(Some("shop on db:5432"), Some(14)),
            "Serving 14 routes at http://127.0.0.1:8000, on the database shop on db:5432"
        );
        assert_eq!(line(None, Some(1)), "Serving 1 route at http://127.0.0.1:8000");
        assert_eq!(line(None, None), "Serving at http://127.0.0.1:8000");
    }
}
