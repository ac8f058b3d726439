//! What is read of the user table, here and where tokens are joined with it.

use doorward_core::user::{UserId, UserRow};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use uuid::Uuid;

use crate::database::{self, Row};
use crate::names::Names;
use crate::schema::{IdType, UserNames};

/// How many columns [`columns`] lists.
pub(crate) const COLUMNS: usize = 11;

/// What [`read`] reads, of the user table under the alias `u`.
pub(crate) fn columns(names: &Names) -> String {
    let UserNames {
        id, username, schema, ..
    } = &names.user;
    let or = |column: &Option<String>, value: &str| match column {
        Some(column) => format!("u.{}", names.dialect.quote(column)),
        None => value.to_owned(),
    };
    [
        format!("u.{id}"),
        format!("u.{username}"),
        "u.password".to_owned(),
        or(&schema.email_column, "''"),
        or(&schema.first_name_column, "''"),
        or(&schema.last_name_column, "''"),
        or(&schema.is_active_column, names.dialect.truth(true)),
        or(&schema.is_staff_column, names.dialect.truth(false)),
        or(&schema.is_superuser_column, names.dialect.truth(false)),
        "u.last_login".to_owned(),
        or(&schema.date_joined_column, "NULL"),
    ]
    .join(", ")
}

/// A user from the columns of a row that begin at `start`.
pub(crate) fn read(row: &mut Row, start: usize, id: IdType) -> database::Result<UserRow> {
    Ok(UserRow {
        id: read_id(row, start, id)?,
        username: row.take(start + 1)?,
        password: Secret::new(row.take(start + 2)?),
        email: row.take::<Option<_>>(start + 3)?.unwrap_or_default(),
        first_name: row.take::<Option<_>>(start + 4)?.unwrap_or_default(),
        last_name: row.take::<Option<_>>(start + 5)?.unwrap_or_default(),
        is_active: row.take(start + 6)?,
        is_staff: row.take(start + 7)?,
        is_superuser: row.take(start + 8)?,
        last_login: row.take(start + 9)?,
        date_joined: row
            .take::<Option<_>>(start + 10)?
            .unwrap_or(Timestamp::from_secs(0)),
    })
}

/// What a transaction holds in which nobody else changes a user's tokens; tokens of nobody are one user's.
pub(crate) fn tokens_of(user: Option<&UserId>) -> String {
    user.map_or_else(|| "tokens".to_owned(), |user| format!("tokens of {user}"))
}

/// A user's key from a column.
pub(crate) fn read_id(row: &mut Row, column: usize, id: IdType) -> database::Result<UserId> {
    Ok(match id {
        IdType::Int => UserId::Int(row.take(column)?),
        IdType::Uuid => UserId::Uuid(row.take(column)?),
        IdType::Text => UserId::Text(row.take::<String>(column)?.into()),
    })
}

/// The key that a text stands for.
pub(crate) fn parse_id(text: &str, id: IdType) -> Option<UserId> {
    let id = match id {
        IdType::Int => UserId::Int(text.parse().ok()?),
        IdType::Uuid => UserId::Uuid(Uuid::parse_str(text).ok()?),
        IdType::Text => UserId::Text(text.into()),
    };
    // One text per user: "+7", "07" and a UUID in braces are nobody's.
    (id.to_string() == text).then_some(id)
}
