//! [`User`] and [`UserId`]: who a caller is.

mod column;
mod further;
mod principal;

use std::fmt;
use std::sync::Arc;

use further::python_text;
pub use further::{DecodeError, FurtherColumns};
use principal::Principal;
pub use principal::PrincipalKind;

use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use serde::{Serialize, Serializer};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// A user's primary key, whatever its type in the database; shown as Django's `str(pk)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UserId {
    /// An integer, Django's default.
    Int(i64),
    /// A UUID, shown with hyphens.
    Uuid(Uuid),
    /// Any text.
    Text(Arc<str>),
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(number) => number.fmt(f),
            Self::Uuid(uuid) => uuid.hyphenated().fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl Serialize for UserId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Int(number) => serializer.serialize_i64(*number),
            other => serializer.collect_str(other),
        }
    }
}

impl From<i64> for UserId {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

/// A row of the user table (`django.contrib.auth.models.AbstractUser`).
#[derive(Clone, Debug)]
pub struct UserRow {
    /// The primary key.
    pub id: UserId,
    /// The name to log in with.
    pub username: String,
    /// The encoded password, as `django.contrib.auth.hashers` writes it.
    pub password: Secret<String>,
    /// The e-mail address; may be empty.
    pub email: String,
    /// The first name; may be empty.
    pub first_name: String,
    /// The last name; may be empty.
    pub last_name: String,
    /// Whether the account may be used at all.
    pub is_active: bool,
    /// Whether the user may enter the admin site.
    pub is_staff: bool,
    /// Whether the user has every permission.
    pub is_superuser: bool,
    /// The last session login.
    pub last_login: Option<Timestamp>,
    /// When the account was made.
    pub date_joined: Timestamp,
    /// What stands in the columns that `[user] fields` names.
    pub further: FurtherColumns,
}

impl UserRow {
    /// Whether both have the same encoded password: nobody changed it between two look-ups.
    #[must_use]
    pub fn has_same_password(&self, other: &Self) -> bool {
        let (one, other) = (self.password.expose(), other.password.expose());
        one.as_bytes().ct_eq(other.as_bytes()).into()
    }

    /// What is in a column, as Python's `str` writes it; empty for one that is not read.
    pub(crate) fn text_of(&self, column: &str) -> String {
        if let Some(value) = self.further.get(column) {
            return python_text(value);
        }
        match column {
            "password" => self.password.expose().clone(),
            "username" => self.username.clone(),
            "email" => self.email.clone(),
            "first_name" => self.first_name.clone(),
            "last_name" => self.last_name.clone(),
            _ => String::new(),
        }
    }

    /// The same user with another encoded password.
    #[must_use]
    pub fn with_password(&self, password: Secret<String>) -> Self {
        Self {
            password,
            ..self.clone()
        }
    }
}

/// Who the caller is: a row of the user table, what a stateless token says of its bearer, or somebody who is no user
/// ([`PrincipalKind`]).
///
/// As an argument of a handler it refuses anonymous callers; `Option<User>` lets them in.
/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct User(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Row(Arc<UserRow>),
    Token(Arc<TokenUser>),
    Principal(Arc<Principal>),
}

impl User {
    /// The primary key, or the token's user claim; of who is no user its kind and name, such as `Device:42`.
    #[must_use]
    pub fn id(&self) -> &UserId {
        match &self.0 {
            Kind::Row(row) => &row.id,
            Kind::Token(token) => &token.id,
            Kind::Principal(principal) => &principal.id,
        }
    }

    /// The user name; empty where a token names none, and of who is no user the same as its id.
    #[must_use]
    pub fn username(&self) -> &str {
        match &self.0 {
            Kind::Row(row) => &row.username,
            Kind::Token(token) => &token.username,
            Kind::Principal(principal) => principal.text(),
        }
    }

    /// The e-mail address; empty where there is none.
    #[must_use]
    pub fn email(&self) -> &str {
        self.row().map_or("", |row| &row.email)
    }

    /// Whether the account may be used. A stateless token's bearer always is, and who is no user.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.row().is_none_or(|row| row.is_active)
    }

    /// Whether the user is staff: what [`crate::permissions::IsAdminUser`] asks.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        match &self.0 {
            Kind::Row(row) => row.is_staff,
            Kind::Token(token) => token.is_staff,
            Kind::Principal(_) => false,
        }
    }

    /// Whether the user has every permission.
    #[must_use]
    pub fn is_superuser(&self) -> bool {
        match &self.0 {
            Kind::Row(row) => row.is_superuser,
            Kind::Token(token) => token.is_superuser,
            Kind::Principal(_) => false,
        }
    }

    /// The row of the user table; `None` for the bearer of a stateless token, and for who is no user.
    #[must_use]
    pub fn row(&self) -> Option<&Arc<UserRow>> {
        match &self.0 {
            Kind::Row(row) => Some(row),
            Kind::Token(_) | Kind::Principal(_) => None,
        }
    }
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self(Kind::Row(Arc::new(row)))
    }
}

impl From<Arc<UserRow>> for User {
    fn from(row: Arc<UserRow>) -> Self {
        Self(Kind::Row(row))
    }
}

impl From<TokenUser> for User {
    fn from(token: TokenUser) -> Self {
        Self(Kind::Token(Arc::new(token)))
    }
}

/// What a token alone says of its bearer (`rest_framework_simplejwt.models.TokenUser`): no row was read.
#[derive(Clone, Debug)]
pub struct TokenUser {
    /// The user claim, as it stands in the token.
    pub id: UserId,
    /// The claim `username`, or empty.
    pub username: String,
    /// The claim `is_staff`, or false.
    pub is_staff: bool,
    /// The claim `is_superuser`, or false.
    pub is_superuser: bool,
}
