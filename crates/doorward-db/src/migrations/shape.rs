//! [`Shape`]: what a table looks like, and what is wrong with it where it looks otherwise than it should.

use std::collections::{BTreeMap, BTreeSet};

use super::problem::{Flaw, Problem};
use super::survey::Source;
use crate::database::{Result, Row, Sql, Value};

/// Tables by name.
pub(super) type Shapes = BTreeMap<String, Shape>;

/// What a table looks like.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    columns: BTreeMap<String, Column>,
    /// The sets of columns that are unique, the primary key's among them.
    unique: BTreeSet<BTreeSet<String>>,
    is_view: bool,
    /// Whether Django alone writes it: what is unique in it is Django's business then.
    is_read_only: bool,
    /// The statements that make it, its indexes too.
    pub(super) sql: Vec<String>,
}

/// What a column looks like.
#[derive(Clone, Debug)]
struct Column {
    /// Its type, as it was declared.
    declared: String,
    /// Whether every row has to name a value for it.
    is_demanded: bool,
}

const COLUMNS: &str = "SELECT m.name, c.name, c.type, \
    c.\"notnull\" AND c.dflt_value IS NULL AND NOT c.pk AND NOT c.hidden, c.pk > 0, m.type = 'view' \
    FROM sqlite_master m INNER JOIN pragma_table_xinfo(m.name) c \
    WHERE m.type IN ('table', 'view') AND m.name IN ";

const UNIQUE: &str = "SELECT m.name, i.name, c.name \
    FROM sqlite_master m INNER JOIN pragma_index_list(m.name) i INNER JOIN pragma_index_info(i.name) c \
    WHERE i.\"unique\" AND NOT i.partial AND c.name IS NOT NULL AND m.type = 'table' \
    AND m.name IN ";

/// A table comes before its indexes: that is the order in which SQLite keeps them.
const SQL: &str = "SELECT tbl_name, sql FROM sqlite_master \
    WHERE sql IS NOT NULL AND tbl_name IN ";

impl Shape {
    /// The tables and views of those names that are there.
    pub(super) async fn read(
        source: &mut Source<'_>,
        names: impl Iterator<Item = &String> + Send,
    ) -> Result<Shapes> {
        let names: Vec<Value> = names.map(|name| name.as_str().into()).collect();
        let marks = vec!["?"; names.len()].join(", ");
        let of_names = |start: &str| Sql::rendered(format!("{start}({marks})"));
        let mut shapes = Shapes::new();
        columns(
            &mut shapes,
            &source.fetch_all(of_names(COLUMNS), names.clone()).await?,
        )?;
        unique(
            &mut shapes,
            &source.fetch_all(of_names(UNIQUE), names.clone()).await?,
        )?;
        for row in source.fetch_all(of_names(SQL), names).await? {
            if let Some(shape) = shapes.get_mut(&row.read::<String>(0)?) {
                shape.sql.push(row.read(1)?);
            }
        }
        Ok(shapes)
    }

    /// Only Django writes it.
    pub(super) fn read_only(mut self) -> Self {
        self.is_read_only = true;
        self
    }

    /// With other names for its columns; without those that have none.
    pub(super) fn renamed(mut self, names: &[(&str, Option<&str>)]) -> Self {
        for (old, new) in names {
            if let (Some(column), Some(new)) = (self.columns.remove(*old), new) {
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

    /// What keeps us from working on a table that looks like this where it should look like `expected`.
    pub(super) fn problems(&self, table: &str, expected: &Self) -> Vec<Problem> {
        let columns = expected.columns.iter();
        let mut flaws: Vec<_> = columns
            .filter_map(|(name, column)| self.column_flaw(name, column))
            .collect();
        if flaws.is_empty() && !self.is_view && !expected.is_read_only {
            let lacking = expected.unique.difference(&self.unique);
            flaws.extend(lacking.map(|key| Flaw::NotUnique(key.iter().cloned().collect())));
            flaws.extend(self.demanded(expected).map(|name| Flaw::Demanded(name.clone())));
        }
        let problem = |flaw| Problem::Misshapen {
            table: table.to_owned(),
            flaw,
        };
        flaws.into_iter().map(problem).collect()
    }

    fn column_flaw(&self, name: &str, expected: &Column) -> Option<Flaw> {
        let (column, expected) = (name.to_owned(), expected.declared.clone());
        match self.columns.get(name) {
            None => Some(Flaw::NoColumn {
                column,
                expected,
                found: self.columns.keys().cloned().collect(),
            }),
            Some(found) if Affinity::of(&expected).is_kept_in(Affinity::of(&found.declared)) => None,
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

/// What SQLite turns a value into that is put into a column (<https://sqlite.org/datatype3.html>, section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Affinity {
    Integer,
    Text,
    /// Nothing is turned into anything.
    Blob,
    Real,
    /// A truth value, in Django's tables.
    Numeric,
    /// As [`Numeric`](Self::Numeric), and the texts of date and time look like no number.
    Moment,
}

impl Affinity {
    fn of(declared: &str) -> Self {
        let declared = declared.to_ascii_uppercase();
        let says = |words: &[&str]| words.iter().any(|word| declared.contains(word));
        match () {
            () if says(&["INT"]) => Self::Integer,
            () if says(&["CHAR", "CLOB", "TEXT"]) => Self::Text,
            () if declared.is_empty() || says(&["BLOB"]) => Self::Blob,
            () if says(&["REAL", "FLOA", "DOUB"]) => Self::Real,
            () if declared == "DATETIME" => Self::Moment,
            () => Self::Numeric,
        }
    }

    /// Whether what we write as one comes back the same from a column that is the other.
    fn is_kept_in(self, other: Self) -> bool {
        match self {
            Self::Moment | Self::Blob | Self::Real => true,
            Self::Text => matches!(other, Self::Text | Self::Blob),
            Self::Integer | Self::Numeric => !matches!(other, Self::Text | Self::Real),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_back_as_it_was_written_is_fine() {
        for (expected, found, fine) in [
            ("varchar(150)", "text", true),
            ("varchar(150)", "varchar(30) COLLATE NOCASE", true),
            ("varchar(150)", "integer", false),
            ("char(40)", "", true),
            ("char(40)", "datetime", false),
            ("bool", "integer", true),
            ("bool", "boolean", true),
            ("bool", "varchar(5)", false),
            ("integer", "bigint", true),
            ("integer", "real", false),
            ("integer", "char(32)", false),
            ("datetime", "text", true),
            ("datetime", "timestamp", true),
        ] {
            let kept = Affinity::of(expected).is_kept_in(Affinity::of(found));
            assert_eq!(kept, fine, "{expected} in {found}");
        }
    }
}
