//! [`Sql`]: the text of a statement.

use std::fmt;
use std::sync::Arc;

/// The text of one statement, with a `?` for each value; cheap to clone.
///
/// Text that is known at compile time turns into it by itself. What is put together when a program starts (names of
/// tables from its settings) goes through [`Sql::rendered`]; nothing that a request brings ever does.
#[derive(Clone)]
pub struct Sql(Text);

#[derive(Clone)]
enum Text {
    Known(&'static str),
    /// Behind an `Arc`, so that a clone costs no copy.
    Rendered(Arc<str>),
}

impl Sql {
    /// A statement that was put together once, of trusted parts.
    #[must_use]
    pub fn rendered(text: String) -> Self {
        Self(Text::Rendered(text.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Known(text) => text,
            Text::Rendered(text) => text,
        }
    }

    /// The text, for a driver.
    #[cfg(feature = "sqlite")]
    pub(crate) fn text(&self) -> sqlx::SqlStr {
        use sqlx::SqlSafeStr;
        match &self.0 {
            Text::Known(text) => text.into_sql_str(),
            Text::Rendered(text) => sqlx::AssertSqlSafe(Arc::clone(text)).into_sql_str(),
        }
    }
}

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self(Text::Known(text))
    }
}

impl From<&Self> for Sql {
    fn from(sql: &Self) -> Self {
        sql.clone()
    }
}

impl fmt::Debug for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}
