//! `[user]`: the table of users.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[user]`: the user table (`AUTH_USER_MODEL`). A column that the table lacks is written as `""`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct UserSettings {
    /// The table's name (`db_table` of `AUTH_USER_MODEL`).
    pub table: String,
    /// The type of the primary key.
    pub id: UserIdType,
    /// The column of the primary key.
    pub id_field: String,
    /// The column that holds the name to log in with (`USERNAME_FIELD`).
    pub username_field: String,
    /// The column of the e-mail address (`EMAIL_FIELD`).
    pub email_field: String,
    /// The column of the first name.
    pub first_name_field: String,
    /// The column of the last name.
    pub last_name_field: String,
    /// The column of the last login.
    pub last_login_field: String,
    /// The column of the moment at which the account was made.
    pub date_joined_field: String,
    /// The column that says whether the account may be used; or `true`, for everyone.
    pub is_active: UserFlag,
    /// The column that says whether the user is staff; or `true` or `false`, for everyone.
    pub is_staff: UserFlag,
    /// The column that says whether the user has every permission; or `true` or `false`, for everyone.
    pub is_superuser: UserFlag,
    /// The table between users and groups; `<table>_groups` unless set, `""` for a model without `PermissionsMixin`.
    pub groups_table: Option<String>,
    /// The table between users and permissions; `<table>_user_permissions` unless set, `""` for a model without
    /// `PermissionsMixin`.
    pub permissions_table: Option<String>,
    /// The column of those two tables that names the user; unless set, what follows the last `_` of the table's name, and
    /// `_id`.
    pub link_field: Option<String>,
    /// Columns that hide a user where they are true, or hold anything (what the manager of `objects` filters out).
    pub hidden_by: Vec<String>,
    /// Further columns that are read with each user, and what they hold.
    pub fields: BTreeMap<String, UserFieldKind>,
    /// What a new user has in columns that only the project knows: a value, or `{ fresh = "now" }`, `{ fresh = "uuid" }`.
    pub new: BTreeMap<String, NewUserValue>,
    /// What ends a user's sessions when it changes (`get_session_auth_hash`).
    pub session_auth_hash: SessionAuthHashSettings,
}

super::of_field!(UserSettings, user);

impl Default for UserSettings {
    fn default() -> Self {
        let flag = |column: &str| UserFlag::Column(column.to_owned());
        Self {
            table: "auth_user".to_owned(),
            id: UserIdType::Int,
            id_field: "id".to_owned(),
            username_field: "username".to_owned(),
            email_field: "email".to_owned(),
            first_name_field: "first_name".to_owned(),
            last_name_field: "last_name".to_owned(),
            last_login_field: "last_login".to_owned(),
            date_joined_field: "date_joined".to_owned(),
            is_active: flag("is_active"),
            is_staff: flag("is_staff"),
            is_superuser: flag("is_superuser"),
            groups_table: None,
            permissions_table: None,
            link_field: None,
            hidden_by: Vec::new(),
            fields: BTreeMap::new(),
            new: BTreeMap::new(),
            session_auth_hash: SessionAuthHashSettings::default(),
        }
    }
}

/// The type of a user's primary key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum UserIdType {
    /// An integer (`AutoField`).
    Int,
    /// An integer of 64 bits (`BigAutoField`).
    Bigint,
    /// A UUID (`UUIDField`).
    Uuid,
    /// A text (`CharField`).
    Text,
}

/// A truth about each user: its column, or the same for everyone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged, expecting = "expected the name of a column, true or false")]
pub enum UserFlag {
    /// The same for everyone.
    Always(bool),
    /// A column.
    Column(String),
}

/// What a column of the user table holds, after Django's fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum UserFieldKind {
    /// A text, or JSON.
    Text,
    /// A whole number.
    Int,
    /// A UUID.
    Uuid,
    /// A truth value.
    Bool,
    /// A moment.
    Timestamp,
}

/// What a new user has in a column.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected a text, a number, true, false, { fresh = \"now\" } or { fresh = \"uuid\" }"
)]
pub enum NewUserValue {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Real(f64),
    /// A text.
    Text(String),
    /// Another one for every user.
    Fresh {
        /// Which.
        fresh: FreshValue,
        /// How many characters a random text has, up to 32.
        #[serde(default = "longest_text")]
        length: u8,
    },
}

/// A value that each new user has for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum FreshValue {
    /// The moment at which the account is made.
    Now,
    /// A random UUID.
    Uuid,
    /// A random text of hexadecimal digits.
    Text,
}

/// How many characters a random text has unless it is said.
fn longest_text() -> u8 {
    32
}

/// `[user.session_auth_hash]`: `AbstractBaseUser.get_session_auth_hash`, where the project has its own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SessionAuthHashSettings {
    /// The salt of the key (`key_salt`).
    pub key_salt: String,
    /// What is hashed: `{password}`, and `{column}` for columns of `[user.fields]`, such as `{password}{session_nonce}`.
    pub value: String,
    /// The algorithm, as `salted_hmac` names it.
    pub algorithm: SessionAuthAlgorithm,
}

impl Default for SessionAuthHashSettings {
    fn default() -> Self {
        Self {
            key_salt: "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash".to_owned(),
            value: "{password}".to_owned(),
            algorithm: SessionAuthAlgorithm::Sha256,
        }
    }
}

/// An algorithm of `salted_hmac`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SessionAuthAlgorithm {
    /// `salted_hmac`'s default.
    Sha1,
    /// What Django's own `get_session_auth_hash` uses.
    Sha256,
}
