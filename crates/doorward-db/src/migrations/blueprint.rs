//! How the tables look that a database's recorded migrations promise: read from the statements of those migrations.

use super::app::{App, Kind, Wanted};
use super::apply;
use super::definition::Definition;
use super::own;
use super::shape::{Shape, Shapes};
use super::survey::Survey;
use crate::dialect::Dialect;
use crate::schema::{Names, UserSchema};

/// The tables that we use and that are recorded, under the names that the project gave them.
pub(super) fn draw(survey: &Survey, apps: &[App], names: &Names) -> Shapes {
    let mut drawn = Shapes::new();
    for statement in statements(survey, apps, names.dialect) {
        let statement = apply::rendered(statement, names);
        if let Some(definition) = Definition::read(&statement) {
            let table = definition.table.clone();
            drawn
                .entry(table)
                .or_default()
                .define(definition, statement, names.dialect);
        }
    }
    let tables = tables(survey, apps);
    let is_wanted = |table: &String| own::is_ours(table) || tables.contains(table);
    drawn.retain(|table, _| is_wanted(table));
    let named = |(table, shape)| named(table, shape, names);
    drawn.into_iter().map(named).collect()
}

/// The statements of every migration that is recorded; Django's apps are made whole.
fn statements<'a>(
    survey: &'a Survey,
    apps: &'a [App],
    dialect: Dialect,
) -> impl Iterator<Item = &'static str> {
    let of_apps = used(survey, apps).flat_map(|app| app.migrations.iter());
    let of_apps = of_apps.flat_map(move |step| step.statements.on(dialect));
    let first: &[_] = match survey.own.is_empty() {
        true => &[],
        false => own::FIRST.on(dialect),
    };
    let later = own::known(apps).filter(|migration| survey.has_own(migration.name));
    let later = later.flat_map(move |migration| migration.statements.on(dialect));
    of_apps.chain(first).chain(later).copied()
}

/// Django's apps that are recorded. The admin site's log is never touched.
fn used<'a>(survey: &'a Survey, apps: &'a [App]) -> impl Iterator<Item = &'a App> {
    apps.iter().filter(|app| {
        let is_used = matches!(
            app.kind,
            Kind::Django {
                wanted: Wanted::Always,
                ..
            }
        );
        is_used && !survey.applied(app.label).is_empty()
    })
}

fn tables(survey: &Survey, apps: &[App]) -> Vec<String> {
    let tables = used(survey, apps).flat_map(|app| match app.kind {
        Kind::Django { tables, .. } => tables,
        Kind::Own | Kind::Doorward => &[],
    });
    tables.map(|table| (*table).to_owned()).collect()
}

/// A table as the project names it and its columns; without the columns that we never look at.
fn named(table: String, shape: Shape, names: &Names) -> (String, Shape) {
    let user = &names.user.schema;
    let id = names.dialect.user_id_type(user.id);
    let to_user = [("id", None), ("user_id", Some(user.link_column.as_str()))];
    match table.as_str() {
        "auth_user" => {
            let shape = shape.renamed(&columns(user)).declared(&user.id_column, id);
            (user.table.clone(), shape)
        }
        "auth_user_groups" => {
            let shape = shape.renamed(&to_user).declared(&user.link_column, id);
            (user.groups_table.clone(), shape.read_only())
        }
        "auth_user_user_permissions" => {
            let shape = shape.renamed(&to_user).declared(&user.link_column, id);
            (user.permissions_table.clone(), shape.read_only())
        }
        "auth_group_permissions" => (table, shape.renamed(&[("id", None)]).read_only()),
        "auth_group" => (table, shape.read_only()),
        _ => (table, shape),
    }
}

/// What each column of `auth_user` is called there, if it is there.
fn columns(user: &UserSchema) -> [(&str, Option<&str>); 9] {
    [
        ("id", Some(&user.id_column)),
        ("username", Some(&user.username_column)),
        ("email", user.email_column.as_ref()),
        ("first_name", user.first_name_column.as_ref()),
        ("last_name", user.last_name_column.as_ref()),
        ("is_active", user.is_active_column.as_ref()),
        ("is_staff", user.is_staff_column.as_ref()),
        ("is_superuser", user.is_superuser_column.as_ref()),
        ("date_joined", user.date_joined_column.as_ref()),
    ]
    .map(|(old, new)| (old, new.map(String::as_str)))
}
