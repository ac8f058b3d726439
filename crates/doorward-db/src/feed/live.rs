//! [`Feed`]: reads what changed.

use super::changes::{Changes, Polled};
use super::objects::{Objects, Position};
use super::problem::FeedProblem;
use crate::database::{Database, DatabaseError, Reader, Result, Source};
use crate::schema::{IdType, UserSchema};

/// Reads what changed in a database, on a connection of its own. What it answers was true after the question was asked, whoever
/// committed.
#[derive(Debug)]
pub struct Feed {
    database: Database,
    user: UserSchema,
    /// Where it is, as long as nothing is in doubt.
    live: Option<Live>,
}

#[derive(Debug)]
struct Live {
    reader: Reader,
    position: Position,
}

impl Feed {
    /// For the tables of that database. Nothing is read before the first [`poll`](Self::poll).
    #[must_use]
    pub fn new(database: &Database, user: &UserSchema) -> Self {
        Self {
            database: database.clone(),
            user: user.clone(),
            live: None,
        }
    }

    /// What has changed since the poll before: every change that was committed before this one began, one statement where
    /// nothing was. [`Changes::Everything`] the first time, and whenever something was in doubt: another connection, another
    /// server, another file, triggers that were touched.
    ///
    /// # Errors
    /// Why it cannot be told. What was read before must not be relied on then.
    pub async fn poll(&mut self) -> Result<Changes, FeedProblem> {
        if self.database.follow_file().await? {
            self.live = None;
        }
        // Taken out: where this is dropped half-way, the next one begins anew.
        let Some(mut live) = self.live.take() else {
            return self.begin().await;
        };
        match live.position.poll(&mut live.reader).await {
            // A table that is gone, for one: then it says what is missing.
            Ok(Polled::Suspect) | Err(DatabaseError::Statement(_)) => self.begin().await,
            Err(error) => Err(error.into()),
            Ok(Polled::Rows(rows)) => {
                let changes = Changes::read(&rows, self.id())?;
                self.live = Some(live);
                Ok(changes)
            }
        }
    }

    /// Begins anew at the next poll: for who was away for so long that changes may have been deleted that it has not read.
    pub fn forget(&mut self) {
        self.live = None;
    }

    async fn begin(&mut self) -> Result<Changes, FeedProblem> {
        let mut reader = self.database.reader().await?;
        let (dialect, source) = (self.database.dialect(), &mut Source::Reader(&mut reader));
        let objects = Objects::read(source, dialect, &self.user).await?;
        let position = objects.begin(&mut reader).await?;
        self.live = Some(Live { reader, position });
        Ok(Changes::Everything)
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    fn id(&self) -> IdType {
        self.user.id
    }
}
