//! The user table.

mod claimed;
mod columns;
mod create;
mod last_login;

use std::sync::Arc;

use doorward_core::Answer;
use doorward_core::stores::{
    Created, CreatedUnlike, NewUser, Outage, StoreAnswer, StoreError, UserField, UserStore,
};
use doorward_core::user::{UserId, UserRow};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use crate::database::{self, Database, DatabaseError, Row, Sql, Transaction, Value};
use crate::names::Names;
use crate::schema::{ColumnKind, IdType, UserNames};
use claimed::Claimed;
use create::Create;

pub(crate) use columns::{Columns, further, further_value, holds, parse_id, read_id, tokens_of};
pub(crate) use last_login::LastLogin;

/// [`UserStore`] over SQL.
#[derive(Debug)]
pub(crate) struct SqlUserStore {
    database: Database,
    sql: Statements,
    columns: Columns,
    id: IdType,
}

#[derive(Debug)]
struct Statements {
    by_id: Sql,
    by_username: Sql,
    by_email: Option<Sql>,
    by_username_ignoring_case: Sql,
    by_email_ignoring_case: Option<Sql>,
    by_further: Vec<(ColumnKind, Sql)>,
    claimed: Claimed,
    create: Create,
    set_password: Sql,
    upgrade_password: Sql,
    last_login: LastLogin,
    any: Sql,
}

impl Statements {
    fn new(names: &Names, columns: &Columns) -> Self {
        let (user, dialect) = (&names.user, names.dialect);
        let UserNames {
            table,
            id,
            username,
            and_shown,
            ..
        } = user;
        let select = format!("SELECT {} FROM {table} u WHERE", columns.list);
        let by = |kind, column: &String| {
            let condition = holds(dialect, kind, &format!("u.{column}"));
            Sql::rendered(format!("{select} {condition}{and_shown} LIMIT 2"))
        };
        let ignoring_case = |column: &String| {
            let condition = dialect.ignoring_case(&format!("u.{column}"));
            Sql::rendered(format!(
                "{select} {condition}{and_shown} ORDER BY u.{id} LIMIT 100"
            ))
        };
        Self {
            by_id: Sql::rendered(format!("{select} u.{id} = ?{and_shown}")),
            by_username: by(ColumnKind::Text, username),
            by_email: user.email.as_ref().map(|column| by(ColumnKind::Text, column)),
            by_further: further(names)
                .map(|(kind, column)| (kind, by(kind, &column)))
                .collect(),
            by_username_ignoring_case: ignoring_case(username),
            by_email_ignoring_case: user.email.as_ref().map(ignoring_case),
            claimed: Claimed::new(names, columns),
            create: Create::new(names),
            set_password: Sql::rendered(format!("UPDATE {table} SET password = ? WHERE {id} = ?")),
            upgrade_password: Sql::rendered(format!(
                "UPDATE {table} SET password = ? WHERE {id} = ? AND {}",
                dialect.exactly("password")
            )),
            last_login: LastLogin::new(names),
            any: Sql::rendered(format!("SELECT 1 FROM {table} LIMIT 1")),
        }
    }
}

impl SqlUserStore {
    pub(crate) fn new(database: &Database, names: &Names) -> Self {
        let columns = Columns::new(names);
        Self {
            database: database.clone(),
            sql: Statements::new(names, &columns),
            columns,
            id: names.user.schema.id,
        }
    }

    /// The one row that matches; of several that match, none: nobody may be taken for somebody else.
    async fn one(&self, sql: &Sql, value: Value) -> Result<Option<Arc<UserRow>>, StoreError> {
        self.only(self.database.fetch_all(sql, [value]).await?)
    }

    fn only(&self, mut rows: Vec<Row>) -> Result<Option<Arc<UserRow>>, StoreError> {
        let (Some(mut row), true) = (rows.pop(), rows.is_empty()) else {
            return Ok(None);
        };
        Ok(Some(Arc::new(self.columns.read(&mut row, 0)?)))
    }

    async fn all(&self, sql: &Sql, value: Value) -> Result<Vec<Arc<UserRow>>, StoreError> {
        self.users(self.database.fetch_all(sql, [value]).await?)
    }

    async fn insert(&self, user: NewUser) -> Result<Created, StoreError> {
        self.insert_in(self.begin().await?, user).await
    }

    async fn insert_unlike(&self, user: NewUser, fields: &[UserField]) -> Result<CreatedUnlike, StoreError> {
        let mut transaction = self.begin().await?;
        for claim in user.claims(fields) {
            let Some(sql) = self.sql.claimed.ignoring_case(claim.column) else {
                continue;
            };
            let rows = transaction.fetch_all(sql, [claim.text.into()]).await?;
            if claim.is_held_by(&self.users(rows)?) {
                return Ok(claim.refusal());
            }
        }
        Ok(self.insert_in(transaction, user).await?.into())
    }

    /// A transaction in which nobody else takes a name.
    async fn begin(&self) -> Result<Transaction, StoreError> {
        let mut transaction = self.database.transaction().await?;
        transaction.exclusive(&["new users"]).await?;
        Ok(transaction)
    }

