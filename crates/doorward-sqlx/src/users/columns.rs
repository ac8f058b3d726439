//! What is read of the user table, here and where tokens are joined with it.

use std::sync::Arc;

use doorward_core::user::{FurtherColumns, UserId, UserRow};
use doorward_db::Dialect;
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use uuid::Uuid;

use crate::database::{self, Row, Sql, Value};
use crate::names::Names;
use crate::schema::{ColumnKind, Flag, IdType, Times, UserNames};

/// How many columns every user has.
const COMMON: usize = 11;

/// The columns of a user, and how a row of them is read.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    /// The names, of the user table under the alias `u`.
    pub(crate) list: String,
    /// How many there are.
    pub(crate) count: usize,
    id: IdType,
    further: Arc<[String]>,
    kinds: Vec<ColumnKind>,
    times: Times,
}

impl Columns {
    pub(crate) fn new(names: &Names) -> Self {
        let schema = &names.user.schema;
        let further = schema.further_columns.iter();
        let further = further.map(|column| format!("u.{}", names.dialect.quote(&column.name)));
        let list: Vec<_> = common(names).into_iter().chain(further).collect();
        Self {
            count: list.len(),
            list: list.join(", "),
            id: schema.id,
            further: schema
                .further_columns
                .iter()
                .map(|column| column.name.clone())
                .collect(),
            kinds: schema.further_columns.iter().map(|column| column.kind).collect(),
            times: names.times.clone(),
        }
    }

    /// A user from the columns of a row that begin at `start`.
    pub(crate) fn read(&self, row: &mut Row, start: usize) -> database::Result<UserRow> {
        Ok(UserRow {
            id: read_id(row, start, self.id)?,
            username: text(row, start + 1)?,
            password: Secret::new(row.take(start + 2)?),
            email: text(row, start + 3)?,
            first_name: text(row, start + 4)?,
            last_name: text(row, start + 5)?,
            is_active: truth(row, start + 6)?,
            is_staff: truth(row, start + 7)?,
            is_superuser: truth(row, start + 8)?,
            last_login: self.times.take_optional(row, start + 9)?,
            date_joined: self
                .times
                .take_optional(row, start + 10)?
                .unwrap_or(Timestamp::from_secs(0)),
            further: self.read_further(row, start + COMMON)?,
        })
    }

    fn read_further(&self, row: &mut Row, start: usize) -> database::Result<FurtherColumns> {
        if self.further.is_empty() {
            return Ok(FurtherColumns::default());
        }
        let places = (start..).zip(&self.kinds);
        let values = places.map(|(place, kind)| self.read_one(*kind, row, place));
        let values = values.collect::<database::Result<_>>()?;
        Ok(FurtherColumns::new(Arc::clone(&self.further), values))
    }
}

impl Columns {
    fn read_one(&self, kind: ColumnKind, row: &mut Row, place: usize) -> database::Result<Value> {
        let value = row.take(place)?;
        Ok(match kind {
            ColumnKind::Timestamp => self.times.read(value),
            kind => kind.read(value),
        })
    }
}

/// A text that may be `NULL`.
fn text(row: &mut Row, column: usize) -> database::Result<String> {
    Ok(row.take::<Option<_>>(column)?.unwrap_or_default())
}

/// A flag that may be `NULL`: it is not set, as Python takes `None`.
fn truth(row: &mut Row, column: usize) -> database::Result<bool> {
    Ok(row.take::<Option<_>>(column)?.unwrap_or_default())
}

/// The columns that every user has, or what stands for one that the table lacks.
fn common(names: &Names) -> [String; COMMON] {
    let UserNames {
        id, username, schema, ..
    } = &names.user;
    let column = |name: &String| format!("u.{}", names.dialect.quote(name));
    let or = |name: &Option<String>, value: &str| name.as_ref().map_or_else(|| value.to_owned(), column);
    let flag = |flag: &Flag| match flag {
        Flag::Column(name) => column(name),
        Flag::Always(truth) => names.dialect.truth(*truth).to_owned(),
    };
    [
        format!("u.{id}"),
        format!("u.{username}"),
        "u.password".to_owned(),
        or(&schema.email_column, "''"),
        or(&schema.first_name_column, "''"),
        or(&schema.last_name_column, "''"),
        flag(&schema.is_active),
        flag(&schema.is_staff),
        flag(&schema.is_superuser),
        or(&schema.last_login_column, "NULL"),
        or(&schema.date_joined_column, "NULL"),
    ]
}

/// What a transaction holds in which nobody else changes a user's tokens; tokens of nobody are one user's.
pub(crate) fn tokens_of(user: Option<&UserId>) -> String {
    user.map_or_else(|| "tokens".to_owned(), |user| format!("tokens of {user}"))
}

/// A user's key from a column.
pub(crate) fn read_id(row: &mut Row, column: usize, id: IdType) -> database::Result<UserId> {
    Ok(match id {
        IdType::Int | IdType::BigInt => UserId::Int(row.take(column)?),
        IdType::Uuid => UserId::Uuid(row.take(column)?),
        IdType::Text => UserId::Text(row.take::<String>(column)?.into()),
    })
}

/// The key that a text stands for.
pub(crate) fn parse_id(text: &str, id: IdType) -> Option<UserId> {
    let id = match id {
        IdType::Int | IdType::BigInt => UserId::Int(text.parse().ok()?),
        IdType::Uuid => UserId::Uuid(Uuid::parse_str(text).ok()?),
        IdType::Text => UserId::Text(text.into()),
    };
    // One text per user: "+7", "07" and a UUID in braces are nobody's.
    (id.to_string() == text).then_some(id)
}

/// The further columns, in quotes.
pub(crate) fn further(names: &Names) -> impl Iterator<Item = (ColumnKind, String)> {
    let columns = names.user.schema.further_columns.iter();
    columns.map(|column| (column.kind, names.dialect.quote(&column.name)))
}

/// The condition that a further column holds what a mark stands for: a text is compared letter by letter; numbers and UUIDs
/// have several spellings in the database, and one value.
pub(crate) fn holds(dialect: Dialect, kind: ColumnKind, column: &str) -> String {
    match kind {
        ColumnKind::Text => dialect.exactly(column),
        _ => format!("{column} = ?"),
    }
}

/// The statement that looks in a further column, and what it looks for.
pub(crate) fn further_value<'s>(
    by_further: &'s [(ColumnKind, Sql)],
    place: usize,
    text: &str,
) -> Option<(&'s Sql, Value)> {
    let (kind, sql) = by_further.get(place)?;
    Some((sql, kind.parse(text)?))
}
