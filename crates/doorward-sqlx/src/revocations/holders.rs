//! [`Holders`]: users with the moment of their last revocation.

use doorward_core::stores::UserField;

use crate::batch::Batch;
use crate::database::{self, Database, Row, Sql, Value};
use crate::names::Names;
use crate::schema::{ColumnKind, IdType};
use crate::users::{self, Columns};

/// A look-up by each column that may name a user.
#[derive(Debug)]
pub(super) struct Holders {
    by_id: Sql,
    by_ids: Batch,
    by_username: Sql,
    by_email: Option<Sql>,
    by_further: Vec<(ColumnKind, Sql)>,
    id: IdType,
}

impl Holders {
    pub(super) fn new(names: &Names, columns: &Columns, not_before: &str, join: &str) -> Self {
        let (user, dialect, shown) = (&names.user, names.dialect, &names.user.and_shown);
        let select = format!(
            "SELECT {}, {not_before} FROM {} u {join} WHERE",
            columns.list, user.table
        );
        let by = |kind, column: &String| {
            let condition = users::holds(dialect, kind, &format!("u.{column}"));
            Sql::rendered(format!("{select} {condition}{shown} LIMIT 2"))
        };
        Self {
            by_id: Sql::rendered(format!("{select} u.{} = ?{shown}", user.id)),
            by_ids: Batch::new(|ids| format!("{select} u.{} IN {ids}{shown}", user.id)),
            by_username: by(ColumnKind::Text, &user.username),
            by_email: user.email.as_ref().map(|column| by(ColumnKind::Text, column)),
            id: user.schema.id,
            by_further: users::further(names)
                .map(|(kind, column)| (kind, by(kind, &column)))
                .collect(),
        }
    }

    fn sql(&self, field: UserField, value: &str) -> Option<(&Sql, Value)> {
        Some(match field {
            UserField::Id => (&self.by_id, (&users::parse_id(value, self.id)?).into()),
            UserField::Username => (&self.by_username, value.into()),
            UserField::Email => (self.by_email.as_ref()?, value.into()),
            UserField::Further(place) => users::further_value(&self.by_further, place, value)?,
        })
    }

    /// The rows of those who are looked for.
    pub(super) async fn ask(
        &self,
        database: &Database,
        question: &Question<'_>,
    ) -> database::Result<Vec<Row>> {
        match question {
            Question::One(field, value) => match self.sql(*field, value) {
                Some((sql, value)) => database.fetch_all(sql, [value]).await,
                None => Ok(Vec::new()),
            },
            Question::Each(ids) => self.by_ids.fetch(database, ids, |ids| ids).await,
        }
    }
}

/// Who is looked for.
pub(super) enum Question<'a> {
    /// Whose column holds that.
    One(UserField, &'a str),
    /// Those of these primary keys.
    Each(Vec<Value>),
}
