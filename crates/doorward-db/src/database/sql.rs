//! [`Sql`]: the text of a statement.

use std::fmt;
use std::sync::Arc;
#[cfg(feature = "postgres")]
use std::sync::OnceLock;

#[cfg(feature = "postgres")]
use super::marks;

/// The text of one statement, with a `?` for each value; cheap to clone. A value that stands in several places is
/// numbered: `?1`. An operator that is a question mark is written `??`.
///
/// Text that is known at compile time turns into it by itself. What is put together when a program starts (names of
/// tables from its settings) goes through [`Sql::rendered`]; nothing that a request brings ever does.
#[derive(Clone)]
pub struct Sql(Text);

#[derive(Clone)]
enum Text {
    Known(&'static str),
    /// Behind an `Arc`, so that a clone costs no copy.
    Rendered(Arc<Rendered>),
}

struct Rendered {
    text: Arc<str>,
    /// With `$1` for its marks, once somebody asked.
    #[cfg(feature = "postgres")]
    numbered: OnceLock<Arc<str>>,
}

impl Sql {
    /// A statement that was put together once, of trusted parts.
    #[must_use]
    pub fn rendered(text: String) -> Self {
        Self(Text::Rendered(Arc::new(Rendered {
            text: text.into(),
            #[cfg(feature = "postgres")]
            numbered: OnceLock::new(),
        })))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Known(text) => text,
            Text::Rendered(rendered) => &rendered.text,
        }
    }

    /// The text with `$1`, `$2`, … for its marks, for a driver.
    #[cfg(feature = "postgres")]
    pub(crate) fn numbered(&self) -> sqlx::SqlStr {
        use sqlx::{AssertSqlSafe, SqlSafeStr};
        match &self.0 {
            Text::Known(text) if !text.contains('?') => text.into_sql_str(),
            Text::Known(text) => AssertSqlSafe(marks::numbered(text)).into_sql_str(),
            Text::Rendered(rendered) => {
                let numbered = || marks::numbered(&rendered.text).into();
                AssertSqlSafe(Arc::clone(rendered.numbered.get_or_init(numbered))).into_sql_str()
            }
        }
    }

    /// The text, for a driver.
    #[cfg(feature = "sqlite")]
    pub(crate) fn text(&self) -> sqlx::SqlStr {
        use sqlx::SqlSafeStr;
        match &self.0 {
            Text::Known(text) => text.into_sql_str(),
            Text::Rendered(rendered) => sqlx::AssertSqlSafe(Arc::clone(&rendered.text)).into_sql_str(),
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
