//! [`Shape`]: what a table looks like, and what is wrong with it where it looks otherwise than it should.

use std::collections::{BTreeMap, BTreeSet};

use super::catalog::Catalog;
use super::definition::Definition;
use super::problem::{Flaw, Problem};
use super::types;
use crate::database::{Result, Row, Source, Sql, Value};
use crate::dialect::Dialect;

/// Tables by name.
pub(super) type Shapes = BTreeMap<String, Shape>;

/// What a table looks like.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    columns: BTreeMap<String, Column>,
    /// The sets of columns that are unique, the primary key's among them.
    unique: BTreeSet<BTreeSet<String>>,
    is_view: bool,
    /// Who makes its rows.
    writer: Writer,
    /// The statements that make it, its indexes too.
    pub(super) sql: Vec<String>,
}

/// What a column looks like.
#[derive(Clone, Debug, Default)]
struct Column {
    /// Its type, as it was declared; empty where any will do.
    declared: String,
    /// Whether every row has to name a value for it.
    is_demanded: bool,
    /// The key of the settings that names it.
    setting: Option<&'static str>,
}

/// Who makes the rows of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Writer {
    /// We do.
    #[default]
    Doorward,
    /// Django alone: what is unique in it is Django's business then.
    Django,
    /// It is the table of users: its rows are made by both, or by Django alone where we lack a value.
    Both,
}

impl Shape {
    /// The tables and views of those names that are there.
    pub(super) async fn read(
        source: &mut Source<'_>,
        dialect: Dialect,
        names: impl Iterator<Item = &String> + Send,
    ) -> Result<Shapes> {
        let names: Vec<Value> = names.map(|name| name.as_str().into()).collect();
        let marks = vec!["?"; names.len()].join(", ");
        let of_names = |start: &str| Sql::rendered(format!("{start}({marks})"));
        let catalog = Catalog::of(dialect);
        let mut shapes = Shapes::new();
        if names.is_empty() {
            return Ok(shapes);
        }
        let rows = source.fetch_all(of_names(catalog.columns), names.clone()).await?;
        columns(&mut shapes, &rows)?;
        let rows = source.fetch_all(of_names(catalog.unique), names).await?;
        unique(&mut shapes, &rows)?;
        Ok(shapes)
    }

    /// With what a statement makes of it.
    pub(super) fn define(&mut self, definition: Definition, statement: String, dialect: Dialect) {
        let column = |(name, declared): (String, String)| {
            let declared = match dialect {
                Dialect::Sqlite => as_sqlite_tells(declared),
                Dialect::Postgres | Dialect::MariaDb => declared,
            };
            let column = Column {
                declared,
                ..Column::default()
            };
            (name, column)
        };
        self.columns.extend(definition.columns.into_iter().map(column));
        self.unique.extend(definition.unique);
        self.sql.push(statement);
    }

    /// Only Django writes it.
    pub(super) fn read_only(mut self) -> Self {
        self.writer = Writer::Django;
        self
    }

