//! Sessions: `django_session` (`django.contrib.sessions.backends.db`).

use std::collections::HashMap;

use doorward_core::Answer;
use doorward_core::stores::{
    Replaced, SessionLogin, SessionPlace, SessionRow, SessionStore, StoreAnswer, StoreError,
};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use crate::batch::Batch;
use crate::database::{self, Database, DatabaseError, Row, Sql, Transaction, Value};
use crate::names::Names;
use crate::schema::Times;
use crate::users::LastLogin;

/// [`SessionStore`] over SQL.
#[derive(Debug)]
pub(crate) struct SqlSessionStore {
    database: Database,
    sql: Statements,
    times: Times,
}

#[derive(Debug)]
struct Statements {
    load: Sql,
    load_each: Batch,
    create: Sql,
    update: Sql,
    delete: Sql,
    delete_expired: Sql,
    last_login: LastLogin,
}

impl Statements {
    fn new(names: &Names) -> Self {
        let Names { session, dialect, .. } = names;
        let key = dialect.exactly("session_key");
        Self {
            load: Sql::rendered(format!(
                "SELECT session_data, expire_date FROM {session} WHERE {key} AND expire_date > ?"
            )),
            load_each: Batch::new(|keys| {
                format!(
                    "SELECT session_data, expire_date, session_key FROM {session} WHERE session_key IN {keys} \
                     AND expire_date > ?"
                )
            }),
            create: Sql::rendered(format!(
                "INSERT INTO {session} (session_data, expire_date, session_key) VALUES (?, ?, ?)"
            )),
            update: Sql::rendered(format!(
                "UPDATE {session} SET session_data = ?, expire_date = ? WHERE {key}"
            )),
            delete: Sql::rendered(format!("DELETE FROM {session} WHERE {key}")),
            delete_expired: Sql::rendered(dialect.delete_some(
                session,
                "session_key",
                "expire_date < ?",
                "expire_date",
            )),
            last_login: LastLogin::new(names),
        }
    }
}

impl SqlSessionStore {
    pub(crate) fn new(database: &Database, names: &Names) -> Self {
        Self {
            database: database.clone(),
            sql: Statements::new(names),
            times: names.times.clone(),
        }
    }

    async fn find(&self, key: &str, now: Timestamp) -> Result<Option<SessionRow>, StoreError> {
        let values = [key.into(), self.times.of_django(now)];
        let row = self.database.fetch_optional(&self.sql.load, values).await?;
        Ok(row.and_then(|row| self.read(key, row)))
    }

    /// A list may find more than it names, by the column's collation: whole keys are compared here.
    async fn find_each(
        &self,
        keys: &[Secret<String>],
        now: Timestamp,
    ) -> Result<Vec<Option<SessionRow>>, StoreError> {
        let values: Vec<_> = keys.iter().map(Value::from).collect();
        let at = self.times.of_django(now);
        let and_now = |keys: Vec<Value>| keys.into_iter().chain([at.clone()]).collect();
        let rows = self.sql.load_each.fetch(&self.database, &values, and_now).await?;
        let mut found = HashMap::with_capacity(rows.len());
        for mut row in rows {
            let key: String = row.take(2)?;
            found.extend(self.read(&key, row).map(|session| (key, session)));
        }
        Ok(keys.iter().map(|key| found.get(key.expose()).cloned()).collect())
    }

    async fn put(&self, old: &str, row: &SessionRow) -> Result<Replaced, StoreError> {
        let mut transaction = self.database.transaction().await?;
        let written = self.write(row, SessionPlace::Of(old), &mut transaction).await?;
        end(transaction, written).await
    }

    async fn open(&self, login: SessionLogin<'_>) -> Result<Replaced, StoreError> {
        let SessionLogin { user, at, row, place } = login;
        let mut transaction = self.database.transaction().await?;
        let written = self.write(&row, place, &mut transaction).await?;
        if written == Replaced::Done {
            self.sql.last_login.set(Some(user), at, &mut transaction).await?;
        }
        end(transaction, written).await
    }

