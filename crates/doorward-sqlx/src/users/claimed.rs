//! [`Claimed`]: who has a new user's name or address already, shown or hidden.

use doorward_core::stores::UserField;

use super::Columns;
use crate::database::Sql;
use crate::names::Names;
use crate::schema::UserNames;

/// The statements of a creation. What a hidden user has is taken: its row is still there, and may be shown again.
#[derive(Debug)]
pub(super) struct Claimed {
    /// A row where somebody has that name, as the database compares names where they are unique.
    pub(super) taken: Sql,
    username_ignoring_case: Sql,
    email_ignoring_case: Option<Sql>,
}

impl Claimed {
    pub(super) fn new(names: &Names, columns: &Columns) -> Self {
        let (user, dialect) = (&names.user, names.dialect);
        let UserNames {
            table, id, username, ..
        } = user;
        let taken = dialect.clashes(&format!("u.{username}"));
        let ignoring_case = |column: &String| {
            let condition = dialect.ignoring_case(&format!("u.{column}"));
            let select = format!("SELECT {} FROM {table} u", columns.list);
            Sql::rendered(format!("{select} WHERE {condition} ORDER BY u.{id} LIMIT 100"))
        };
        Self {
            taken: Sql::rendered(format!("SELECT 1 FROM {table} u WHERE {taken} LIMIT 1")),
            username_ignoring_case: ignoring_case(username),
            email_ignoring_case: user.email.as_ref().map(ignoring_case),
        }
    }

    /// What looks for a text in that column, whatever its case.
    pub(super) fn ignoring_case(&self, field: UserField) -> Option<&Sql> {
        match field {
            UserField::Username => Some(&self.username_ignoring_case),
            UserField::Email => self.email_ignoring_case.as_ref(),
            UserField::Id | UserField::Further(_) => None,
        }
    }
}
