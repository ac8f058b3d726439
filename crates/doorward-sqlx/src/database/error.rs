//! [`DatabaseError`].

use std::path::PathBuf;

use doorward_core::stores::{Outage, StoreError};

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
    /// A kind of database that is still to come.
    #[error("{0} is not supported yet; use sqlite://")]
    NotSupported(&'static str),
    /// What the address names cannot be used; it was left as it is.
    #[error("{}: {problem}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// It is busy, away, full or broken: trying again later may help.
    #[error("the database is busy or away")]
    Unavailable(#[source] Cause),
    /// There is a row with the same key.
    #[error("a row with the same key exists")]
    Unique(#[source] Cause),
    /// A row that was referred to is gone, or a row is still referred to.
    #[error("a row that is referred to is not there")]
    ForeignKey(#[source] Cause),
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

impl DatabaseError {
    pub(crate) fn unusable(path: impl Into<PathBuf>, problem: impl Into<String>) -> Self {
        Self::Unusable {
            path: path.into(),
            problem: problem.into(),
        }
    }

    pub(crate) fn unavailable(cause: impl Into<Cause>) -> Self {
        Self::Unavailable(cause.into())
    }

    fn outage(&self) -> Outage {
        match self {
            // A row vanished between a look-up and a write: asked again, the look-up will say so.
            Self::Unavailable(_) | Self::ForeignKey(_) => Outage::Passing,
            _ => Outage::Lasting,
        }
    }
}

impl From<DatabaseError> for StoreError {
    fn from(error: DatabaseError) -> Self {
        let message = match error.outage() {
            Outage::Passing => "The database is busy or away.",
            Outage::Lasting => "The database could not answer.",
        };
        Self::new(message, error.outage(), error)
    }
}
