//! [`MigrateError`].

use std::fmt;

use crate::database::DatabaseError;

/// Why nothing was migrated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// The database cannot be read or written.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The database is in a state that no known migration leaves; it was left as it is.
    #[error("the database is in a state that Doorward does not know; nothing was changed:{}", list(.0))]
    Refused(Vec<Problem>),
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Some migrations of an app are recorded, but not these, which come before or are needed.
    Partial {
        /// The app's label.
        app: String,
        /// The migrations that are missing.
        missing: Vec<String>,
    },
    /// The app's migrations are recorded, but a table is not there.
    NoTable {
        /// The app's label.
        app: String,
        /// The table.
        table: String,
    },
    /// A table is there, but no migration of its app is recorded.
    Unrecorded {
        /// The app's label.
        app: String,
        /// The table.
        table: String,
    },
    /// A newer Doorward made these steps.
    Newer(String),
    /// There are no tables yet, and the settings name a user table of one's own: Django has to make it.
    OwnUserTable(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Partial { app, missing } => {
                let missing = missing.join(", ");
                write!(
                    f,
                    "{app} is migrated in part, these are missing: {missing}; run Django's migrate"
                )
            }
            Self::NoTable { app, table } => {
                write!(f, "{app} is recorded as migrated, but there is no table {table}")
            }
            Self::Unrecorded { app, table } => {
                write!(
                    f,
                    "there is a table {table}, but no migration of {app} is recorded"
                )
            }
            Self::Newer(name) => write!(f, "doorward.{name} was applied by a newer Doorward"),
            Self::OwnUserTable(table) => {
                write!(
                    f,
                    "the user table {table} is made by Django's migrate; run it first"
                )
            }
        }
    }
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("\n- {problem}")).collect()
}
