//! The user table.

mod columns;
mod create;

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
use crate::schema::{IdType, UserNames};
use create::Create;

pub(crate) use columns::{COLUMNS, columns, parse_id, read, tokens_of};

/// [`UserStore`] over SQL.
#[derive(Debug)]
pub(crate) struct SqlUserStore {
    database: Database,
    sql: Statements,
    id: IdType,
}

#[derive(Debug)]
struct Statements {
    by_id: Sql,
    by_username: Sql,
    by_email: Option<Sql>,
    by_username_ignoring_case: Sql,
    by_email_ignoring_case: Option<Sql>,
    create: Create,
    set_password: Sql,
    upgrade_password: Sql,
    set_last_login: Sql,
    any: Sql,
}

impl Statements {
    fn new(names: &Names) -> Self {
        let (user, dialect) = (&names.user, names.dialect);
        let UserNames {
            table, id, username, ..
        } = user;
        let select = format!("SELECT {} FROM {table} u WHERE", columns(names));
        let exactly = |column: &str| dialect.exactly(&format!("u.{column}"));
        let ignoring_case = |column: &String| {
            let condition = dialect.ignoring_case(&format!("u.{column}"));
            Sql::rendered(format!("{select} {condition} ORDER BY u.{id} LIMIT 100"))
        };
        Self {
            by_id: Sql::rendered(format!("{select} u.{id} = ?")),
            by_username: Sql::rendered(format!("{select} {} LIMIT 2", exactly(username))),
            by_email: user
                .email
                .as_ref()
                .map(|email| Sql::rendered(format!("{select} {} LIMIT 2", exactly(email)))),
            by_username_ignoring_case: ignoring_case(username),
            by_email_ignoring_case: user.email.as_ref().map(ignoring_case),
            create: Create::new(names),
            set_password: Sql::rendered(format!("UPDATE {table} SET password = ? WHERE {id} = ?")),
            upgrade_password: Sql::rendered(format!(
                "UPDATE {table} SET password = ? WHERE {id} = ? AND {}",
                dialect.exactly("password")
            )),
            set_last_login: set_last_login(names),
            any: Sql::rendered(format!("SELECT 1 FROM {table} LIMIT 1")),
        }
    }
}

/// Sets `last_login`: the moment, then whose.
pub(crate) fn set_last_login(names: &Names) -> Sql {
    let UserNames { table, id, .. } = &names.user;
    Sql::rendered(format!("UPDATE {table} SET last_login = ? WHERE {id} = ?"))
}

impl SqlUserStore {
    pub(crate) fn new(database: &Database, names: &Names) -> Self {
        Self {
            database: database.clone(),
            sql: Statements::new(names),
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
        Ok(Some(Arc::new(read(&mut row, 0, self.id)?)))
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
            let Some(sql) = self.ignoring_case(claim.column) else {
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
        let create = &self.sql.create;
        match transaction.execute(&create.sql, create.values(user)).await {
            Ok(_) => {}
            Err(error @ DatabaseError::Unique(_)) => {
                // After a statement that failed, PostgreSQL takes no other one in the same transaction.
                transaction.rollback().await?;
                return match self.one(&self.sql.by_username, username.into()).await? {
                    Some(_) => Ok(Created::UsernameTaken),
                    None => Err(error.into()),
                };
            }
            Err(error) => return Err(error.into()),
        }
        let rows = transaction.fetch_all(&self.sql.by_username, [username.into()]);
        let user = self.only(rows.await?)?.ok_or_else(gone)?;
        transaction.commit().await?;
        Ok(Created::User(user))
    }

    fn ignoring_case(&self, field: UserField) -> Option<&Sql> {
        match field {
            UserField::Username => Some(&self.sql.by_username_ignoring_case),
            UserField::Email => self.sql.by_email_ignoring_case.as_ref(),
            UserField::Id => None,
        }
    }

    fn users(&self, rows: Vec<Row>) -> Result<Vec<Arc<UserRow>>, StoreError> {
        let users = rows
            .into_iter()
            .map(|mut row| read(&mut row, 0, self.id).map(Arc::new));
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
            _ => return Answer::ready(Ok(None)),
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
            let values = [at.into(), id.into()];
            self.database.execute(&self.sql.set_last_login, values).await?;
            Ok(())
        })
    }

    fn is_empty(&self) -> StoreAnswer<'_, bool> {
        Answer::pending(async move { Ok(self.database.fetch_all(&self.sql.any, []).await?.is_empty()) })
    }
}
