//! [`Sql`]: the text of a statement.

use std::fmt;

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

/// The text of one statement, with a `?` for each value; cheap to clone.
///
/// Text that is known at compile time turns into it by itself. What is put together when a program starts (names of
/// tables from its settings) goes through [`Sql::rendered`]; nothing that a request brings ever does.
#[derive(Clone)]
pub struct Sql(SqlStr);

impl Sql {
    /// A statement that was put together once, of trusted parts.
    #[must_use]
    pub fn rendered(text: String) -> Self {
        // Kept behind an `Arc`, so that a clone costs no copy.
        Self(AssertSqlSafe(std::sync::Arc::<str>::from(text)).into_sql_str())
    }

    pub(super) fn text(&self) -> SqlStr {
        self.0.clone()
    }
}

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self(text.into_sql_str())
    }
}

impl From<&Self> for Sql {
    fn from(sql: &Self) -> Self {
        sql.clone()
    }
}

impl fmt::Debug for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_str().fmt(f)
    }
}
