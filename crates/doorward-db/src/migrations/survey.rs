//! [`Survey`]: what a database holds already.

use std::collections::{BTreeMap, BTreeSet};

use doorward_django::timestamp::Timestamp;

use super::app::{App, Kind};
use super::catalog::Catalog;
use super::journal::{self, Begun};
use super::shape::{Shape, Shapes};
use super::{AppStatus, blueprint, own};
use crate::database::{Result, Row, Source};
use crate::dialect::Dialect;
use crate::schema::{Names, Times};

/// The tables and the recorded migrations.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) dialect: Dialect,
    pub(super) tables: BTreeSet<String>,
    /// In the order of applying: app, name, when.
    pub(super) django: Vec<Recorded>,
    /// Doorward's own.
    pub(super) own: Vec<Recorded>,
    /// What a run that was interrupted had begun.
    pub(super) begun: Vec<Begun>,
    /// The tables that these records promise, as they should be.
    pub(super) expected: Shapes,
    /// Those of them that are there, as they are.
    pub(super) found: Shapes,
    /// The table that holds the users, where it is not the one that the settings name.
    pub(super) other_users: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Recorded {
    pub(super) app: String,
    pub(super) name: String,
    applied: Timestamp,
}

const DJANGO: &str = "SELECT app, name, applied FROM django_migrations ORDER BY id";
const OWN: &str = "SELECT 'doorward', name, applied FROM doorward_migration ORDER BY id";

impl Survey {
    /// The tables, and what is recorded.
    pub(super) async fn of_records(source: &mut Source<'_>, dialect: Dialect, times: &Times) -> Result<Self> {
        let tables = source.fetch_all(Catalog::of(dialect).tables, Vec::new()).await?;
        let mut survey = Self {
            tables: tables.iter().map(|row| row.read(0)).collect::<Result<_>>()?,
            dialect,
            django: Vec::new(),
            own: Vec::new(),
            begun: Vec::new(),
            expected: Shapes::new(),
            found: Shapes::new(),
            other_users: None,
        };
        if survey.has("django_migrations") {
            survey.django = recorded(source.fetch_all(DJANGO, Vec::new()).await?, times)?;
        }
        if survey.has(own::TABLE) {
            survey.own = recorded(source.fetch_all(OWN, Vec::new()).await?, &Times::default())?;
        }
        if survey.has(journal::TABLE) {
            let begun = source.fetch_all(journal::BEGUN, Vec::new()).await?;
            survey.begun = begun.iter().map(Begun::read).collect::<Result<_>>()?;
        }
        Ok(survey)
    }

    /// The same, and how the tables that are recorded look.
    pub(super) async fn new(mut source: Source<'_>, apps: &[App], names: &Names) -> Result<Self> {
        let mut survey = Self::of_records(&mut source, names.dialect, &names.times).await?;
        survey.expected = blueprint::draw(&survey, apps, names);
        survey.found = Shape::read(&mut source, names.dialect, survey.expected.keys()).await?;
        let users = &names.user.schema.table;
        if survey.expected.contains_key(users) && !survey.has(users) {
            let row = source
                .fetch_all(Catalog::of(names.dialect).users, Vec::new())
                .await?
                .into_iter()
                .next();
            let table: Option<String> = row.map(|row| row.read(0)).transpose()?;
            survey.other_users = table.filter(|table| table != users);
        }
        Ok(survey)
    }

    pub(super) fn has(&self, table: &str) -> bool {
        self.tables.contains(table)
    }

    /// The names that are recorded for an app.
    pub(super) fn applied(&self, app: &str) -> BTreeSet<&str> {
        let of_app = self.django.iter().filter(|row| row.app == app);
        of_app.map(|row| row.name.as_str()).collect()
    }

    /// Whether a run that was interrupted had begun with an app.
    pub(super) fn is_begun(&self, app: &str) -> bool {
        self.begun.iter().any(|begun| begun.app == app)
    }

    /// Whether a migration of ours is recorded.
    pub(super) fn has_own(&self, name: &str) -> bool {
        self.own.iter().any(|row| row.name == name)
    }

    /// Our own tables that are recorded and not there, as they should be.
    pub(super) fn dropped_own(&self) -> impl Iterator<Item = (&String, &Shape)> {
        let ours = self.expected.iter().filter(|(table, _)| own::is_ours(table));
        ours.filter(|(table, _)| !self.has(table))
    }

    /// What is recorded, and what is known beyond that, by app.
    pub(super) fn statuses(&self, apps: &[App]) -> Vec<AppStatus> {
        let mut statuses: BTreeMap<String, BTreeMap<String, Option<Timestamp>>> = BTreeMap::new();
        // Until ours are recorded it is not known what the first of them is called.
        let is_told = |app: &&App| app.kind != Kind::Doorward || !self.own.is_empty();
        for app in apps.iter().filter(is_told) {
            let known = statuses.entry(app.label.to_owned()).or_default();
            known.extend(app.migrations.iter().map(|step| (step.name.to_owned(), None)));
        }
        for row in self.django.iter().chain(&self.own) {
            let of_app = statuses.entry(row.app.clone()).or_default();
            of_app.insert(row.name.clone(), Some(row.applied));
        }
        let status = |(label, migrations): (_, BTreeMap<_, _>)| AppStatus {
            label,
            migrations: migrations.into_iter().collect(),
        };
        statuses.into_iter().map(status).collect()
    }
}

fn recorded(rows: Vec<Row>, times: &Times) -> Result<Vec<Recorded>> {
    let read = |mut row: Row| {
        Ok(Recorded {
            app: row.take(0)?,
            name: row.take(1)?,
            applied: times.take(&mut row, 2)?,
        })
    };
    rows.into_iter().map(read).collect()
}
