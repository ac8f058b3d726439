//! [`Dialect`]: how each kind of database writes what the others write differently.

/// The SQL that a database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

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
        }
    }

    /// A name of a table or column, in quotes.
    #[must_use]
    pub fn quote(self, name: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }

    /// The condition that a text column is exactly what a mark stands for: case, accents and trailing spaces count.
    #[must_use]
    pub fn exactly(self, column: &str) -> String {
        match self {
            // A column may have been made with `db_collation`; the comparison must not follow it.
            Self::Sqlite => format!("{column} = ? COLLATE BINARY"),
            Self::Postgres => format!("{column} = ?"),
        }
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
        }
    }

    /// The condition that a text column is what a mark stands for, but for the case of ASCII letters (`iexact`).
    #[must_use]
    pub fn ignoring_case(self, column: &str) -> String {
        match self {
            Self::Sqlite => format!("{column} = ? COLLATE NOCASE"),
            Self::Postgres => format!("upper({column}::text) = upper(?)"),
        }
    }

    /// The condition that a column holds nothing, or a truth value that is false.
    #[must_use]
    pub fn is_unset(self, column: &str) -> String {
        match self {
            Self::Sqlite => format!("coalesce({column}, 0) IN (0, '')"),
            Self::Postgres => format!("coalesce({column}::text, '') IN ('', 'false', '0')"),
        }
    }

    /// A truth value, written into a statement.
    #[must_use]
    pub fn truth(self, value: bool) -> &'static str {
        match (self, value) {
            (Self::Sqlite, true) => "1",
            (Self::Sqlite, false) => "0",
            (Self::Postgres, true) => "TRUE",
            (Self::Postgres, false) => "FALSE",
        }
    }

    /// A statement that inserts a row with a mark for each of `columns`; where there is one with the same `key`, it sets
    /// those of `updated` there.
    #[must_use]
    pub fn upsert(self, table: &str, columns: &[&str], key: &str, updated: &[&str]) -> String {
        let (names, marks) = (columns.join(", "), vec!["?"; columns.len()].join(", "));
        let set = |column: &&str| format!("{column} = excluded.{column}");
        let updated = updated.iter().map(set).collect::<Vec<_>>().join(", ");
        format!("INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT ({key}) DO UPDATE SET {updated}")
    }

    /// A statement that inserts what `source` gives (`VALUES …` or `SELECT … WHERE …`), but for rows whose `key` is there.
    /// Of two that run at once the second waits, and then inserts nothing.
    #[must_use]
    pub fn insert_or_ignore(self, table: &str, columns: &str, source: &str, key: &str) -> String {
        format!("INSERT INTO {table} ({columns}) {source} ON CONFLICT ({key}) DO NOTHING")
    }

    /// What stands at the end of a query whose rows a new row is to refer to: until the transaction ends nobody deletes them.
    /// `table` is what the query calls their table.
    #[must_use]
    pub fn kept(self, table: &str) -> String {
        match self {
            Self::Sqlite => String::new(),
            Self::Postgres => format!(" FOR KEY SHARE OF {table}"),
        }
    }

    /// The keys of some rows, to stand after `IN`: of those that meet `condition` as many as the last mark says, in the
    /// order of `order`. Rows that another transaction is about to change are left out, so that nobody waits for them.
    #[must_use]
    pub fn some(self, table: &str, key: &str, condition: &str, order: &str) -> String {
        let locked = match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        };
        format!("(SELECT {key} FROM {table} WHERE {condition} ORDER BY {order} LIMIT ?{locked})")
    }

    /// A statement that deletes [`some`](Self::some) rows.
    #[must_use]
    pub fn delete_some(self, table: &str, key: &str, condition: &str, order: &str) -> String {
        let some = self.some(table, key, condition, order);
        format!("DELETE FROM {table} WHERE {key} IN {some}")
    }

    /// A statement that holds locks until its transaction ends, one for each mark; `None` where only one transaction
    /// writes at a time.
    pub(crate) fn hold(self, locks: usize) -> Option<String> {
        match self {
            Self::Sqlite => None,
            Self::Postgres if locks == 0 => None,
            Self::Postgres => {
                let marks = vec!["?::bigint"; locks].join(", ");
                Some(format!(
                    "SELECT pg_advisory_xact_lock(k) FROM unnest(ARRAY[{marks}]) k"
                ))
            }
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
        }
    }

    /// An expression for that many random hexadecimal digits, 32 at most.
    #[must_use]
    pub fn random_text(self, length: u8) -> String {
        match self {
            Self::Sqlite => format!("substr(lower(hex(randomblob(16))), 1, {length})"),
            Self::Postgres => format!("substr(md5(gen_random_uuid()::text), 1, {length})"),
        }
    }

    /// The type of a column that refers to a user, as Django's `db_type` gives it.
    #[must_use]
    pub fn user_id_type(self, id: IdType) -> &'static str {
        match (self, id) {
            (_, IdType::Int) | (Self::Sqlite, IdType::BigInt) => "integer",
            (Self::Postgres, IdType::BigInt) => "bigint",
            (_, IdType::Text) => "varchar(255)",
            (Self::Sqlite, IdType::Uuid) => "char(32)",
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
    }
}
