//! Opaque tokens: `authtoken_token` (`rest_framework.authtoken.models.Token`).

use std::sync::Arc;

use doorward_core::Answer;
use doorward_core::stores::{AuthToken, AuthTokenStore, StoreAnswer, StoreError};
use doorward_core::user::{UserId, UserRow};
use doorward_django::secret::Secret;

use crate::batch::Batch;
use crate::database::{self, Database, DatabaseError, Row, Sql, Transaction, Value};
use crate::names::Names;
use crate::schema::{Times, UserNames};
use crate::users::{self, Columns};

/// [`AuthTokenStore`] over SQL.
#[derive(Debug)]
pub(crate) struct SqlAuthTokenStore {
    database: Database,
    sql: Statements,
    columns: Columns,
    times: Times,
}

#[derive(Debug)]
struct Statements {
    by_key: Sql,
    by_keys: Batch,
    by_user: Sql,
    insert: Sql,
    delete: Sql,
}

impl Statements {
    fn new(names: &Names, columns: &Columns) -> Self {
        let Names { token, dialect, .. } = names;
        let UserNames {
            table, id, and_shown, ..
        } = &names.user;
        let (key, by_key) = (
            dialect.quote("key"),
            dialect.exactly(&format!("t.{}", dialect.quote("key"))),
        );
        let users = &columns.list;
        let select = format!(
            "SELECT {users}, t.{key}, t.created FROM {token} t INNER JOIN {table} u ON u.{id} = t.user_id WHERE"
        );
        Self {
            by_key: Sql::rendered(format!("{select} {by_key}{and_shown}")),
            by_keys: Batch::new(|keys| format!("{select} t.{key} IN {keys}{and_shown}")),
            by_user: Sql::rendered(format!("SELECT {key}, created FROM {token} WHERE user_id = ?")),
            insert: Sql::rendered(format!(
                "INSERT INTO {token} ({key}, created, user_id) VALUES (?, ?, ?)"
            )),
            delete: Sql::rendered(format!("DELETE FROM {token} WHERE user_id = ?")),
        }
    }
}

impl SqlAuthTokenStore {
    pub(crate) fn new(database: &Database, names: &Names) -> Self {
        let columns = Columns::new(names);
        Self {
            database: database.clone(),
            sql: Statements::new(names, &columns),
            columns,
            times: names.times.clone(),
        }
    }

    fn token(&self, row: &mut Row, start: usize, user: UserId) -> database::Result<AuthToken> {
        Ok(AuthToken {
            key: Secret::new(row.take(start)?),
            user,
            created: self.times.take(row, start + 1)?,
        })
    }

    fn values(&self, token: &AuthToken) -> [Value; 3] {
        let created = self.times.of_django(token.created);
        [(&token.key).into(), created, (&token.user).into()]
    }

    async fn find(&self, key: &str) -> Result<Option<(Arc<AuthToken>, Arc<UserRow>)>, StoreError> {
        let Some(mut row) = self
            .database
            .fetch_optional(&self.sql.by_key, [key.into()])
            .await?
        else {
            return Ok(None);
        };
        Ok(Some(self.owner(&mut row)?))
    }

    fn owner(&self, row: &mut Row) -> database::Result<(Arc<AuthToken>, Arc<UserRow>)> {
        let user = self.columns.read(row, 0)?;
        let token = self.token(row, self.columns.count, user.id.clone())?;
        Ok((Arc::new(token), Arc::new(user)))
    }

    /// A list may find more than it names, by the column's collation: whole keys are compared here.
    async fn find_each(
        &self,
        keys: &[Secret<String>],
    ) -> Result<Vec<Option<(Arc<AuthToken>, Arc<UserRow>)>>, StoreError> {
        let values: Vec<_> = keys.iter().map(Value::from).collect();
        let mut rows = self
            .sql
            .by_keys
            .fetch(&self.database, &values, |keys| keys)
            .await?;
        let found = rows.iter_mut().map(|row| self.owner(row));
        let found = found.collect::<database::Result<Vec<_>>>()?;
        let of = |key: &Secret<String>| found.iter().find(|(token, _)| token.key.expose() == key.expose());
        Ok(keys.iter().map(|key| of(key).cloned()).collect())
    }

