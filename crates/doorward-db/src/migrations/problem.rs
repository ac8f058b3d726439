//! [`Problem`]: one thing that is not as it should be in a database.

use std::fmt;

use super::own;

/// One thing that is not as it should be. Its `Display` says what, [`advice`](Self::advice) what to do.
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
    /// Migrations that make this table are recorded, but it is not there.
    NoTable(String),
    /// A table is there, but no migration of its app is recorded.
    Unrecorded {
        /// The app's label.
        app: String,
        /// The table.
        table: String,
    },
    /// A table looks otherwise than its migrations make it.
    Misshapen {
        /// The table.
        table: String,
        /// In which way.
        flaw: Flaw,
    },
    /// A newer Doorward applied this migration. It only adds, so we go on beside it.
    Newer(String),
    /// There are no tables yet, and the settings name a user table of one's own: Django has to make it.
    OwnUserTable(String),
    /// A migration of an application has statements for other kinds of database only.
    NotFor {
        /// The app's label and the migration's name.
        migration: String,
        /// The kind of this database.
        database: &'static str,
    },
    /// The project keeps its users in another table (`AUTH_USER_MODEL`).
    OtherUsers(String),
}

/// In which way a table keeps us from working on it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// It lacks a column that we use.
    NoColumn {
        /// The column that is not there.
        column: String,
        /// The type that it should have.
        expected: String,
        /// The key of the settings that names it, if one does.
        setting: Option<&'static str>,
        /// The columns that the table has.
        found: Vec<String>,
    },
    /// A column's type would change what is written there.
    WrongType {
        /// The column.
        column: String,
        /// The type that it should have.
        expected: String,
        /// The type that it has.
        found: String,
    },
    /// Nothing keeps two rows from having the same values in these columns.
    NotUnique(Vec<String>),
    /// Every row has to name a value for this column, which we do not know.
    Demanded(String),
    /// As [`Demanded`](Self::Demanded), in the table of users: those who are there are served, and no one can be added.
    DemandedOfUsers(String),
}

impl Problem {
    /// Whether nothing can be served before it is mended. A column of one's own in `auth_user` stops new accounts only; what a
    /// newer Doorward added stops nothing, for we could not be rolled back otherwise.
    #[must_use]
    pub fn stops(&self) -> bool {
        !matches!(
            self,
            Self::Newer(_)
                | Self::Misshapen {
                    flaw: Flaw::DemandedOfUsers(_),
                    ..
                }
        )
    }

    /// What to do about it, for people.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Partial { .. } => "run Django's `manage.py migrate`".to_owned(),
            Self::NoTable(table) if own::is_ours(table) => {
                "run `doorward migrate`, which makes it again".to_owned()
            }
            Self::NoTable(_) => {
                "restore it from a copy, or take its rows out of django_migrations and migrate again"
                    .to_owned()
            }
            Self::Unrecorded { app, .. } => {
                format!("where Django made it, run Django's `manage.py migrate {app} --fake`; else rename it")
            }
            Self::Misshapen { table, flaw } => flaw.advice(table),
            Self::Newer(_) => "nothing, while versions are exchanged; else run that Doorward".to_owned(),
            Self::NotFor { .. } => "give it the statements for this kind of database".to_owned(),
            Self::OwnUserTable(_) => "run Django's `manage.py migrate` first".to_owned(),
            Self::OtherUsers(_) => {
                "name it in the settings: `[user] table`, and what differs in it from auth_user".to_owned()
            }
        }
    }
}

impl Flaw {
    fn advice(&self, table: &str) -> String {
        match self {
            Self::NoColumn { column, .. } if own::is_ours(table) => {
                format!("give it its column {column} again; or rename the table and run `doorward migrate`")
            }
            Self::NoColumn {
                setting: Some(key), ..
            } => format!("write in the settings what it is called there: `{key}`"),
            Self::NoColumn { column, .. } => {
                format!("rename the column back to {column}: renamed tables and columns are not read yet")
            }
            Self::WrongType { expected, .. } => format!("change the column's type to {expected}"),
            Self::NotUnique(columns) => {
                let columns = columns.join(", ");
                format!(
                    "take out the rows that are there twice, then CREATE UNIQUE INDEX … ON {table} ({columns})"
                )
            }
            Self::Demanded(column) => format!("give {column} a default in the database, or let it be NULL"),
            Self::DemandedOfUsers(column) => {
                format!(
                    "write in `[user.new]` what {column} is for new users, or give it a default in the database"
                )
            }
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Partial { app, missing } => {
                let missing = missing.join(", ");
                write!(f, "{app} is migrated in part, these are missing: {missing}")
            }
            Self::NoTable(table) => write!(f, "there is no table {table}, though it is recorded as made"),
            Self::Unrecorded { app, table } => {
                write!(
                    f,
                    "there is a table {table}, but no migration of {app} is recorded"
                )
            }
            Self::Misshapen { table, flaw } => write!(f, "table {table} {flaw}"),
            Self::Newer(name) => write!(f, "doorward.{name} was applied by a newer Doorward"),
            Self::NotFor { migration, database } => write!(f, "{migration} has no statements for {database}"),
            Self::OwnUserTable(table) => write!(f, "the user table {table} is made by Django's migrate"),
            Self::OtherUsers(table) => write!(f, "this project keeps its users in the table {table}"),
        }
    }
}

/// What follows `table …`.
impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoColumn {
                column,
                expected,
                found,
                ..
            } => {
                let of_type = match expected.is_empty() {
                    true => String::new(),
                    false => format!(" ({expected})"),
                };
                write!(f, "has no column {column}{of_type}; it has {}", found.join(", "))
            }
            Self::WrongType {
                column,
                expected,
                found,
            } => {
                write!(f, "has {column} as {found}; expected: {expected}")
            }
            Self::NotUnique(columns) => {
                write!(
                    f,
                    "may hold the same {} twice; expected: unique",
                    columns.join(", ")
                )
            }
            Self::Demanded(column) | Self::DemandedOfUsers(column) => {
                write!(
                    f,
                    "demands a value for its column {column}, which Doorward never writes"
                )
            }
        }
    }
}
