//! [`Plan`]: what is to be done, worked out from what is there.

use std::fmt;

use super::app::{App, Kind, Migration, Model, Wanted};
use super::apps::FRESH_ORDER;
use super::error::Problem;
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

    /// The labels of the apps that get a table, in order: on an adopted database, what the project lacks.
    #[must_use]
    pub fn apps(&self) -> Vec<&'static str> {
        let mut labels: Vec<_> = self.steps.iter().map(Step::app).collect();
        labels.dedup();
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
    let unknown = survey.own.iter().filter(|row| own::origin(&row.name).is_none());
    unknown.map(|row| Problem::Newer(row.name.clone())).collect()
}

/// How one app stands.
enum Finding {
    Done,
    Apply(Vec<Migration>),
    Wrong(Vec<Problem>),
}

impl Finding {
    fn new(app: &App, survey: &Survey, origin: Origin, names: &Names) -> Self {
        let applied = survey.applied(app.label);
        let missing: Vec<_> = app
            .migrations
            .iter()
            .copied()
            .filter(|migration| !applied.contains(migration.name))
            .collect();
        let Kind::Django {
            since,
            tables,
            wanted,
        } = app.kind
        else {
            return Self::of_own(missing);
        };
        let tables = tables
            .iter()
            .map(|table| actual(table, names))
            .collect::<Vec<_>>();
        if !applied.is_empty() {
            return Self::of_migrated(app, since, &missing, &tables, survey);
        }
        if wanted == Wanted::WhenNew && origin == Origin::Django {
            return Self::Done;
        }
        Self::of_lacking(app, missing, &tables, survey, names)
    }

    fn of_own(missing: Vec<Migration>) -> Self {
        if missing.is_empty() {
            return Self::Done;
        }
        Self::Apply(missing)
    }

    /// An app that Django migrated: as far as we need it, without holes, and with its tables.
    fn of_migrated(app: &App, since: &str, missing: &[Migration], tables: &[&str], survey: &Survey) -> Self {
        let last_applied = app
            .migrations
            .iter()
            .rposition(|migration| missing.iter().all(|other| other.name != migration.name));
        let needed = app
            .migrations
            .iter()
            .position(|migration| migration.name == since);
        let known = app
            .migrations
            .iter()
            .take(last_applied.max(needed).map_or(0, |last| last + 1));
        let holes: Vec<_> = known
            .filter(|migration| missing.iter().any(|other| other.name == migration.name))
            .map(|migration| migration.name.to_owned())
            .collect();
        if !holes.is_empty() {
            return Self::Wrong(vec![Problem::Partial {
                app: app.label.to_owned(),
                missing: holes,
            }]);
        }
        let absent = tables.iter().filter(|table| !survey.has(table));
        let problems: Vec<_> = absent
            .map(|table| Problem::NoTable {
                app: app.label.to_owned(),
                table: (*table).to_owned(),
            })
            .collect();
        if problems.is_empty() {
            return Self::Done;
        }
        Self::Wrong(problems)
    }

    fn of_lacking(
        app: &App,
        missing: Vec<Migration>,
        tables: &[&str],
        survey: &Survey,
        names: &Names,
    ) -> Self {
        let there = tables.iter().filter(|table| survey.has(table));
        let mut problems: Vec<_> = there
            .map(|table| Problem::Unrecorded {
                app: app.label.to_owned(),
                table: (*table).to_owned(),
            })
            .collect();
        let user = &names.user.schema.table;
        if app.label == "auth" && user != "auth_user" && !survey.has(user) {
            problems.push(Problem::OwnUserTable(user.clone()));
        }
        if problems.is_empty() {
            return Self::Apply(missing);
        }
        Self::Wrong(problems)
    }
}

/// The table that stands in for one of `auth_user`'s where the project has a user table of its own.
fn actual<'a>(table: &'a str, names: &'a Names) -> &'a str {
    let schema = &names.user.schema;
    match table {
        "auth_user" => &schema.table,
        "auth_user_groups" => &schema.groups_table,
        "auth_user_user_permissions" => &schema.permissions_table,
        other => other,
    }
}
