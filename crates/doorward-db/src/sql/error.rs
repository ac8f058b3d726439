//! [`DatabaseError`].

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Trouble;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// The address names no kind of database.
    #[error("a database URL begins with sqlite://, postgres:// or mysql://")]
    UnknownScheme,
    /// The address names no file.
    #[error("this database URL names no file; sqlite://doorward.sqlite3 would")]
    NoFile,
    /// The address of a file has options.
    #[error("a sqlite:// URL takes no options; write it without what follows the `?`")]
    Options,
    /// The address of a server cannot be read. It may hold a password and is not repeated.
    #[error(
        "this is no address of a server; postgres://user:password@host:5432/database or \
             mysql://user:password@host:3306/database would be, with %40 for an @, %2F for a / and %3F for a ? in the \
             password"
    )]
    Address,
    /// The address of a server has a parameter that nobody knows.
    #[error("this database URL has a parameter that is not known; known: {0}")]
    Parameter(String),
    /// The address of a server asks for what cannot be; the text says for what, and how it can.
    #[error("this database URL cannot be used: {0}")]
    Unfit(&'static str),
    /// A server that lacks what statements of ours need.
    #[error("this server is {0}; MariaDB 10.6, MySQL 8.0 and later ones are served")]
    Outdated(String),
    /// This program was built without the driver for that kind.
    #[error("this program was built without the driver for {0}")]
    NoDriver(&'static str),
    /// What the address names cannot be used; it was left as it is.
    #[error("{}: {problem}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// There is no database yet, and it was not to be made.
    #[error("there is no database at {}", .0.display())]
    Missing(PathBuf),
    /// It cannot do its work now; trying again later may help.
    #[error("{place}{trouble}")]
    Unavailable {
        /// Why.
        trouble: Trouble,
        /// Where it is.
        place: Location,
        /// What it said.
        #[source]
        source: Cause,
    },
    /// There is a row with the same key.
    #[error("a row with the same key exists")]
    Unique(#[source] Cause),
    /// A row that was referred to is gone, or a row is still referred to.
    #[error("a row that is referred to is not there")]
    ForeignKey(#[source] Cause),
    /// What a statement is to make is there already, or what it is to drop is gone. Only MariaDB tells it from a fault.
    #[error("what a statement of a migration makes is there already")]
    Exists(#[source] Cause),
    /// A text has characters that this database, or a column of it, cannot hold. A statement that reads finds nothing instead.
    #[error("the database cannot hold a character of a text")]
    Unstorable(#[source] Cause),
    /// A statement that writes was given to what only reads, [`fetch_all`](crate::Database::fetch_all) and
    /// [`fetch_optional`](crate::Database::fetch_optional): a fault of who wrote it.
    #[error(
        "`fetch_all` and `fetch_optional` of a `Database` take statements that only read, and this one does not: run it \
             by `execute`, or in a `transaction()` where it gives rows (`INSERT … RETURNING`)"
    )]
    NotReading,
    /// A statement gave no row where one was wanted ([`fetch_one`](crate::Database::fetch_one)).
    #[error("the statement gave no row, and `fetch_one` was to give one")]
    NoRow,
    /// A fault in a statement, or a table that is not there.
    #[error("the database refused a statement")]
    Statement(#[source] Cause),
    /// A column holds something else than was asked for, or there is no such column.
    #[error("column {column} holds no {expected}")]
    Column {
        /// Its name or number.
        column: String,
        /// The type that was asked for.
        expected: &'static str,
    },
}

/// Where a database is, as an error names it; nothing for one in memory.
#[derive(Clone, Debug, Default)]
pub struct Location(Option<Named>);

#[derive(Clone, Debug)]
enum Named {
    File(Arc<Path>),
    Server(Arc<str>, Server),
}

/// What kind of server it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Server {
    Postgres,
    MariaDb,
}

impl Location {
    /// A file's path, or a server's database; `None` for one in memory. Who logs in is not told.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        match &self.0 {
            Some(Named::File(path)) => Some(path.display().to_string()),
            Some(Named::Server(name, _)) => Some(name.to_string()),
            None => None,
        }
    }

    pub(crate) fn file(path: impl Into<Arc<Path>>) -> Self {
        Self(Some(Named::File(path.into())))
    }

    /// A database of a server, without who logs in.
    pub(crate) fn server(name: &str, kind: Server) -> Self {
        Self(Some(Named::Server(name.into(), kind)))
    }

    fn advice(&self, trouble: Trouble) -> &'static str {
        match &self.0 {
            Some(Named::Server(_, Server::Postgres)) => trouble.advice_on_postgres(),
            Some(Named::Server(_, Server::MariaDb)) => trouble.advice_on_mariadb(),
            _ => trouble.advice(),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name}: "),
            None => Ok(()),
        }
    }
}

impl DatabaseError {
    /// Why it cannot do its work now, where that is the case.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        match self {
            Self::Unavailable { trouble, .. } => Some(*trouble),
            _ => None,
        }
    }

    /// What to do about it, for people, where its message does not say so itself.
    #[must_use]
    pub fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Missing(_) => Some("run `doorward migrate` to make it, or correct `database.url`"),
            Self::Unavailable { trouble, place, .. } => Some(place.advice(*trouble)),
            _ => None,
        }
    }

    pub(crate) fn unusable(path: impl Into<PathBuf>, problem: impl Into<String>) -> Self {
        Self::Unusable {
            path: path.into(),
            problem: problem.into(),
        }
    }

    pub(crate) fn unavailable(trouble: Trouble, cause: impl Into<Cause>) -> Self {
        Self::Unavailable {
            trouble,
            place: Location::default(),
            source: cause.into(),
        }
    }

    /// The same, with the name of the file or the server.
    pub(crate) fn at(mut self, location: &Location) -> Self {
        if let Self::Unavailable { place, .. } = &mut self {
            place.clone_from(location);
        }
        self
    }
}
