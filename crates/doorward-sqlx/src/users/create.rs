//! The statement that makes a user.

use doorward_core::stores::NewUser;

use crate::database::{Sql, Value};
use crate::names::Names;
use crate::schema::IdType;

/// Inserts the columns that the table has.
#[derive(Debug)]
pub(super) struct Create {
    pub(super) sql: Sql,
    /// Which of the values of a new user have a column.
    kept: [bool; 6],
}

impl Create {
    pub(super) fn new(names: &Names) -> Self {
        let user = &names.user;
        let quoted = |column: &Option<String>| column.as_ref().map(|name| names.dialect.quote(name));
        let given = [
            Some(user.username.clone()),
            Some("password".to_owned()),
            quoted(&user.schema.email_column),
            quoted(&user.schema.is_staff_column),
            quoted(&user.schema.is_superuser_column),
            quoted(&user.schema.date_joined_column),
        ];
        let kept = given.each_ref().map(Option::is_some);
        let given = given.into_iter().map(|column| (column, "?"));
        let columns = given.chain(fixed(names));
        let columns = columns.filter_map(|(column, value)| Some((column?, value)));
        let (columns, values): (Vec<_>, Vec<_>) = columns.unzip();
        let (columns, values) = (columns.join(", "), values.join(", "));
        let sql = format!("INSERT INTO {} ({columns}) VALUES ({values})", user.table);
        Self {
            sql: Sql::rendered(sql),
            kept,
        }
    }

    /// What goes in at its marks.
    pub(super) fn values(&self, user: NewUser) -> Vec<Value> {
        let values = [
            user.username.into(),
            (&user.password).into(),
            user.email.into(),
            user.is_staff.into(),
            user.is_superuser.into(),
            user.date_joined.into(),
        ];
        let kept = values.into_iter().zip(self.kept).filter(|(_, is_kept)| *is_kept);
        kept.map(|(value, _)| value).collect()
    }
}

/// The columns that are the same for every new user, and what is in them.
fn fixed(names: &Names) -> [(Option<String>, &'static str); 4] {
    let (schema, dialect) = (&names.user.schema, names.dialect);
    let quoted = |column: &Option<String>| column.as_ref().map(|name| dialect.quote(name));
    let key = (schema.id == IdType::Uuid).then(|| names.user.id.clone());
    [
        (quoted(&schema.is_active_column), dialect.truth(true)),
        (quoted(&schema.first_name_column), "''"),
        (quoted(&schema.last_name_column), "''"),
        (key, dialect.random_uuid()),
    ]
}
