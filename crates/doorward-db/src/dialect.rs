//! [`Dialect`]: how each kind of database writes what the others write differently.

/// The SQL that a database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MariaDB, and MySQL, which speaks the same here.
    MariaDb,
}

/// 64 random hexadecimal digits. `RANDOM_BYTES` is there from MariaDB 10.10 and MySQL 5.6.17 on; before, they are what
/// `UUID` and `RAND` give.
macro_rules! mariadb_random {
    () => {
        "SHA2(CONCAT(UUID(), RAND() /*M!101000 , RANDOM_BYTES(32) */ /*!80000 , RANDOM_BYTES(32) */), 256)"
    };
}

const MARIADB_RANDOM: &str = mariadb_random!();
const MARIADB_UUID: &str = concat!(
    "CONCAT(LEFT(",
    mariadb_random!(),
    ", 12), '4', LEFT(",
    mariadb_random!(),
    ", 3), ELT(1 + FLOOR(RAND() * 4), '8', '9', 'a', 'b'), LEFT(",
    mariadb_random!(),
    ", 15))"
);

/// The type of a primary key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdType {
    /// An integer (`AutoField`).
    Int,
    /// An integer of 64 bits (`BigAutoField`).
    BigInt,
    /// A UUID (`UUIDField`).
    Uuid,
    /// A text (`CharField`).
    Text,
}

