//! [`LastLogin`]: when a user logged in, for tables that keep it.

use doorward_core::user::UserId;
use doorward_django::timestamp::Timestamp;

use crate::database::{self, Sql, Transaction, Value};
use crate::names::Names;
use crate::schema::Times;

/// Sets `last_login`, where the user table has it.
#[derive(Debug)]
pub(crate) struct LastLogin {
    sql: Option<Sql>,
    times: Times,
}

impl LastLogin {
    pub(crate) fn new(names: &Names) -> Self {
        let user = &names.user;
        let column = user.schema.last_login_column.as_ref();
        let sql = column.map(|column| {
            let column = names.dialect.quote(column);
            let sql = format!("UPDATE {} SET {column} = ? WHERE {} = ?", user.table, user.id);
            Sql::rendered(sql)
        });
        let times = names.times.clone();
        Self { sql, times }
    }

    /// The statement, and its values.
    pub(crate) fn statement(&self, user: Option<&UserId>, at: Timestamp) -> Option<(&Sql, [Value; 2])> {
        let sql = self.sql.as_ref()?;
        Some((sql, [self.times.of_django(at), user.into()]))
    }

    /// Sets it in a transaction.
    pub(crate) async fn set(
        &self,
        user: Option<&UserId>,
        at: Timestamp,
        transaction: &mut Transaction,
    ) -> database::Result<()> {
        if let Some((sql, values)) = self.statement(user, at) {
            transaction.execute(sql, values).await?;
        }
        Ok(())
    }
}