    /// A transaction in which nobody else changes the user's tokens.
    async fn begin(&self, user: &UserId) -> Result<Transaction, StoreError> {
        let mut transaction = self.database.transaction().await?;
        transaction.exclusive(&[&users::tokens_of(Some(user))]).await?;
        Ok(transaction)
    }

    async fn present(&self, user: &UserId) -> Result<Option<AuthToken>, StoreError> {
        let row = self.database.fetch_optional(&self.sql.by_user, [user.into()]);
        let present = row.await?.map(|mut row| self.token(&mut row, 0, user.clone()));
        Ok(present.transpose()?)
    }

    async fn find_or_insert(&self, new: AuthToken) -> Result<AuthToken, StoreError> {
        // Nearly always there is one, and no writer has to wait.
        if let Some(present) = self.present(&new.user).await? {
            return Ok(present);
        }
        let mut transaction = self.begin(&new.user).await?;
        let found = transaction.fetch_optional(&self.sql.by_user, [(&new.user).into()]);
        if let Some(mut row) = found.await? {
            transaction.rollback().await?;
            return Ok(self.token(&mut row, 0, new.user)?);
        }
        match transaction.execute(&self.sql.insert, self.values(&new)).await {
            Ok(_) => transaction.commit().await?,
            // Somebody made one who asks for no key of ours, such as Django.
            Err(error @ DatabaseError::Unique(_)) => {
                transaction.rollback().await?;
                return Ok(self.present(&new.user).await?.ok_or(error)?);
            }
            Err(error) => return Err(error.into()),
        }
        Ok(new)
    }

    async fn replace_old(&self, old: &AuthToken, new: AuthToken) -> Result<AuthToken, StoreError> {
        let user = Value::from(&new.user);
        let mut transaction = self.begin(&new.user).await?;
        if let Some(mut row) = transaction
            .fetch_optional(&self.sql.by_user, [user.clone()])
            .await?
        {
            let present = self.token(&mut row, 0, new.user.clone())?;
            if present.key.expose() != old.key.expose() {
                transaction.rollback().await?;
                return Ok(present);
            }
            transaction.execute(&self.sql.delete, [user]).await?;
        }
        transaction.execute(&self.sql.insert, self.values(&new)).await?;
        transaction.commit().await?;
        Ok(new)
    }

    async fn put(&self, new: &AuthToken) -> Result<(), StoreError> {
        let mut transaction = self.begin(&new.user).await?;
        transaction
            .execute(&self.sql.delete, [(&new.user).into()])
            .await?;
        transaction.execute(&self.sql.insert, self.values(new)).await?;
        Ok(transaction.commit().await?)
    }
}

impl AuthTokenStore for SqlAuthTokenStore {
    fn by_key<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, Option<(Arc<AuthToken>, Arc<UserRow>)>> {
        Answer::pending(self.find(key))
    }

    fn by_keys<'a>(
        &'a self,
        keys: &'a [Secret<String>],
    ) -> StoreAnswer<'a, Vec<Option<(Arc<AuthToken>, Arc<UserRow>)>>> {
        Answer::pending(self.find_each(keys))
    }

    fn get_or_create(&self, new: AuthToken) -> StoreAnswer<'_, AuthToken> {
        Answer::pending(self.find_or_insert(new))
    }

    fn renew<'a>(&'a self, old: &'a AuthToken, new: AuthToken) -> StoreAnswer<'a, AuthToken> {
        Answer::pending(self.replace_old(old, new))
    }

    fn replace(&self, new: AuthToken) -> StoreAnswer<'_, ()> {
        Answer::pending(async move { self.put(&new).await })
    }

    fn delete<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, bool> {
        Answer::pending(async move {
            let rows = self.database.execute(&self.sql.delete, [user.into()]).await?;
            Ok(rows > 0)
        })
    }
}
