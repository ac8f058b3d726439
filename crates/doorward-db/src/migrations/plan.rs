//! [`Plan`]: what is to be done, worked out from what is there.

use std::borrow::Cow;
use std::fmt;

use super::app::{App, Kind, Migration, Model};
use super::apps::FRESH_ORDER;
use super::finding::Finding;
use super::journal::Begun;
use super::problem::Problem;
use super::survey::Survey;
use super::{MigrateError, Result, own};
use crate::dialect::Dialect;
use crate::feed;
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
    pub(super) feed: FeedWork,
    /// What a run that was interrupted has done.
    pub(super) begun: Vec<Begun>,
}

/// Whether `django_migrations` is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordsTable {
    There,
    ToMake,
}

/// What becomes of the change feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FeedWork {
    Leave,
    /// It is installed, or its triggers are put on a table again that was dropped.
    Install,
}

/// One migration to be applied, or a table of ours that is made again; its `Display` is `app.name`.
#[derive(Clone, Debug)]
pub struct Step {
    app: &'static str,
    name: Cow<'static, str>,
    work: Work,
}

#[derive(Clone, Debug)]
enum Work {
    Migration(&'static [&'static str]),
    /// The table was dropped, and its migration is recorded.
    MadeAgain(Vec<String>),
    /// The change feed, over the tables as they are then.
    Feed,
}

impl Step {
    /// The app's label; `doorward` for our own tables.
    #[must_use]
    pub fn app(&self) -> &'static str {
        self.app
    }

    /// The migration's name, such as `0001_initial`; of a table that is made again, `mend_` and its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn statements(&self) -> impl Iterator<Item = &str> {
        let (known, kept): (&[&str], &[String]) = match &self.work {
            Work::Migration(statements) => (statements, &[]),
            Work::MadeAgain(statements) => (&[], statements),
            Work::Feed => (&[], &[]),
        };
        known.iter().copied().chain(kept.iter().map(String::as_str))
    }

    pub(super) fn is_recorded(&self) -> bool {
        matches!(self.work, Work::Migration(_) | Work::Feed)
    }

    pub(super) fn installs_feed(&self) -> bool {
        matches!(self.work, Work::Feed)
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
        let mut problems = problems_of(survey);
        problems.retain(Problem::stops);
        let mut plan = Self {
            origin: origin(survey),
            steps: Vec::new(),
            models: Vec::new(),
            records_table: match survey.has("django_migrations") {
                true => RecordsTable::There,
                false => RecordsTable::ToMake,
            },
            feed: FeedWork::Leave,
            begun: survey.begun.clone(),
        };
        plan.mend(survey);
        plan.own(survey, apps, names.dialect);
        plan.feed(survey);
        for app in apps.iter().filter(|app| app.kind == Kind::Doorward) {
            let missing = app.migrations.iter().filter(|step| !survey.has_own(step.name));
            let missing: Vec<_> = missing.copied().collect();
            problems.extend(not_for(app, &missing, names.dialect));
        }
        for app in apps.iter().filter(|app| app.kind != Kind::Doorward) {
            match Finding::new(app, survey, plan.origin, names) {
                // Its tables were made by the run that was interrupted.
                Finding::Done if survey.is_begun(app.label) => plan.add(app, Vec::new(), names.dialect),
                Finding::Done => {}
                Finding::Apply(migrations) => {
                    problems.extend(not_for(app, &migrations, names.dialect));
                    plan.add(app, migrations, names.dialect);
                }
                Finding::Wrong(found) => problems.extend(found),
            }
        }
        if !problems.is_empty() {
            return Err(MigrateError::Refused(problems));
        }
        plan.sort(names.dialect);
        Ok(plan)
    }

    /// Our own tables that were dropped are made again, as far as they are recorded.
    fn mend(&mut self, survey: &Survey) {
        for (table, shape) in survey.dropped_own() {
            if table == feed::OWN_WATCHED && survey.has(feed::TABLE) {
                self.feed = FeedWork::Install;
            }
            self.steps.push(Step {
                app: own::LABEL,
                name: format!("mend_{table}").into(),
                work: Work::MadeAgain(shape.sql.clone()),
            });
        }
    }

    fn own(&mut self, survey: &Survey, apps: &[App], dialect: Dialect) {
        if survey.own.is_empty() {
            // Where it may have been made in part, its statements pass over what is there.
            let is_there = survey.has(own::TABLE) && dialect.has_transactional_ddl();
            let first = own::first(self.origin);
            self.add_own(first, if is_there { &[] } else { own::FIRST.on(dialect) });
        }
        for migration in own::known(apps).filter(|migration| !survey.has_own(migration.name)) {
            self.add_own(migration.name, migration.statements.on(dialect));
        }
    }

    /// The change feed watches what is ours without being asked for; a database that Django made gets it from
    /// `doorward feed install` alone. It is installed once: who took it away wants it so.
    fn feed(&mut self, survey: &Survey) {
        if self.origin != Origin::Django && !survey.has_own(own::FEED) {
            self.feed = FeedWork::Install;
            self.steps.push(Step {
                app: own::LABEL,
                name: own::FEED.into(),
                work: Work::Feed,
            });
        }
    }

    fn add_own(&mut self, name: &'static str, statements: &'static [&'static str]) {
        self.steps.push(Step {
            app: own::LABEL,
            name: name.into(),
            work: Work::Migration(statements),
        });
    }

    fn add(&mut self, app: &App, migrations: Vec<Migration>, dialect: Dialect) {
        self.steps.extend(migrations.into_iter().map(|migration| Step {
            app: app.label,
            name: migration.name.into(),
            work: Work::Migration(migration.statements.on(dialect)),
        }));
        self.models
            .extend(app.models.iter().map(|model| (app.label, *model)));
    }

    /// Django's migrations in the order in which Django applies them, ours and the application's after. Our first, which
    /// remembers who made the database, goes ahead of all where a run may be interrupted.
    fn sort(&mut self, dialect: Dialect) {
        let place = |step: &Step| {
            let known = FRESH_ORDER
                .iter()
                .position(|known| *known == (step.app, step.name()));
            known.unwrap_or(FRESH_ORDER.len() + usize::from(step.app != own::LABEL))
        };
        self.steps.sort_by_key(place);
        if !dialect.has_transactional_ddl() {
            self.steps.sort_by_key(|step| !own::is_first(step));
        }
    }
}

