//! [`UserSchema`]: what the table of users is called, and its columns.

use doorward_django::timestamp::Timestamp;
use uuid::Uuid;

use super::IdType;
use crate::sql::{FromValue, Value};

/// The user table (`AUTH_USER_MODEL`): Django's `auth_user`, or a table of the project's own.
///
/// A column that the table does not have is `None`, and its users have what `AbstractBaseUser` gives them: no name, no
/// e-mail address, never logged in.
#[derive(Clone, Debug, PartialEq)]
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
    /// When the user last logged in.
    pub last_login_column: Option<String>,
    /// When the account was made.
    pub date_joined_column: Option<String>,
    /// Whether the account may be used.
    pub is_active: Flag,
    /// Whether the user may enter the admin site.
    pub is_staff: Flag,
    /// Whether the user has every permission.
    pub is_superuser: Flag,
    /// The tables to groups and permissions; `None` for a model without `PermissionsMixin`, whose users have neither.
    pub links: Option<UserLinks>,
    /// Columns that hide a user where they are set: a truth value that is true, or any other that is not null (what a
    /// manager filters out).
    pub hidden_by: Vec<String>,
    /// Further columns that are read with each user.
    pub further_columns: Vec<FurtherColumn>,
    /// What a new user has in columns that only the project knows (`default=` of Django's fields lies in Python alone).
    pub new_columns: Vec<NewColumn>,
}

/// A truth about each user: in a column, or the same for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flag {
    /// The column that says it.
    Column(String),
    /// The table has no such column: it is so for every user.
    Always(bool),
}

impl Flag {
    /// The column, if there is one.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Column(name) => Some(name),
            Self::Always(_) => None,
        }
    }
}

/// The tables between users, groups and permissions (`PermissionsMixin`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserLinks {
    /// The table between users and groups.
    pub groups_table: String,
    /// The table between users and permissions.
    pub permissions_table: String,
    /// The column of both that names the user.
    pub column: String,
}

/// A column of the user table that only the project knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FurtherColumn {
    /// The column.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
}

/// What a column holds, as Django's fields have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColumnKind {
    /// A text (`CharField`, `TextField`, `EmailField` …), JSON (`JSONField`), or anything else that the database tells as a
    /// text.
    Text,
    /// A whole number (`IntegerField`, `ForeignKey` to integers).
    Int,
    /// A UUID (`UUIDField`).
    Uuid,
    /// A truth value (`BooleanField`).
    Bool,
    /// A moment (`DateTimeField`).
    Timestamp,
}

impl ColumnKind {
    /// A value as it was read, as one of this kind; unchanged where it is none.
    #[must_use]
    pub fn read(self, value: Value) -> Value {
        let same = value.clone();
        let read = match self {
            Self::Text => None,
            Self::Int => i64::from_value(value).map(Value::Int),
            Self::Uuid => Uuid::from_value(value).map(Value::Uuid),
            Self::Bool => bool::from_value(value).map(Value::Bool),
            Self::Timestamp => Timestamp::from_value(value).map(Value::Timestamp),
        };
        read.unwrap_or(same)
    }

    /// The value that a text stands for, to look for in a column of this kind; `None` where no row could hold it, and for
    /// kinds that name nobody. Numbers and UUIDs have one spelling.
    #[must_use]
    pub fn parse(self, text: &str) -> Option<Value> {
        let is_canonical = |shown: String| shown == text;
        match self {
            Self::Text => Some(text.into()),
            Self::Int => {
                let number: i64 = text.parse().ok()?;
                is_canonical(number.to_string()).then_some(number.into())
            }
            Self::Uuid => {
                let uuid = Uuid::parse_str(text).ok()?;
                is_canonical(uuid.hyphenated().to_string()).then_some(uuid.into())
            }
            Self::Bool | Self::Timestamp => None,
        }
    }
}

/// What a new user has in a column.
#[derive(Clone, Debug, PartialEq)]
pub struct NewColumn {
    /// The column.
    pub name: String,
    /// What goes into it.
    pub value: NewValue,
}

/// A value for a new user.
#[derive(Clone, Debug, PartialEq)]
pub enum NewValue {
    /// The same for everyone.
    Fixed(Value),
    /// The moment at which the account is made.
    Now,
    /// A random UUID (version 4).
    RandomUuid,
    /// That many random hexadecimal digits, 32 at most.
    RandomText(u8),
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
        let flag = |name: &str| Flag::Column(name.to_owned());
        Self {
            table: table.to_owned(),
            id,
            id_column: "id".to_owned(),
            username_column: username_column.to_owned(),
            email_column: column("email"),
            first_name_column: column("first_name"),
            last_name_column: column("last_name"),
            last_login_column: column("last_login"),
            date_joined_column: column("date_joined"),
            is_active: flag("is_active"),
            is_staff: flag("is_staff"),
            is_superuser: flag("is_superuser"),
            links: Some(UserLinks::of(table)),
            hidden_by: Vec::new(),
            further_columns: Vec::new(),
            new_columns: Vec::new(),
        }
    }
}

impl UserLinks {
    /// As Django names them for a user table.
    #[must_use]
    pub fn of(table: &str) -> Self {
        let model = table.rsplit('_').next().unwrap_or(table);
        Self {
            groups_table: format!("{table}_groups"),
            permissions_table: format!("{table}_user_permissions"),
            column: format!("{model}_id"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_djangos() {
        let links = UserSchema::default().links.expect("links");
        assert_eq!(links.groups_table, "auth_user_groups");
        assert_eq!(links.permissions_table, "auth_user_user_permissions");
        assert_eq!(links.column, "user_id");
    }

    #[test]
    fn what_is_looked_for_has_one_spelling() {
        let uuid = "9b2b7a0e-5f1f-4d3a-8a54-0d3a3f0d1c11";
        for (kind, text, is_someone) in [
            (ColumnKind::Text, " any ", true),
            (ColumnKind::Int, "7", true),
            (ColumnKind::Int, "07", false),
            (ColumnKind::Int, "9999999999999999999", false),
            (ColumnKind::Uuid, uuid, true),
            (ColumnKind::Uuid, "9b2b7a0e5f1f4d3a8a540d3a3f0d1c11", false),
            (ColumnKind::Uuid, "nobody", false),
            (ColumnKind::Bool, "true", false),
        ] {
            assert_eq!(kind.parse(text).is_some(), is_someone, "{kind:?} {text}");
        }
    }

    #[test]
    fn what_sqlite_keeps_otherwise_is_read_as_it_is_meant() {
        let uuid = Uuid::from_u128(7);
        assert_eq!(
            ColumnKind::Uuid.read(uuid.simple().to_string().into()),
            Value::Uuid(uuid)
        );
        assert_eq!(ColumnKind::Bool.read(1.into()), Value::Bool(true));
        assert_eq!(ColumnKind::Int.read("odd".into()), "odd".into());
        assert_eq!(ColumnKind::Uuid.read(Value::Null), Value::Null);
    }

    #[test]
    fn a_table_of_ones_own() {
        let user = UserSchema::new("accounts_account", IdType::Uuid, "email");
        let links = user.links.expect("links");
        assert_eq!(links.groups_table, "accounts_account_groups");
        assert_eq!(links.column, "account_id");
    }
}