    async fn insert_in(&self, mut transaction: Transaction, user: NewUser) -> Result<Created, StoreError> {
        let username = user.username.clone();
        let (sql, values) = self.sql.create.statement(&user);
        match transaction.execute(&sql, values).await {
            Ok(_) => {}
            Err(error @ DatabaseError::Unique(_)) => {
                // After a statement that failed, PostgreSQL takes no other one in the same transaction.
                transaction.rollback().await?;
                return match self.is_taken(username).await? {
                    true => Ok(Created::UsernameTaken),
                    false => Err(error.into()),
                };
            }
            Err(error) => return Err(error.into()),
        }
        let rows = transaction.fetch_all(&self.sql.by_username, [username.into()]);
        let user = self.only(rows.await?)?.ok_or_else(gone)?;
        transaction.commit().await?;
        Ok(Created::User(user))
    }

    /// Whether anybody has that name, shown or hidden.
    async fn is_taken(&self, username: String) -> Result<bool, StoreError> {
        let sql = &self.sql.claimed.taken;
        let rows = self.database.fetch_all(sql, [username.into()]).await?;
        Ok(!rows.is_empty())
    }

    fn ignoring_case(&self, field: UserField) -> Option<&Sql> {
        match field {
            UserField::Username => Some(&self.sql.by_username_ignoring_case),
            UserField::Email => self.sql.by_email_ignoring_case.as_ref(),
            UserField::Id | UserField::Further(_) => None,
        }
    }

    fn users(&self, rows: Vec<Row>) -> Result<Vec<Arc<UserRow>>, StoreError> {
        let users = rows
            .into_iter()
            .map(|mut row| self.columns.read(&mut row, 0).map(Arc::new));
        Ok(users.collect::<database::Result<_>>()?)
    }
}

fn gone() -> StoreError {
    StoreError::new("The new user is gone.", Outage::Passing, "deleted at once")
}

impl UserStore for SqlUserStore {
    fn by_id<'a>(&'a self, id: &'a UserId) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        Answer::pending(self.one(&self.sql.by_id, id.into()))
    }

    fn by_username<'a>(&'a self, username: &'a str) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        Answer::pending(self.one(&self.sql.by_username, username.into()))
    }

    fn by_field<'a>(&'a self, field: UserField, value: &'a str) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        let (sql, value) = match (field, &self.sql.by_email) {
            (UserField::Username, _) => (&self.sql.by_username, value.into()),
            (UserField::Email, Some(by_email)) => (by_email, value.into()),
            (UserField::Id, _) => match self.parse_id(value) {
                Some(id) => (&self.sql.by_id, (&id).into()),
                None => return Answer::ready(Ok(None)),
            },
            (UserField::Further(place), _) => match further_value(&self.sql.by_further, place, value) {
                Some(found) => found,
                None => return Answer::ready(Ok(None)),
            },
            (UserField::Email, None) => return Answer::ready(Ok(None)),
        };
        Answer::pending(self.one(sql, value))
    }

    fn by_field_ignoring_case<'a>(
        &'a self,
        field: UserField,
        value: &'a str,
    ) -> StoreAnswer<'a, Vec<Arc<UserRow>>> {
        match (field, self.ignoring_case(field)) {
            (_, Some(sql)) => Answer::pending(self.all(sql, value.into())),
            (UserField::Email, None) => Answer::ready(Ok(Vec::new())),
            // A key has no case.
            _ => Answer::pending(async move { Ok(self.by_field(field, value).await?.into_iter().collect()) }),
        }
    }

    fn parse_id(&self, text: &str) -> Option<UserId> {
        parse_id(text, self.id)
    }

    fn create(&self, user: NewUser) -> StoreAnswer<'_, Created> {
        Answer::pending(self.insert(user))
    }

    fn create_unlike<'a>(&'a self, user: NewUser, fields: &'a [UserField]) -> StoreAnswer<'a, CreatedUnlike> {
        Answer::pending(self.insert_unlike(user, fields))
    }

    fn set_password<'a>(&'a self, id: &'a UserId, encoded: Secret<String>) -> StoreAnswer<'a, ()> {
        Answer::pending(async move {
            let values = [(&encoded).into(), id.into()];
            self.database.execute(&self.sql.set_password, values).await?;
            Ok(())
        })
    }

    fn upgrade_password<'a>(
        &'a self,
        id: &'a UserId,
        from: &'a Secret<String>,
        to: Secret<String>,
    ) -> StoreAnswer<'a, bool> {
        Answer::pending(async move {
            let values = [(&to).into(), id.into(), from.into()];
            let rows = self.database.execute(&self.sql.upgrade_password, values).await?;
            Ok(rows == 1)
        })
    }

    fn set_last_login<'a>(&'a self, id: &'a UserId, at: Timestamp) -> StoreAnswer<'a, ()> {
        Answer::pending(async move {
            let Some((sql, values)) = self.sql.last_login.statement(Some(id), at) else {
                return Ok(());
            };
            self.database.execute(sql, values).await?;
            Ok(())
        })
    }

    fn is_empty(&self) -> StoreAnswer<'_, bool> {
        Answer::pending(async move { Ok(self.database.fetch_all(&self.sql.any, []).await?.is_empty()) })
    }
}