fn origin(survey: &Survey) -> Origin {
    match survey.own.first() {
        Some(first) => own::origin(&first.name).unwrap_or(Origin::Django),
        None if survey.django.is_empty() => Origin::New,
        None => Origin::Django,
    }
}

/// Migrations that make something on other kinds of database only.
fn not_for(app: &App, migrations: &[Migration], dialect: Dialect) -> Vec<Problem> {
    let lacking = migrations
        .iter()
        .filter(|migration| migration.statements.lack(dialect));
    let problem = |migration: &Migration| Problem::NotFor {
        migration: format!("{}.{}", app.label, migration.name),
        database: dialect.name(),
    };
    lacking.map(problem).collect()
}

/// Our own migrations that a newer Doorward applied.
pub(super) fn newer<'a>(survey: &'a Survey, apps: &'a [App]) -> impl Iterator<Item = &'a str> {
    let names = survey.own.iter().map(|row| row.name.as_str());
    names.filter(|name| !own::is_known(name, apps))
}

/// What is wrong with the tables that are recorded. Ours that were dropped are no problem: they are made again.
pub(super) fn problems_of(survey: &Survey) -> Vec<Problem> {
    let tables = survey
        .expected
        .iter()
        .flat_map(|(table, expected)| match survey.found.get(table) {
            Some(found) => found.problems(table, expected, survey.dialect),
            None if own::is_ours(table) => Vec::new(),
            None => vec![Problem::NoTable(table.clone())],
        });
    match &survey.other_users {
        None => tables.collect(),
        Some(users) => vec![Problem::OtherUsers(users.clone())],
    }
}
