//! Whether what we write into a column of one type comes back the same from a column of another.

use crate::dialect::Dialect;

/// Whether what we write as `expected` comes back the same from a column of the type `found`.
pub(super) fn is_kept(dialect: Dialect, expected: &str, found: &str) -> bool {
    match dialect {
        Dialect::Sqlite => Affinity::of(expected).is_kept_in(Affinity::of(found)),
        Dialect::Postgres => Family::of(expected) == Family::of(found),
        Dialect::MariaDb => true,
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
}
