//! What a statement of ours makes, read from its text: a table with its columns, or a unique index.
//!
//! The statements are constants, in the few forms that Django writes; what is of another form makes nothing here.

use std::collections::{BTreeMap, BTreeSet};

/// What a table is made with.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) table: String,
    /// Each column and its type.
    pub(super) columns: BTreeMap<String, String>,
    /// The sets of columns that are unique, the primary key's among them.
    pub(super) unique: BTreeSet<BTreeSet<String>>,
}

/// What ends the type of a column.
const AFTER_TYPE: [&str; 11] = [
    "AUTO_INCREMENT",
    "NOT",
    "NULL",
    "PRIMARY",
    "UNIQUE",
    "REFERENCES",
    "CHECK",
    "CONSTRAINT",
    "GENERATED",
    "DEFAULT",
    "COLLATE",
];

impl Definition {
    /// What `CREATE TABLE` or `CREATE INDEX` makes.
    pub(super) fn read(statement: &str) -> Option<Self> {
        let rest = statement.trim().strip_prefix("CREATE ")?;
        match rest.strip_prefix("TABLE ") {
            Some(rest) => Self::table(rest),
            None => Self::index(rest),
        }
    }

    fn table(rest: &str) -> Option<Self> {
        let (table, rest) = quoted(rest.strip_prefix("IF NOT EXISTS ").unwrap_or(rest))?;
        let mut made = Self {
            table: table.to_owned(),
            ..Self::default()
        };
        for part in parts(rest)? {
            match quoted(part) {
                Some((name, rest)) => made.column(name, rest),
                None => made.constraint(part),
            }
        }
        Some(made)
    }

    fn column(&mut self, name: &str, rest: &str) {
        let words: Vec<_> = rest.split_whitespace().collect();
        let declared = words.iter().take_while(|word| !AFTER_TYPE.contains(word));
        let declared = declared.copied().collect::<Vec<_>>().join(" ");
        self.columns.insert(name.to_owned(), declared);
        if words.contains(&"UNIQUE") || words.contains(&"PRIMARY") {
            self.unique.insert([name.to_owned()].into());
        }
    }

    /// `[CONSTRAINT "name"] UNIQUE ("a", "b")`, or `PRIMARY KEY`.
    fn constraint(&mut self, part: &str) {
        let unnamed = part.strip_prefix("CONSTRAINT ").and_then(quoted);
        let rest = unnamed.map_or(part, |(_, rest)| rest).trim_start();
        if rest.starts_with("UNIQUE") || rest.starts_with("PRIMARY KEY") {
            self.unique.extend(names(rest));
        }
    }

    fn index(rest: &str) -> Option<Self> {
        let (is_unique, rest) = match rest.strip_prefix("UNIQUE ") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let (_, rest) = rest.split_once(" ON ")?;
        let (table, rest) = quoted(rest)?;
        let unique = is_unique.then(|| names(rest)).flatten();
        Some(Self {
            table: table.to_owned(),
            columns: BTreeMap::new(),
            unique: unique.into_iter().collect(),
        })
    }
}

/// The name in quotes that a text begins with, and what follows. MariaDB's quotes are backticks.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let quote = ['"', '`'].into_iter().find(|quote| text.starts_with(*quote))?;
    text.strip_prefix(quote)?.split_once(quote)
}

/// What stands in the outermost parentheses.
fn inside(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once('(')?;
    Some(rest.rsplit_once(')')?.0)
}

/// The names in the outermost parentheses.
fn names(text: &str) -> Option<BTreeSet<String>> {
    let names = inside(text)?.split(',').filter_map(quoted);
    Some(names.map(|(name, _)| name.to_owned()).collect())
}

/// The parts in the outermost parentheses that commas separate.
fn parts(text: &str) -> Option<Vec<&str>> {
    let mut depth = 0_usize;
    let separates = |letter: char| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && depth == 0
    };
    Some(inside(text)?.split(separates).map(str::trim).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(sets: &[&[&str]]) -> BTreeSet<BTreeSet<String>> {
        let set = |names: &&[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        sets.iter().map(set).collect()
    }

    #[test]
    fn tables_have_columns_and_keys() {
        let made = Definition::read(
            "CREATE TABLE IF NOT EXISTS \"t\" (\"id\" bigint NOT NULL PRIMARY KEY, \"name\" varchar(150) NOT NULL UNIQUE, \
             \"at\" timestamp with time zone NULL, \"n\" smallint unsigned NOT NULL CHECK (\"n\" >= 0), \
             \"price\" numeric(8, 2), CONSTRAINT \"u\" UNIQUE (\"name\", \"at\"))",
        )
        .expect("a table");
        let types: Vec<_> = made
            .columns
            .iter()
            .map(|(name, kind)| format!("{name} {kind}"))
            .collect();
        assert_eq!(
            types,
            [
                "at timestamp with time zone",
                "id bigint",
                "n smallint unsigned",
                "name varchar(150)",
                "price numeric(8, 2)"
            ]
        );
        assert_eq!(made.table, "t");
        assert_eq!(made.unique, sets(&[&["id"], &["name"], &["name", "at"]]));
    }

    #[test]
    fn tables_of_mariadb_have_them_too() {
        let made = Definition::read(
            "CREATE TABLE `t` (`id` bigint AUTO_INCREMENT NOT NULL PRIMARY KEY, `n` smallint UNSIGNED NOT NULL CHECK (`n` >= 0), \
             `name` varchar(150) NOT NULL UNIQUE, `key` char(32) COLLATE utf8mb4_bin NULL, KEY `i` (`n`), \
             CONSTRAINT `u` UNIQUE (`name`, `n`), CONSTRAINT `f` FOREIGN KEY (`n`) REFERENCES `s` (`id`))",
        )
        .expect("a table");
        let types: Vec<_> = made
            .columns
            .iter()
            .map(|(name, kind)| format!("{name} {kind}"))
            .collect();
        assert_eq!(
            types,
            [
                "id bigint",
                "key char(32)",
                "n smallint UNSIGNED",
                "name varchar(150)"
            ]
        );
        assert_eq!(made.unique, sets(&[&["id"], &["name"], &["name", "n"]]));
    }

    #[test]
    fn indexes_belong_to_tables() {
        let unique = Definition::read("CREATE UNIQUE INDEX \"i\" ON \"t\" (\"a\", \"b\")").expect("an index");
        assert_eq!(
            (unique.table.as_str(), unique.unique),
            ("t", sets(&[&["a", "b"]]))
        );
        let plain =
            Definition::read("CREATE INDEX \"i\" ON \"t\" (\"a\" varchar_pattern_ops)").expect("an index");
        assert_eq!((plain.table.as_str(), plain.unique), ("t", sets(&[])));
        assert_eq!(Definition::read("DROP TABLE \"t\""), None);
    }
}
