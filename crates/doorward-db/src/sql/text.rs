//! [`Sql`]: the text of a statement.

use std::fmt;
use std::sync::{Arc, OnceLock};

#[cfg(any(feature = "mariadb", feature = "postgres"))]
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
    /// With a mark for each value in its order, once somebody asked.
    #[cfg(feature = "mariadb")]
    in_order: OnceLock<Arc<marks::InOrder>>,
    /// What the columns of its first result were called.
    columns: OnceLock<Arc<[String]>>,
}

impl Sql {
    /// A statement that was put together once, of trusted parts.
    #[must_use]
    pub fn rendered(text: String) -> Self {
        Self(Text::Rendered(Arc::new(Rendered {
            text: text.into(),
            #[cfg(feature = "postgres")]
            numbered: OnceLock::new(),
            #[cfg(feature = "mariadb")]
            in_order: OnceLock::new(),
            columns: OnceLock::new(),
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

    /// The names of a result's columns, made once where the statement was rendered.
    pub(crate) fn columns<'a>(&self, names: &(impl Iterator<Item = &'a str> + Clone)) -> Arc<[String]> {
        let make = || names.clone().map(str::to_owned).collect::<Arc<[String]>>();
        let Text::Rendered(rendered) = &self.0 else {
            return make();
        };
        let known = rendered.columns.get_or_init(make);
        // A table may have been altered since.
        match known.iter().map(String::as_str).eq(names.clone()) {
            true => Arc::clone(known),
            false => make(),
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

    /// The text with a `?` for each value, and which value stands at each, for a driver.
    #[cfg(feature = "mariadb")]
    pub(crate) fn in_order(&self) -> Arc<marks::InOrder> {
        match &self.0 {
            Text::Known(text) => Arc::new(marks::InOrder::of(text)),
            Text::Rendered(rendered) => {
                let in_order = || Arc::new(marks::InOrder::of(&rendered.text));
                Arc::clone(rendered.in_order.get_or_init(in_order))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_columns_are_kept_until_they_change() {
        let sql = Sql::rendered("SELECT * FROM t".to_owned());
        let first = sql.columns(&["a", "b"].into_iter());
        assert!(Arc::ptr_eq(&first, &sql.columns(&["a", "b"].into_iter())));
        assert_eq!(*sql.columns(&["a", "c"].into_iter()), ["a", "c"]);
        assert_eq!(*sql.columns(&["a"].into_iter()), ["a"]);
    }
}
