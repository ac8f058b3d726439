//! [`Kind`]: the types of columns that values come out of.

use sqlx::mysql::{MySql, MySqlTypeInfo};
use sqlx::{Type, TypeInfo};

/// A type of MariaDB's, as far as the bytes on the wire differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `tinyint(1)`, which is what `bool` is.
    Bool,
    Int,
    Unsigned,
    Float,
    Double,
    /// Texts of any name, numbers of any precision, enums, `json` and `uuid` among them: their bytes are the text.
    Text,
    Bytes,
    Date,
    Time,
    /// `datetime`, which keeps no zone; and `timestamp`, which is shown in that of the connection: Django takes what is shown
    /// for what was written, and so do we, in the same zone.
    LocalTime,
}

impl Kind {
    pub(super) fn of(info: &MySqlTypeInfo) -> Self {
        match info.name() {
            "BOOLEAN" => Self::Bool,
            "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" => Self::Int,
            "FLOAT" => Self::Float,
            "DOUBLE" => Self::Double,
            "DATE" => Self::Date,
            "TIME" => Self::Time,
            "TIMESTAMP" | "DATETIME" => Self::LocalTime,
            "DECIMAL" | "JSON" | "ENUM" | "SET" => Self::Text,
            "YEAR" => Self::Unsigned,
            name if name.ends_with("UNSIGNED") => Self::Unsigned,
            // A column whose collation is a `_bin` one is a text too, whatever its name says.
            _ if <str as Type<MySql>>::compatible(info) => Self::Text,
            _ => Self::Bytes,
        }
    }
}
