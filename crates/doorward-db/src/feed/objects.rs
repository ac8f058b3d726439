//! [`Objects`]: what watches the tables of a database, of whichever kind it is.

use super::changes::Polled;
use super::problem::{FeedProblem, Sensor};
use super::{mariadb, postgres, sqlite, watched};
use crate::database::{Reader, Result, Source};
use crate::dialect::Dialect;
use crate::schema::UserSchema;

/// The triggers of a feed, as they would be made now.
#[derive(Clone, Debug)]
pub(super) enum Objects {
    MariaDb(Vec<mariadb::Trigger>),
    Sqlite(Vec<sqlite::Trigger>),
    Postgres(postgres::Objects),
}

/// How far a feed was read.
#[derive(Clone, Debug)]
pub(super) enum Position {
    MariaDb(mariadb::Position),
    Sqlite(sqlite::Position),
    Postgres(postgres::Position),
}

impl Objects {
    /// What the tables of that database need.
    pub(super) async fn read(
        source: &mut Source<'_>,
        dialect: Dialect,
        user: &UserSchema,
    ) -> Result<Self, FeedProblem> {
        let tables = watched::tables(user);
        Ok(match dialect {
            Dialect::MariaDb => Self::MariaDb(mariadb::read(source, &tables).await?),
            Dialect::Sqlite => Self::Sqlite(sqlite::read(source, &tables).await?),
            Dialect::Postgres => Self::Postgres(postgres::read(source, &tables).await?),
        })
    }

    /// The statements that install it, if this user may run them.
    pub(super) async fn install(&self, source: &mut Source<'_>) -> Result<Vec<String>, FeedProblem> {
        match self {
            Self::MariaDb(triggers) => mariadb::install(source, triggers).await,
            Self::Sqlite(triggers) => sqlite::install(source, triggers).await,
            Self::Postgres(objects) => postgres::install(objects),
        }
    }

    /// The same for somebody who may; who reads the feed gets the right to.
    pub(super) async fn print(&self, source: &mut Source<'_>) -> Result<Vec<String>, FeedProblem> {
        match self {
            Self::MariaDb(triggers) => mariadb::install(source, triggers).await,
            Self::Sqlite(triggers) => sqlite::install(source, triggers).await,
            Self::Postgres(objects) => postgres::print(source, objects).await,
        }
    }

    /// What is wrong with what is there.
    pub(super) async fn flaws(&self, source: &mut Source<'_>) -> Result<Vec<Sensor>, FeedProblem> {
        match self {
            Self::MariaDb(triggers) => mariadb::flaws(source, triggers).await,
            Self::Sqlite(triggers) => sqlite::flaws(source, triggers).await,
            Self::Postgres(objects) => postgres::flaws(source, objects).await,
        }
    }

    /// Where to begin to read.
    pub(super) async fn begin(&self, reader: &mut Reader) -> Result<Position, FeedProblem> {
        Ok(match self {
            Self::MariaDb(triggers) => Position::MariaDb(mariadb::begin(reader, triggers).await?),
            Self::Sqlite(triggers) => Position::Sqlite(sqlite::begin(reader, triggers).await?),
            Self::Postgres(objects) => Position::Postgres(postgres::begin(reader, objects).await?),
        })
    }
}

impl Position {
    /// Reads on.
    pub(super) async fn poll(&mut self, reader: &mut Reader) -> Result<Polled> {
        match self {
            Self::MariaDb(position) => mariadb::poll(reader, position).await,
            Self::Sqlite(position) => sqlite::poll(reader, position).await,
            Self::Postgres(position) => postgres::poll(reader, position).await,
        }
    }
}

/// The statements that take a feed away, whoever installed it.
pub(super) async fn uninstall(source: &mut Source<'_>, dialect: Dialect) -> Result<Vec<String>, FeedProblem> {
    match dialect {
        Dialect::MariaDb => mariadb::uninstall(source).await,
        Dialect::Sqlite => sqlite::uninstall(source).await,
        Dialect::Postgres => postgres::uninstall(source).await,
    }
}
