//! [`Plan`]: what is to be done, worked out from what is there.

use std::fmt;

use super::app::{App, Migration, Model};
use super::apps::FRESH_ORDER;
use super::error::Problem;
use super::finding::Finding;
use super::survey::Survey;
use super::{MigrateError, Result, own};
use crate::schema::Names;

/// Who made a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody yet: it holds no migrations.
    New,
    /// Doorward.
    Doorward,
    /// Django: its tables are left as they are.
    Django,
}

/// What [`Migrator::apply`](super::Migrator::apply) does, or did.
#[derive(Clone, Debug)]
pub struct Plan {
    origin: Origin,
    steps: Vec<Step>,
    pub(super) models: Vec<(&'static str, Model)>,
    pub(super) records_table: RecordsTable,
}

/// Whether `django_migrations` is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordsTable {
    There,
    ToMake,
}

/// One migration to be applied; its `Display` is `app.name`.
#[derive(Clone, Debug)]
pub struct Step {
    app: &'static str,
    name: &'static str,
    pub(super) sqlite: &'static [&'static str],
}

impl Step {
    /// The app's label; `doorward` for our own tables.
    #[must_use]
    pub fn app(&self) -> &'static str {
        self.app
    }

    /// The migration's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.app, self.name)
    }
}

impl Plan {
    /// Who made the database.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The migrations, in the order of applying.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The labels of the apps that get a table, each once, in order: on an adopted database, what the project lacks.
    #[must_use]
    pub fn apps(&self) -> Vec<&'static str> {
        let mut labels = Vec::new();
        for label in self.steps.iter().map(Step::app) {
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        labels
    }

    pub(super) fn new(survey: &Survey, apps: &[App], names: &Names) -> Result<Self> {
        let mut problems = newer(survey);
        let mut plan = Self {
            origin: origin(survey),
            steps: Vec::new(),
            models: Vec::new(),
            records_table: match survey.has("django_migrations") {
                true => RecordsTable::There,
                false => RecordsTable::ToMake,
            },
        };
        plan.own(survey);
        for app in apps {
            match Finding::new(app, survey, plan.origin, names) {
                Finding::Done => {}
                Finding::Apply(migrations) => plan.add(app, migrations),
                Finding::Wrong(found) => problems.extend(found),
            }
        }
        if !problems.is_empty() {
            return Err(MigrateError::Refused(problems));
        }
        plan.sort();
        Ok(plan)
    }

    fn own(&mut self, survey: &Survey) {
        if survey.own.is_empty() {
            self.steps.push(Step {
                app: "doorward",
                name: own::first(self.origin),
                sqlite: if survey.has(own::TABLE) { &[] } else { own::SQLITE },
            });
        }
        let is_applied = |name: &str| survey.own.iter().any(|row| row.name == name);
        for (name, sqlite) in own::LATER.iter().filter(|(name, _)| !is_applied(name)) {
            self.steps.push(Step {
                app: "doorward",
                name,
                sqlite,
            });
        }
    }

    fn add(&mut self, app: &App, migrations: Vec<Migration>) {
        self.steps.extend(migrations.into_iter().map(|migration| Step {
            app: app.label,
            name: migration.name,
            sqlite: migration.sqlite,
        }));
        self.models
            .extend(app.models.iter().map(|model| (app.label, *model)));
    }

    /// Django's migrations in the order in which Django applies them, ours and the application's after.
    fn sort(&mut self) {
        let place = |step: &Step| {
            let known = FRESH_ORDER
                .iter()
                .position(|known| *known == (step.app, step.name));
            known.unwrap_or(FRESH_ORDER.len() + usize::from(step.app != "doorward"))
        };
        self.steps.sort_by_key(place);
    }
}

fn origin(survey: &Survey) -> Origin {
    match survey.own.first() {
        Some(first) => own::origin(&first.name).unwrap_or(Origin::Django),
        None if survey.django.is_empty() => Origin::New,
        None => Origin::Django,
    }
}

fn newer(survey: &Survey) -> Vec<Problem> {
    let unknown = survey.own.iter().filter(|row| !own::is_known(&row.name));
    unknown.map(|row| Problem::Newer(row.name.clone())).collect()
}
