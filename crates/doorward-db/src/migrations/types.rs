//! Whether what we write into a column of one type comes back the same from a column of another.

use crate::dialect::Dialect;

/// Whether what we write as `expected` comes back the same from a column of the type `found`.
pub(super) fn is_kept(dialect: Dialect, expected: &str, found: &str) -> bool {
    match dialect {
        Dialect::Sqlite => Affinity::of(expected).is_kept_in(Affinity::of(found)),
        Dialect::Postgres => Family::of(expected) == Family::of(found),
        Dialect::MariaDb => Sort::of(expected).is_kept_in(&Sort::of(found)),
    }
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

/// Types of PostgreSQL's that the same values go into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family<'a> {
    Integer,
    Text,
    Boolean,
    /// With a time zone or without: the driver reads both as UTC.
    Moment,
    Other(&'a str),
}

impl<'a> Family<'a> {
    /// By the name that `format_type` gives, or that stands in our statements.
    fn of(declared: &'a str) -> Self {
        let name = declared.split('(').next().unwrap_or_default().trim();
        match name {
            "smallint" | "integer" | "bigint" => Self::Integer,
            "varchar" | "character varying" | "char" | "character" | "text" | "citext" => Self::Text,
            "boolean" => Self::Boolean,
            _ if name.starts_with("timestamp") => Self::Moment,
            other => Self::Other(other),
        }
    }
}

/// Types of MariaDB's and MySQL's, as they are declared or as `COLUMN_TYPE` tells them.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sort {
    Integer,
    /// `bool` is another name for `tinyint(1)`.
    Boolean,
    /// Of any length and collation.
    Text,
    /// What a `UUIDField` is; on MariaDB 10.7 and later, from Django 5.0 on, it is a `uuid`.
    Char32,
    Uuid,
    /// Both are read as UTC. One without `(6)`, as databases of an old Django have them, keeps whole seconds.
    Moment,
    Other(String),
}

impl Sort {
    fn of(declared: &str) -> Self {
        let declared = declared.to_ascii_lowercase();
        let name = declared.split(['(', ' ']).next().unwrap_or_default();
        match name {
            "bool" | "boolean" | "tinyint" => Self::Boolean,
            "smallint" | "mediumint" | "int" | "integer" | "bigint" => Self::Integer,
            "char" if declared.starts_with("char(32)") => Self::Char32,
            "uuid" => Self::Uuid,
            "varchar" | "char" | "tinytext" | "text" | "mediumtext" | "longtext" => Self::Text,
            "datetime" | "timestamp" => Self::Moment,
            _ => Self::Other(declared),
        }
    }

    /// Whether what we write as one comes back the same from a column that is the other.
    fn is_kept_in(&self, other: &Self) -> bool {
        match self {
            Self::Boolean => matches!(other, Self::Boolean | Self::Integer),
            Self::Text => matches!(other, Self::Text | Self::Char32),
            Self::Char32 => matches!(other, Self::Text | Self::Char32 | Self::Uuid),
            Self::Uuid => matches!(other, Self::Char32 | Self::Uuid),
            Self::Integer | Self::Moment | Self::Other(_) => self == other,
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
            assert_eq!(
                is_kept(Dialect::Sqlite, expected, found),
                fine,
                "{expected} in {found}"
            );
        }
    }

    #[test]
    fn postgresql_keeps_what_its_types_say() {
        for (expected, found, fine) in [
            ("varchar(150)", "character varying(30)", true),
            ("varchar(150)", "text", true),
            ("varchar(150)", "uuid", false),
            ("integer", "bigint", true),
            ("integer", "uuid", false),
            ("integer", "numeric(10,0)", false),
            ("uuid", "uuid", true),
            ("boolean", "boolean", true),
            ("boolean", "integer", false),
            ("timestamp with time zone", "timestamp with time zone", true),
            ("timestamp with time zone", "timestamp(6) without time zone", true),
            ("timestamp with time zone", "text", false),
        ] {
            assert_eq!(
                is_kept(Dialect::Postgres, expected, found),
                fine,
                "{expected} in {found}"
            );
        }
    }

    #[test]
    fn mariadb_keeps_what_django_of_any_age_made() {
        for (expected, found, fine) in [
            ("integer", "int(11)", true),
            ("integer", "int", true),
            ("integer", "bigint(20) unsigned", true),
            ("bigint", "int(11)", true),
            ("integer", "tinyint(1)", false),
            ("integer", "uuid", false),
            ("integer", "decimal(10,0)", false),
            ("bool", "tinyint(1)", true),
            ("bool", "int(11)", true),
            ("bool", "bit(1)", false),
            ("bool", "varchar(5)", false),
            ("varchar(150)", "varchar(30)", true),
            ("varchar(40)", "char(32)", true),
            ("varchar(40)", "char(40)", true),
            ("varchar(255)", "uuid", false),
            ("varchar(255)", "varbinary(255)", false),
            ("longtext", "mediumtext", true),
            ("longtext", "longblob", false),
            ("char(32)", "uuid", true),
            ("uuid", "char(32)", true),
            ("uuid", "char(36)", false),
            ("char(32)", "bigint(20)", false),
            ("datetime(6)", "datetime(6)", true),
            ("datetime(6)", "datetime", true),
            ("datetime(6)", "timestamp", true),
            ("datetime(6)", "date", false),
            ("datetime(6)", "longtext", false),
            ("smallint UNSIGNED", "smallint(5) unsigned", true),
        ] {
            assert_eq!(
                is_kept(Dialect::MariaDb, expected, found),
                fine,
                "{expected} in {found}"
            );
        }
    }
}
