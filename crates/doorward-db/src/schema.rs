//! [`Schema`]: what the tables are called.

pub use crate::dialect::IdType;

use crate::dialect::Dialect;

/// The names of Django's tables; all SQL takes them from here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// The user table.
    pub user: UserSchema,
}

/// The user table (`AUTH_USER_MODEL`): Django's `auth_user`, or a table of the project's own.
///
/// A column that the table does not have is `None`, and its users have what `AbstractBaseUser` gives them: no name, no
/// e-mail address, active, neither staff nor superuser.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserSchema {
    /// The table.
    pub table: String,
    /// The type of the primary key.
    pub id: IdType,
    /// The column of the primary key.
    pub id_column: String,
    /// `USERNAME_FIELD`.
    pub username_column: String,
    /// `EMAIL_FIELD`.
    pub email_column: Option<String>,
    /// The first name.
    pub first_name_column: Option<String>,
    /// The last name.
    pub last_name_column: Option<String>,
    /// Whether the account may be used.
    pub is_active_column: Option<String>,
    /// Whether the user may enter the admin site.
    pub is_staff_column: Option<String>,
    /// Whether the user has every permission.
    pub is_superuser_column: Option<String>,
    /// When the account was made.
    pub date_joined_column: Option<String>,
    /// The table between users and groups.
    pub groups_table: String,
    /// The table between users and permissions.
    pub permissions_table: String,
    /// The column of those two tables that names the user.
    pub link_column: String,
}

impl Default for UserSchema {
    fn default() -> Self {
        Self::new("auth_user", IdType::Int, "username")
    }
}

impl UserSchema {
    /// A table with the columns of `AbstractUser`, but for its key and the name to log in with.
    ///
    /// The tables to groups and permissions are named as Django names them; the model's name is taken to be what
    /// follows the last `_` of the table's.
    #[must_use]
    pub fn new(table: &str, id: IdType, username_column: &str) -> Self {
        let column = |name: &str| Some(name.to_owned());
        let model = table.rsplit('_').next().unwrap_or(table);
        Self {
            table: table.to_owned(),
            id,
            id_column: "id".to_owned(),
            username_column: username_column.to_owned(),
            email_column: column("email"),
            first_name_column: column("first_name"),
            last_name_column: column("last_name"),
            is_active_column: column("is_active"),
            is_staff_column: column("is_staff"),
            is_superuser_column: column("is_superuser"),
            date_joined_column: column("date_joined"),
            groups_table: format!("{table}_groups"),
            permissions_table: format!("{table}_user_permissions"),
            link_column: format!("{model}_id"),
        }
    }
}

/// What migrations need of a schema: the database's dialect, and the names of the user table.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) dialect: Dialect,
    pub(crate) user: UserNames,
}

impl Names {
    pub(crate) fn new(dialect: Dialect, schema: &Schema) -> Self {
        Self {
            dialect,
            user: UserNames::new(dialect, &schema.user),
        }
    }
}

/// The names of the user table, in quotes, ready to be put into SQL.
#[derive(Debug)]
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
    /// The table between users and groups.
    pub groups: String,
    /// The table between users and permissions.
    pub permissions: String,
    /// The column of those two tables that names the user.
    pub link: String,
}

impl UserNames {
    /// The names of that table, as `dialect` quotes them.
    #[must_use]
    pub fn new(dialect: Dialect, schema: &UserSchema) -> Self {
        let quote = |name: &String| dialect.quote(name);
        Self {
            schema: schema.clone(),
            table: quote(&schema.table),
            id: quote(&schema.id_column),
            username: quote(&schema.username_column),
            email: schema.email_column.as_ref().map(quote),
            groups: quote(&schema.groups_table),
            permissions: quote(&schema.permissions_table),
            link: quote(&schema.link_column),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_djangos() {
        let user = UserSchema::default();
        assert_eq!(user.groups_table, "auth_user_groups");
        assert_eq!(user.permissions_table, "auth_user_user_permissions");
        assert_eq!(user.link_column, "user_id");
    }

    #[test]
    fn a_table_of_ones_own() {
        let user = UserSchema::new("accounts_account", IdType::Uuid, "email");
        assert_eq!(user.groups_table, "accounts_account_groups");
        assert_eq!(user.link_column, "account_id");
    }
}