    /// Writes a row. Unless that is done, the transaction is of no use any more.
    async fn write(
        &self,
        row: &SessionRow,
        place: SessionPlace<'_>,
        transaction: &mut Transaction,
    ) -> database::Result<Replaced> {
        let (sql, found) = match place {
            SessionPlace::Same => (&self.sql.update, 1),
            SessionPlace::New => (&self.sql.create, 1),
            SessionPlace::Of(old) => {
                let deleted = transaction.execute(&self.sql.delete, [old.into()]).await?;
                (&self.sql.create, deleted)
            }
        };
        if found == 0 {
            return Ok(Replaced::Gone);
        }
        match transaction.execute(sql, self.values(row)).await {
            Ok(0) => Ok(Replaced::Gone),
            Ok(_) => Ok(Replaced::Done),
            Err(DatabaseError::Unique(_)) => Ok(Replaced::Taken),
            Err(error) => Err(error),
        }
    }
}

impl SqlSessionStore {
    /// A session; a row that holds none is nobody's, and no reason to fail the request.
    fn read(&self, key: &str, mut row: Row) -> Option<SessionRow> {
        let mut columns = || Ok::<_, DatabaseError>((row.take(0)?, self.times.take(&mut row, 1)?));
        let (data, expire_date) = columns()
            .inspect_err(|error| tracing::warn!(error.cause = %error, "Session row corrupted"))
            .ok()?;
        Some(SessionRow {
            key: Secret::new(key.to_owned()),
            data: Secret::new(data),
            expire_date,
        })
    }

    fn values(&self, row: &SessionRow) -> [Value; 3] {
        [
            (&row.data).into(),
            self.times.of_django(row.expire_date),
            (&row.key).into(),
        ]
    }
}

async fn end(transaction: Transaction, written: Replaced) -> Result<Replaced, StoreError> {
    match written {
        Replaced::Done => transaction.commit().await?,
        Replaced::Gone | Replaced::Taken => transaction.rollback().await?,
    }
    Ok(written)
}

impl SessionStore for SqlSessionStore {
    fn load<'a>(&'a self, key: &'a str, now: Timestamp) -> StoreAnswer<'a, Option<SessionRow>> {
        Answer::pending(self.find(key, now))
    }

    fn load_each<'a>(
        &'a self,
        keys: &'a [Secret<String>],
        now: Timestamp,
    ) -> StoreAnswer<'a, Vec<Option<SessionRow>>> {
        Answer::pending(self.find_each(keys, now))
    }

    fn create(&self, row: SessionRow) -> StoreAnswer<'_, bool> {
        Answer::pending(async move {
            match self.database.execute(&self.sql.create, self.values(&row)).await {
                Ok(_) => Ok(true),
                Err(DatabaseError::Unique(_)) => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
    }

    fn update(&self, row: SessionRow) -> StoreAnswer<'_, bool> {
        Answer::pending(async move {
            let rows = self.database.execute(&self.sql.update, self.values(&row)).await?;
            Ok(rows == 1)
        })
    }

    fn replace<'a>(&'a self, old: &'a str, row: SessionRow) -> StoreAnswer<'a, Replaced> {
        Answer::pending(async move { self.put(old, &row).await })
    }

    fn log_in<'a>(&'a self, login: SessionLogin<'a>) -> StoreAnswer<'a, Replaced> {
        Answer::pending(self.open(login))
    }

    fn delete<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, ()> {
        Answer::pending(async move {
            self.database.execute(&self.sql.delete, [key.into()]).await?;
            Ok(())
        })
    }

    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreAnswer<'_, u64> {
        Answer::pending(async move {
            let values = [self.times.of_django(now), limit.into()];
            Ok(self.database.execute(&self.sql.delete_expired, values).await?)
        })
    }
}
