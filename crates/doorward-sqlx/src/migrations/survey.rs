//! [`Survey`]: what a database holds already.

use std::collections::{BTreeMap, BTreeSet};

use doorward_django::timestamp::Timestamp;

use super::app::App;
use super::{AppStatus, own};
use crate::database::{Database, Result, Row, Transaction};

/// The tables and the recorded migrations.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) tables: BTreeSet<String>,
    /// In the order of applying: app, name, when.
    pub(super) django: Vec<Recorded>,
    /// Doorward's own.
    pub(super) own: Vec<Recorded>,
}

#[derive(Clone, Debug)]
pub(super) struct Recorded {
    pub(super) app: String,
    pub(super) name: String,
    applied: Timestamp,
}

const TABLES: &str = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')";
const DJANGO: &str = "SELECT app, name, applied FROM django_migrations ORDER BY id";
const OWN: &str = "SELECT 'doorward', name, applied FROM doorward_migration ORDER BY id";

impl Survey {
    pub(super) async fn of_database(database: &Database) -> Result<Self> {
        let mut survey = Self::of_tables(&database.fetch_all(TABLES, []).await?)?;
        if survey.has("django_migrations") {
            survey.django = recorded(&database.fetch_all(DJANGO, []).await?)?;
        }
        if survey.has(own::TABLE) {
            survey.own = recorded(&database.fetch_all(OWN, []).await?)?;
        }
        Ok(survey)
    }

    pub(super) async fn of_transaction(transaction: &mut Transaction) -> Result<Self> {
        let mut survey = Self::of_tables(&transaction.fetch_all(TABLES, []).await?)?;
        if survey.has("django_migrations") {
            survey.django = recorded(&transaction.fetch_all(DJANGO, []).await?)?;
        }
        if survey.has(own::TABLE) {
            survey.own = recorded(&transaction.fetch_all(OWN, []).await?)?;
        }
        Ok(survey)
    }

    fn of_tables(rows: &[Row]) -> Result<Self> {
        Ok(Self {
            tables: rows.iter().map(|row| row.read(0)).collect::<Result<_>>()?,
            ..Self::default()
        })
    }

    pub(super) fn has(&self, table: &str) -> bool {
        self.tables.contains(table)
    }

    /// The names that are recorded for an app.
    pub(super) fn applied(&self, app: &str) -> BTreeSet<&str> {
        let of_app = self.django.iter().filter(|row| row.app == app);
        of_app.map(|row| row.name.as_str()).collect()
    }

    /// What is recorded, and what is known beyond that, by app.
    pub(super) fn statuses(&self, apps: &[App]) -> Vec<AppStatus> {
        let mut statuses: BTreeMap<String, BTreeMap<String, Option<Timestamp>>> = BTreeMap::new();
        for app in apps {
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

fn recorded(rows: &[Row]) -> Result<Vec<Recorded>> {
    let read = |row: &Row| {
        Ok(Recorded {
            app: row.read(0)?,
            name: row.read(1)?,
            applied: row.read(2)?,
        })
    };
    rows.iter().map(read).collect()
}
