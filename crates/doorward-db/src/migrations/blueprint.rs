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
    drawn.into_iter().filter_map(named).collect()
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

/// A table as the project names it and its columns; without the columns that we never look at. Nothing for one that the
/// project does not have.
fn named(table: String, shape: Shape, names: &Names) -> Option<(String, Shape)> {
    let user = &names.user.schema;
    Some(match table.as_str() {
        "auth_user" => (user.table.clone(), users(shape, names)),
        "auth_user_groups" => linked(&user.links.as_ref()?.groups_table, shape, names)?,
        "auth_user_user_permissions" => linked(&user.links.as_ref()?.permissions_table, shape, names)?,
        "auth_group_permissions" => (table, shape.renamed(&[("id", None)]).read_only()),
        "auth_group" => (table, shape.read_only()),
        _ => (table, shape),
    })
}

/// The table of users.
fn users(shape: Shape, names: &Names) -> Shape {
    let user = &names.user.schema;
    let columns = columns(user);
    let shape = shape.renamed(&columns.map(|(old, _, new)| (old, new)));
    let named = columns
        .iter()
        .filter_map(|(_, key, new)| Some((new.as_ref()?, key)));
    let shape = named.fold(shape, |shape, (name, key)| shape.named_by(name, key));
    let id = names.dialect.user_id_type(user.id);
    shape.declared(&user.id_column, id).of_users(further(user))
}

/// A table between users and others.
fn linked(table: &str, shape: Shape, names: &Names) -> Option<(String, Shape)> {
    let (user, column) = (&names.user.schema, &names.user.schema.links.as_ref()?.column);
    let shape = shape.renamed(&[("id", None), ("user_id", Some(column))]);
    let shape = shape.declared(column, names.dialect.user_id_type(user.id));
    Some((table.to_owned(), shape.read_only()))
}

/// The columns that are no user's of Django's, and the keys that name them.
fn further(user: &UserSchema) -> impl Iterator<Item = (&String, &'static str)> {
    let hidden = user.hidden_by.iter().map(|name| (name, "user.hidden_by"));
    let read = user
        .further_columns
        .iter()
        .map(|column| (&column.name, "user.fields"));
    let new = user.new_columns.iter().map(|new| (&new.name, "user.new"));
    hidden.chain(read).chain(new)
}

/// Each column of `auth_user`: the key that names it, and what it is called there, if it is there.
fn columns(user: &UserSchema) -> [(&str, &'static str, Option<&str>); 10] {
    [
        ("id", "user.id_field", Some(&user.id_column)),
        ("username", "user.username_field", Some(&user.username_column)),
        ("email", "user.email_field", user.email_column.as_deref()),
        (
            "first_name",
            "user.first_name_field",
            user.first_name_column.as_deref(),
        ),
        (
            "last_name",
            "user.last_name_field",
            user.last_name_column.as_deref(),
        ),
        (
            "last_login",
            "user.last_login_field",
            user.last_login_column.as_deref(),
        ),
        (
            "date_joined",
            "user.date_joined_field",
            user.date_joined_column.as_deref(),
        ),
        ("is_active", "user.is_active", user.is_active.column()),
        ("is_staff", "user.is_staff", user.is_staff.column()),
        ("is_superuser", "user.is_superuser", user.is_superuser.column()),
    ]
}
