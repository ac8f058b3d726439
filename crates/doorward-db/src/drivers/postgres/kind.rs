//! [`Kind`]: the types of columns and parameters that values go into and come out of.

use sqlx::TypeInfo;
use sqlx::postgres::{PgTypeInfo, PgTypeKind};

/// A type of PostgreSQL's, as far as the bytes on the wire differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    Int2,
    Int4,
    Int8,
    /// A number without a sign, such as `oid`.
    Oid,
    Float4,
    Float8,
    Numeric,
    /// Texts of any name, enums and `json` among them: their bytes are the text.
    Text,
    Jsonb,
    Bytes,
    Uuid,
    /// A time with its zone, counted from 2000-01-01.
    Moment,
    /// A time without a zone, counted likewise, as if it were UTC.
    LocalTime,
    Date,
    Time,
    /// An address, or a network.
    Inet,
    /// Nothing, as functions give it that answer nothing.
    Void,
    /// Any other: its bytes are handed on as they are.
    Other,
}

impl Kind {
    /// By the numbers of the types in `pg_type.dat`, which never change.
    pub(super) fn of(info: &PgTypeInfo) -> Self {
        match info.oid().map_or(0, |oid| oid.0) {
            16 => Self::Bool,
            17 => Self::Bytes,
            20 => Self::Int8,
            21 => Self::Int2,
            23 => Self::Int4,
            26 => Self::Oid,
            700 => Self::Float4,
            701 => Self::Float8,
            650 | 869 => Self::Inet,
            // "char", name, text, json, xml, unknown, bpchar, varchar
            18 | 19 | 25 | 114 | 142 | 705 | 1042 | 1043 => Self::Text,
            1082 => Self::Date,
            1083 => Self::Time,
            1114 => Self::LocalTime,
            1184 => Self::Moment,
            1700 => Self::Numeric,
            2278 => Self::Void,
            2950 => Self::Uuid,
            3802 => Self::Jsonb,
            _ => Self::custom(info),
        }
    }

    /// Those that were made with `CREATE TYPE`, `CREATE DOMAIN` or an extension.
    fn custom(info: &PgTypeInfo) -> Self {
        match info.kind() {
            PgTypeKind::Domain(base) => Self::of(base),
            PgTypeKind::Enum(_) => Self::Text,
            _ if info.name() == "citext" => Self::Text,
            _ => Self::Other,
        }
    }
}
