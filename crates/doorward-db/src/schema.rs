//! [`Schema`]: what the tables are called.

mod user;

pub use crate::dialect::IdType;
pub use user::{ColumnKind, Flag, FurtherColumn, NewColumn, NewValue, UserLinks, UserSchema};

use crate::dialect::Dialect;

/// The names of Django's tables; all SQL takes them from here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// The user table.
    pub user: UserSchema,
}

/// What migrations need of a schema: the database's dialect, and the names of the user table.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) dialect: Dialect,
    pub(crate) user: UserNames,
    /// The type of a column that refers to a user.
    pub(crate) user_id: String,
}

impl Names {
    pub(crate) fn new(dialect: Dialect, schema: &Schema) -> Self {
        Self {
            dialect,
            user: UserNames::new(dialect, &schema.user),
            user_id: dialect.user_id_type(schema.user.id).to_owned(),
        }
    }
}

/// The names of the user table, in quotes, ready to be put into SQL.
#[derive(Clone, Debug)]
pub struct UserNames {
    /// The names as they are.
    pub schema: UserSchema,
    /// The table.
    pub table: String,
    /// Its primary key.
    pub id: String,
    /// `USERNAME_FIELD`.
    pub username: String,
    /// `EMAIL_FIELD`.
    pub email: Option<String>,
    /// The condition that a row of the table, under the alias `u`, is not hidden; with ` AND ` before it, or nothing.
    pub and_shown: String,
}

impl UserNames {
    /// The names of that table, as `dialect` quotes them.
    #[must_use]
    pub fn new(dialect: Dialect, schema: &UserSchema) -> Self {
        let quote = |name: &String| dialect.quote(name);
        let hidden = schema.hidden_by.iter();
        let shown =
            hidden.map(|column| format!(" AND {}", dialect.is_unset(&format!("u.{}", quote(column)))));
        Self {
            table: quote(&schema.table),
            id: quote(&schema.id_column),
            username: quote(&schema.username_column),
            email: schema.email_column.as_ref().map(quote),
            and_shown: shown.collect(),
            schema: schema.clone(),
        }
    }
}