impl Dialect {
    /// What people call the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::MariaDb => "MariaDB",
        }
    }

    /// A name of a table or column, in quotes.
    #[must_use]
    pub fn quote(self, name: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::MariaDb => format!("`{}`", name.replace('`', "``")),
        }
    }

    /// The condition that a text column is exactly what a mark stands for: case, accents and trailing spaces count.
    #[must_use]
    pub fn exactly(self, column: &str) -> String {
        match self {
            // A column may have been made with `db_collation`; the comparison must not follow it.
            Self::Sqlite => format!("{column} = ? COLLATE BINARY"),
            Self::Postgres => format!("{column} = ?"),
            // The first finds it in the index, by the column's collation; the second compares the bytes.
            Self::MariaDb => format!(
                "({column} = ? AND CAST(CONVERT({column} USING utf8mb4) AS BINARY) = CAST(?0 AS BINARY))"
            ),
        }
    }

    /// The condition that a unique index would not let a row in beside this one, whose text column is what a mark stands
    /// for: on MariaDB case, accents and trailing spaces do not count, as the column's collation says.
    #[must_use]
    pub fn clashes(self, column: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => self.exactly(column),
            Self::MariaDb => format!("{column} = ?"),
        }
    }

    /// The text of a column of addresses (`GenericIPAddressField`).
    #[must_use]
    pub fn address(self, column: &str) -> String {
        // `inet`, whose own text may end with the length of a network.
        if self == Self::Postgres {
            return format!("host({column})");
        }
        column.to_owned()
    }

    /// A query that gives a row where there is a table of that name.
    #[must_use]
    pub fn has_table(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?",
            Self::Postgres => {
                "SELECT 1 FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p') AND relname = ? \
                 AND pg_catalog.pg_table_is_visible(oid)"
            }
            Self::MariaDb => {
                "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() \
                 AND table_type = 'BASE TABLE' AND table_name = ?"
            }
        }
    }

    /// The condition that a text column is what a mark stands for, but for the case of ASCII letters (`iexact`).
    #[must_use]
    pub fn ignoring_case(self, column: &str) -> String {
        match self {
            Self::Sqlite => format!("{column} = ? COLLATE NOCASE"),
            Self::Postgres => format!("upper({column}::text) = upper(?)"),
            Self::MariaDb => {
                format!("CAST(LOWER(CONVERT({column} USING utf8mb4)) AS BINARY) = CAST(LOWER(?) AS BINARY)")
            }
        }
    }

    /// The condition that a column holds nothing, or a truth value that is false.
    #[must_use]
    pub fn is_unset(self, column: &str) -> String {
        match self {
            Self::Sqlite => format!("coalesce({column}, 0) IN (0, '')"),
            Self::Postgres => format!("coalesce({column}::text, '') IN ('', 'false', '0')"),
            Self::MariaDb => format!("COALESCE({column}, '') IN ('', '0')"),
        }
    }

    /// A truth value, written into a statement.
    #[must_use]
    pub fn truth(self, value: bool) -> &'static str {
        match (self, value) {
            (Self::Sqlite | Self::MariaDb, true) => "1",
            (Self::Sqlite | Self::MariaDb, false) => "0",
            (Self::Postgres, true) => "TRUE",
            (Self::Postgres, false) => "FALSE",
        }
    }

    /// A statement that inserts a row with a mark for each of `columns`; where there is one with the same `key`, it sets
    /// those of `updated` there.
    #[must_use]
    pub fn upsert(self, table: &str, columns: &[&str], key: &str, updated: &[&str]) -> String {
        let (names, marks) = (columns.join(", "), vec!["?"; columns.len()].join(", "));
        let insert = format!("INSERT INTO {table} ({names}) VALUES ({marks})");
        let set = |column: &&str| match self {
            Self::Sqlite | Self::Postgres => format!("{column} = excluded.{column}"),
            Self::MariaDb => format!("{column} = VALUES({column})"),
        };
        let updated = updated.iter().map(set).collect::<Vec<_>>().join(", ");
        match self {
            Self::Sqlite | Self::Postgres => format!("{insert} ON CONFLICT ({key}) DO UPDATE SET {updated}"),
            // Whichever unique key it is.
            Self::MariaDb => format!("{insert} ON DUPLICATE KEY UPDATE {updated}"),
        }
    }

    /// A statement that inserts what `source` gives (`VALUES …` or `SELECT … WHERE …`), but for rows whose `key` is there.
    /// Of two that run at once the second waits, and then inserts nothing.
    #[must_use]
    pub fn insert_or_ignore(self, table: &str, columns: &str, source: &str, key: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => {
                format!("INSERT INTO {table} ({columns}) {source} ON CONFLICT ({key}) DO NOTHING")
            }
            // Whatever else it would pass over, the driver refuses.
            Self::MariaDb => format!("INSERT IGNORE INTO {table} ({columns}) {source}"),
        }
    }

    /// What stands at the end of a query whose rows a new row is to refer to: until the transaction ends nobody deletes them.
    /// `table` is what the query calls their table.
    #[must_use]
    pub fn kept(self, table: &str) -> String {
        match self {
            Self::Sqlite => String::new(),
            Self::Postgres => format!(" FOR KEY SHARE OF {table}"),
            Self::MariaDb => " LOCK IN SHARE MODE".to_owned(),
        }
    }

    /// The keys of some rows, for [`delete_by`](Self::delete_by): of those that meet `condition` as many as the last mark
    /// says, in the order of `order`. Rows that another transaction is about to change are left out, so that nobody waits
    /// for them.
    #[must_use]
    pub fn some(self, table: &str, key: &str, condition: &str, order: &str) -> String {
        let locked = match self {
            Self::Sqlite => "",
            Self::Postgres | Self::MariaDb => " FOR UPDATE SKIP LOCKED",
        };
        format!("(SELECT {key} AS chosen FROM {table} WHERE {condition} ORDER BY {order} LIMIT ?{locked})")
    }

    /// As [`some`](Self::some), of rows that others find by their column `unique`. MariaDB locks a row in each index apart:
    /// who deletes one has to lock it in the order in which the others do, or the two wait for each other.
    #[must_use]
    pub fn some_found_by(self, unique: &str, table: &str, key: &str, condition: &str, order: &str) -> String {
        if self != Self::MariaDb {
            return self.some(table, key, condition, order);
        }
        let which =
            format!("SELECT {unique} AS found FROM {table} WHERE {condition} ORDER BY {order} LIMIT ?");
        format!(
            "(SELECT {table}.{key} AS chosen FROM ({which}) AS which STRAIGHT_JOIN {table} \
             ON {table}.{unique} = which.found FOR UPDATE SKIP LOCKED)"
        )
    }

    /// A statement that deletes the rows whose `column` is among [`some`](Self::some) keys.
    #[must_use]
    pub fn delete_by(self, table: &str, column: &str, some: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => format!("DELETE FROM {table} WHERE {column} IN {some}"),
            // After `IN` there may be no LIMIT; and the keys are to be read first.
            Self::MariaDb => format!(
                "DELETE {table} FROM {some} AS chosen STRAIGHT_JOIN {table} ON {table}.{column} = chosen.chosen"
            ),
        }
    }

    /// A statement that deletes [`some`](Self::some) rows.
    #[must_use]
    pub fn delete_some(self, table: &str, key: &str, condition: &str, order: &str) -> String {
        self.delete_by(table, key, &self.some(table, key, condition, order))
    }

    /// Whether a statement that makes or changes a table is part of the transaction it stands in. Where it is not, what
    /// came before it is committed with it.
    pub(crate) fn has_transactional_ddl(self) -> bool {
        match self {
            Self::Sqlite | Self::Postgres => true,
            Self::MariaDb => false,
        }
    }

    /// Statements that write a row of ours anew and leave it as it is. What has not changed is not written by MariaDB.
    pub(crate) fn touch_our_first_migration(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite | Self::Postgres => &["UPDATE doorward_migration SET applied = applied \
                WHERE id = (SELECT min(id) FROM doorward_migration)"],
            Self::MariaDb => &[
                "UPDATE doorward_migration SET applied = applied + INTERVAL 1 SECOND ORDER BY id LIMIT 1",
                "UPDATE doorward_migration SET applied = applied - INTERVAL 1 SECOND ORDER BY id LIMIT 1",
            ],
        }
    }

    /// An expression for a random UUID (version 4), as a `UUIDField` keeps it.
    #[must_use]
    pub fn random_uuid(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "lower(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) \
                 || substr('89ab', 1 + abs(random() % 4), 1) || substr(hex(randomblob(2)), 2) || hex(randomblob(6)))"
            }
            Self::Postgres => "gen_random_uuid()",
            Self::MariaDb => MARIADB_UUID,
        }
    }

    /// An expression for that many random hexadecimal digits, 32 at most.
    #[must_use]
    pub fn random_text(self, length: u8) -> String {
        match self {
            Self::Sqlite => format!("substr(lower(hex(randomblob(16))), 1, {length})"),
            Self::Postgres => format!("substr(md5(gen_random_uuid()::text), 1, {length})"),
            Self::MariaDb => format!("LEFT({MARIADB_RANDOM}, {length})"),
        }
    }

    /// The type of a column that refers to a user, as Django's `db_type` gives it.
    #[must_use]
    pub fn user_id_type(self, id: IdType) -> &'static str {
        match (self, id) {
            (_, IdType::Int) | (Self::Sqlite, IdType::BigInt) => "integer",
            (Self::Postgres | Self::MariaDb, IdType::BigInt) => "bigint",
            (_, IdType::Text) => "varchar(255)",
            (Self::Sqlite | Self::MariaDb, IdType::Uuid) => "char(32)",
            (Self::Postgres, IdType::Uuid) => "uuid",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_in_names_are_doubled() {
        assert_eq!(Dialect::Sqlite.quote("auth_user"), "\"auth_user\"");
        assert_eq!(Dialect::Sqlite.quote("a\"; DROP"), "\"a\"\"; DROP\"");
        assert_eq!(Dialect::MariaDb.quote("a`; DROP"), "`a``; DROP`");
    }
}
