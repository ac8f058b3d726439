//! [`Schema`]: what the tables are called.

mod times;
mod user;

pub use crate::dialect::IdType;
pub use times::Times;
pub use user::{ColumnKind, Flag, FurtherColumn, NewColumn, NewValue, UserLinks, UserSchema};

use crate::dialect::Dialect;

/// What Django's tables are like: their names, which all SQL takes from here, and the times in them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// The user table.
    pub user: UserSchema,
    /// How moments stand in the tables.
    pub times: Times,
}

/// What migrations need of a schema: the database's dialect, and the names of the user table.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) dialect: Dialect,
    pub(crate) user: UserNames,
    pub(crate) times: Times,
    /// The type of a column that refers to a user.
    pub(crate) user_id: String,
}

impl Names {
    pub(crate) fn new(dialect: Dialect, schema: &Schema) -> Self {
        Self {
            dialect,
            user: UserNames::new(dialect, &schema.user),
            times: schema.times.clone(),
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
