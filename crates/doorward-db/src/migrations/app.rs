//! [`App`]: migrations and models under one label.

use super::own;
use crate::dialect::Dialect;

/// An app in Django's sense: a label, migrations, and models that get content types and permissions.
#[derive(Clone, Debug)]
pub struct App {
    pub(super) label: &'static str,
    pub(super) migrations: Vec<Migration>,
    pub(super) models: Vec<Model>,
    pub(super) kind: Kind,
}

/// Who changes the app's tables, once they are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// We do: migrations that are missing are applied.
    Own,
    /// We do, and record them among our own: see [`Migration::own`].
    Doorward,
    /// Django does. An older one lacks the latest migrations, which is fine from `since` on: its tables have all
    /// the columns that we read.
    Django {
        since: &'static str,
        tables: &'static [&'static str],
        wanted: Wanted,
    },
}

/// Which databases get an app that they lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Always,
    /// Only those that we make.
    WhenNew,
}

impl App {
    /// An app without anything in it.
    #[must_use]
    pub fn new(label: &'static str) -> Self {
        Self {
            label,
            migrations: Vec::new(),
            models: Vec::new(),
            kind: Kind::Own,
        }
    }

    /// Whether it has neither migrations nor models.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.migrations.is_empty() && self.models.is_empty()
    }

    /// The migrations of Doorward's own.
    pub(super) fn doorward(migrations: Vec<Migration>) -> Self {
        Self {
            migrations,
            kind: Kind::Doorward,
            ..Self::new(own::LABEL)
        }
    }

    /// Its migrations of Doorward's own, which are recorded with others of that kind; the rest stays.
    pub(super) fn take_own(&mut self) -> Vec<Migration> {
        let own = self
            .migrations
            .extract_if(.., |migration| migration.recorded == Recorded::AmongOwn);
        own.collect()
    }

    /// With one more migration, to be applied after those before it.
    #[must_use]
    pub fn migration(mut self, migration: Migration) -> Self {
        self.migrations.push(migration);
        self
    }

    /// With one more model.
    #[must_use]
    pub fn model(mut self, model: Model) -> Self {
        self.models.push(model);
        self
    }

    pub(super) fn django(
        label: &'static str,
        migrations: &[&'static str],
        statements: Statements,
        kind: Kind,
    ) -> Self {
        let mut migrations: Vec<_> = migrations.iter().map(|name| Migration::new(name)).collect();
        // The tables in their last state: such an app is made whole or not at all.
        if let Some(first) = migrations.first_mut() {
            first.statements = statements;
        }
        Self {
            label,
            migrations,
            models: Vec::new(),
            kind,
        }
    }
}

/// A step in the life of an app's tables.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    pub(super) name: &'static str,
    pub(super) statements: Statements,
    pub(super) recorded: Recorded,
}

/// Where it is recorded that a migration was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recorded {
    /// In Django's table, under the app's label.
    ByLabel,
    /// In the table of our own migrations, which Django does not know.
    AmongOwn,
}

/// What makes the same on each kind of database.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Statements {
    pub(super) sqlite: &'static [&'static str],
    pub(super) postgres: &'static [&'static str],
    pub(super) mariadb: &'static [&'static str],
}

impl Statements {
    pub(super) fn on(self, dialect: Dialect) -> &'static [&'static str] {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres,
            Dialect::MariaDb => self.mariadb,
        }
    }

    /// Whether they make something, and nothing on that kind of database.
    pub(super) fn lack(self, dialect: Dialect) -> bool {
        let all = [self.sqlite, self.postgres, self.mariadb];
        all.iter().any(|statements| !statements.is_empty()) && self.on(dialect).is_empty()
    }
}

impl Migration {
    /// A migration that does nothing yet; `name` as in Django's file, `0001_initial`.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            statements: Statements::default(),
            recorded: Recorded::ByLabel,
        }
    }

    /// One of Doorward's own: it makes tables called `doorward_*`, and is recorded in `doorward_migration`, under the label
    /// `doorward`, so that Django knows nothing of it. Such migrations are applied in the order of their names, whichever
    /// apps bring them. They may meet tables of an earlier Doorward whose records are lost.
    #[must_use]
    pub fn own(mut self) -> Self {
        self.recorded = Recorded::AmongOwn;
        self
    }

    /// Its statements on SQLite.
    ///
    /// In them `{user}` stands for the user table, `{user_pk}` for its primary key and `{user_id}` for the type of a
    /// column that refers to it.
    #[must_use]
    pub fn sqlite(mut self, statements: &'static [&'static str]) -> Self {
        self.statements.sqlite = statements;
        self
    }

    /// The same for PostgreSQL. A migration that makes something on one kind of database and nothing on another is
    /// refused there.
    #[must_use]
    pub fn postgres(mut self, statements: &'static [&'static str]) -> Self {
        self.statements.postgres = statements;
        self
    }

    /// The same for MariaDB and MySQL, where each statement that changes a table is committed by itself: where a run is
    /// interrupted, the next one goes on with the statement at which it stopped. Names stand in backticks.
    #[must_use]
    pub fn mariadb(mut self, statements: &'static [&'static str]) -> Self {
        self.statements.mariadb = statements;
        self
    }
}

/// A model: it gets a content type and the permissions to add, change, delete and view it.
#[derive(Clone, Copy, Debug)]
pub struct Model {
    pub(super) name: &'static str,
    pub(super) verbose_name: &'static str,
}

impl Model {
    /// `name` in lower case without spaces (`model_name`), `verbose_name` as Django shows it.
    #[must_use]
    pub fn new(name: &'static str, verbose_name: &'static str) -> Self {
        Self { name, verbose_name }
    }
}
