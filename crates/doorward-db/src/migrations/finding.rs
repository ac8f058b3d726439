//! [`Finding`]: how one app stands in a database.

use std::collections::BTreeSet;

use super::app::{App, Kind, Migration, Wanted};
use super::plan::Origin;
use super::problem::Problem;
use super::survey::Survey;
use crate::schema::Names;

/// How one app stands.
pub(super) enum Finding {
    /// There is nothing to do.
    Done,
    /// These are to be applied.
    Apply(Vec<Migration>),
    /// Nothing can be done.
    Wrong(Vec<Problem>),
}

impl Finding {
    pub(super) fn new(app: &App, survey: &Survey, origin: Origin, names: &Names) -> Self {
        let applied = survey.applied(app.label);
        let Kind::Django {
            since,
            tables,
            wanted,
        } = app.kind
        else {
            return Self::apply(missing(app, &applied));
        };
        if survey.is_begun(app.label) {
            return Self::apply(missing(app, &applied));
        }
        let tables: Vec<_> = tables.iter().map(|table| actual(table, names)).collect();
        if !applied.is_empty() {
            return Self::of_migrated(app, &applied, since);
        }
        if wanted == Wanted::WhenNew && origin == Origin::Django {
            return Self::Done;
        }
        match unrecorded(app, &tables, survey, names) {
            problems if problems.is_empty() => Self::apply(missing(app, &applied)),
            problems => Self::Wrong(problems),
        }
    }

    fn apply(missing: Vec<Migration>) -> Self {
        if missing.is_empty() {
            return Self::Done;
        }
        Self::Apply(missing)
    }

    /// An app that Django migrated: as far as we need it, without holes.
    fn of_migrated(app: &App, applied: &BTreeSet<&str>, since: &str) -> Self {
        let missing = holes(app, applied, since);
        if missing.is_empty() {
            return Self::Done;
        }
        Self::Wrong(vec![Problem::Partial {
            app: app.label.to_owned(),
            missing,
        }])
    }
}

fn missing(app: &App, applied: &BTreeSet<&str>) -> Vec<Migration> {
    let migrations = app.migrations.iter().copied();
    migrations
        .filter(|migration| !applied.contains(migration.name))
        .collect()
}

/// What is missing up to `since`, and before anything that is applied.
fn holes(app: &App, applied: &BTreeSet<&str>, since: &str) -> Vec<String> {
    let last = app
        .migrations
        .iter()
        .rposition(|migration| migration.name == since || applied.contains(migration.name));
    let needed = app.migrations.iter().take(last.map_or(0, |last| last + 1));
    needed
        .filter(|migration| !applied.contains(migration.name))
        .map(|migration| migration.name.to_owned())
        .collect()
}

/// What stands in the way of making an app's tables.
fn unrecorded(app: &App, tables: &[&str], survey: &Survey, names: &Names) -> Vec<Problem> {
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
    problems
}

/// The table that stands in for one of `auth_user`'s where the project has a user table of its own.
fn actual<'a>(table: &'a str, names: &'a Names) -> &'a str {
    let schema = &names.user.schema;
    match (table, &schema.links) {
        ("auth_user", _) => &schema.table,
        ("auth_user_groups", Some(links)) => &links.groups_table,
        ("auth_user_user_permissions", Some(links)) => &links.permissions_table,
        (other, _) => other,
    }
}
