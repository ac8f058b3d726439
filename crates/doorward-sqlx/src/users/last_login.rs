//! [`LastLogin`]: when a user logged in, for tables that keep it.

use doorward_core::user::UserId;
use doorward_django::timestamp::Timestamp;

use crate::database::{self, Sql, Transaction};
use crate::names::Names;

/// Sets `last_login`, where the user table has it.
#[derive(Debug)]
pub(crate) struct LastLogin(Option<Sql>);

impl LastLogin {
    pub(crate) fn new(names: &Names) -> Self {
        let user = &names.user;
        let column = user.schema.last_login_column.as_ref();
        Self(column.map(|column| {
            let column = names.dialect.quote(column);
            let sql = format!("UPDATE {} SET {column} = ? WHERE {} = ?", user.table, user.id);
            Sql::rendered(sql)
        }))
    }

    /// The statement: the moment, then whose.
    pub(crate) fn sql(&self) -> Option<&Sql> {
        self.0.as_ref()
    }

    /// Sets it in a transaction.
    pub(crate) async fn set(
        &self,
        user: Option<&UserId>,
        at: Timestamp,
        transaction: &mut Transaction,
    ) -> database::Result<()> {
        if let Some(sql) = &self.0 {
            transaction.execute(sql, [at.into(), user.into()]).await?;
        }
        Ok(())
    }
}