    /// It is the table of users, with further columns of any type: those that are read, and those that a new user gets.
    pub(super) fn of_users<'a>(mut self, further: impl Iterator<Item = (&'a String, &'static str)>) -> Self {
        self.writer = Writer::Both;
        for (name, setting) in further {
            self.columns
                .entry(name.clone())
                .or_default()
                .setting
                .get_or_insert(setting);
        }
        self
    }

    /// With other names for its columns; without those that have none.
    pub(super) fn renamed(mut self, names: &[(&str, Option<&str>)]) -> Self {
        let removed: Vec<_> = names
            .iter()
            .map(|(old, new)| (self.columns.remove(*old), new))
            .collect();
        for (column, new) in removed {
            if let (Some(column), Some(new)) = (column, new) {
                self.columns.insert((*new).to_owned(), column);
            }
        }
        let new_name = |old: String| {
            let found = names.iter().find(|(name, _)| *name == old);
            found.map_or(Some(old), |(_, new)| new.map(str::to_owned))
        };
        let renamed = |key: BTreeSet<String>| key.into_iter().map(new_name).collect::<Option<BTreeSet<_>>>();
        self.unique = self.unique.into_iter().filter_map(renamed).collect();
        self
    }

    /// With another type for a column.
    pub(super) fn declared(mut self, name: &str, declared: &str) -> Self {
        if let Some(column) = self.columns.get_mut(name) {
            declared.clone_into(&mut column.declared);
        }
        self
    }

    /// With the key of the settings that names a column.
    pub(super) fn named_by(mut self, name: &str, setting: &'static str) -> Self {
        if let Some(column) = self.columns.get_mut(name) {
            column.setting.get_or_insert(setting);
        }
        self
    }

    /// What keeps us from working on a table that looks like this where it should look like `expected`.
    pub(super) fn problems(&self, table: &str, expected: &Self, dialect: Dialect) -> Vec<Problem> {
        let columns = expected.columns.iter();
        let mut flaws: Vec<_> = columns
            .filter_map(|(name, column)| self.column_flaw(name, column, dialect))
            .collect();
        if flaws.is_empty() && !self.is_view && expected.writer != Writer::Django {
            let lacking = expected.unique.difference(&self.unique);
            flaws.extend(lacking.map(|key| Flaw::NotUnique(key.iter().cloned().collect())));
            let demanded = |name: &String| match expected.writer {
                Writer::Both => Flaw::DemandedOfUsers(name.clone()),
                _ => Flaw::Demanded(name.clone()),
            };
            flaws.extend(self.demanded(expected).map(demanded));
        }
        let problem = |flaw| Problem::Misshapen {
            table: table.to_owned(),
            flaw,
        };
        flaws.into_iter().map(problem).collect()
    }

    fn column_flaw(&self, name: &str, wanted: &Column, dialect: Dialect) -> Option<Flaw> {
        let (column, expected) = (name.to_owned(), wanted.declared.clone());
        match self.columns.get(name) {
            None => Some(Flaw::NoColumn {
                column,
                expected,
                setting: wanted.setting,
                found: self.columns.keys().cloned().collect(),
            }),
            Some(_) if expected.is_empty() => None,
            Some(found) if types::is_kept(dialect, &expected, &found.declared) => None,
            Some(found) => Some(Flaw::WrongType {
                column,
                expected,
                found: found.declared.clone(),
            }),
        }
    }

    /// Columns that are not expected, and that every row has to name.
    fn demanded<'a>(&'a self, expected: &'a Self) -> impl Iterator<Item = &'a String> {
        let demanded = self.columns.iter().filter(|(_, column)| column.is_demanded);
        demanded
            .map(|(name, _)| name)
            .filter(|name| !expected.columns.contains_key(*name))
    }
}

fn columns(shapes: &mut Shapes, rows: &[Row]) -> Result<()> {
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows {
        let (table, name): (String, String) = (row.read(0)?, row.read(1)?);
        let shape = shapes.entry(table.clone()).or_default();
        shape.is_view = row.read(5)?;
        if row.read(4)? {
            keys.entry(table).or_default().insert(name.clone());
        }
        let column = Column {
            declared: row.read(2)?,
            is_demanded: row.read(3)?,
            setting: None,
        };
        shape.columns.insert(name, column);
    }
    for (table, key) in keys {
        shapes.entry(table).or_default().unique.insert(key);
    }
    Ok(())
}

fn unique(shapes: &mut Shapes, rows: &[Row]) -> Result<()> {
    let mut indexes: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for row in rows {
        let index = (row.read(0)?, row.read(1)?);
        indexes.entry(index).or_default().insert(row.read(2)?);
    }
    for ((table, _), columns) in indexes {
        shapes.entry(table).or_default().unique.insert(columns);
    }
    Ok(())
}

/// A type as SQLite tells it: it keeps these in capitals (<https://sqlite.org/src/file/src/build.c>, `sqlite3StdType`).
fn as_sqlite_tells(declared: String) -> String {
    let standard = ["any", "blob", "int", "integer", "real", "text"];
    match standard.contains(&declared.as_str()) {
        true => declared.to_ascii_uppercase(),
        false => declared,
    }
}
