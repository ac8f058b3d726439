//! [`FeedProblem`]: why the feed tells nothing now.

use std::fmt;

use crate::database::DatabaseError;

/// Why the feed tells nothing now. Until it does again, nothing that was read before may be relied on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FeedProblem {
    /// Nobody installed it.
    #[error("the change feed is not installed")]
    NotInstalled,
    /// Something that watches a table is not as it was installed.
    #[error("the change feed does not see every change: {}", list(.0))]
    Blind(Vec<Sensor>),
    /// What answers is a standby: what it says may be old.
    #[error("this server is a standby, and may not know yet what has changed")]
    Standby,
    /// A table cannot be watched.
    #[error("{table} cannot be watched: {reason}")]
    Unwatchable {
        /// The table.
        table: String,
        /// Why.
        reason: &'static str,
    },
    /// Others write beside this server, whose changes come late and out of order; the text says how that shows.
    #[error("the change feed cannot follow a server beside which others take writes: {0}")]
    SeveralWriters(&'static str),
    /// The user of the database may not install it.
    #[error("this user of the database may not install the change feed: {}", .0.join("; "))]
    Rights(Vec<String>),
    /// The database is away, or refuses a statement.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl FeedProblem {
    /// What to do about it, for people.
    #[must_use]
    pub fn advice(&self) -> Option<&'static str> {
        match self {
            Self::NotInstalled => {
                Some("`doorward feed install` installs it, on a database that Django made too")
            }
            Self::Standby => Some("name the primary in `database.url`"),
            Self::Blind(sensors) if sensors.iter().any(|sensor| sensor.flaw == SensorFlaw::Hidden) => Some(
                "give that user of the database the right TRIGGER on its tables, or read the feed as who installed it",
            ),
            Self::Blind(_) => {
                Some("run `doorward feed install` again, as after each migration that remakes a table")
            }
            Self::Unwatchable { .. } | Self::SeveralWriters(_) => {
                Some("go on without the feed: the cache keeps its bound all the same")
            }
            Self::Rights(_) => {
                Some("let the owner of the tables run what `doorward feed install --print-sql` prints")
            }
            Self::Database(error) => error.advice(),
        }
    }
}

/// What is wrong with something that watches a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sensor {
    /// The table.
    pub table: String,
    /// The name of the trigger.
    pub name: String,
    /// What is wrong with it.
    pub flaw: SensorFlaw,
}

/// In which way a trigger does not see changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SensorFlaw {
    /// It is not there.
    Missing,
    /// It is switched off.
    Disabled,
    /// This user of the database may not see it, and so not know whether it is there.
    Hidden,
    /// It is another one than would be installed now.
    Different,
}

impl fmt::Display for Sensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flaw = match self.flaw {
            SensorFlaw::Missing => "is missing",
            SensorFlaw::Disabled => "is disabled",
            SensorFlaw::Hidden => "is not shown to this user, who lacks the right TRIGGER",
            SensorFlaw::Different => "is not the one that would be installed now",
        };
        write!(f, "trigger {} on {} {flaw}", self.name, self.table)
    }
}

fn list(sensors: &[Sensor]) -> String {
    let told: Vec<_> = sensors.iter().map(ToString::to_string).collect();
    told.join("; ")
}
