//! Refresh and sliding tokens: `token_blacklist_outstandingtoken` and `token_blacklist_blacklistedtoken`
//! (`rest_framework_simplejwt.token_blacklist`).

use doorward_core::Answer;
use doorward_core::stores::{
    Blacklisting, Outage, OutstandingToken, OutstandingTokenStore, Predecessor, Rotation, StoreAnswer,
    StoreError,
};
use doorward_django::timestamp::Timestamp;

use crate::database::{Database, Sql, Transaction, Value};
use crate::schema::{Names, UserNames};

/// The longest `jti` (`OutstandingToken.jti`), in characters.
const JTI_LENGTH: usize = 255;

/// [`OutstandingTokenStore`] over SQL.
#[derive(Debug)]
pub(crate) struct SqlOutstandingTokenStore {
    database: Database,
    sql: Statements,
}

#[derive(Debug)]
struct Statements {
    record: Sql,
    blacklist: Sql,
    is_blacklisted: Sql,
    delete_blacklisted: Sql,
    delete_outstanding: Sql,
}

impl Statements {
    fn new(names: &Names) -> Self {
        let Names {
            outstanding,
            blacklisted,
            dialect,
            ..
        } = names;
        let UserNames { table, id, .. } = &names.user;
        let jti = dialect.exactly("jti");
        let ended = format!("SELECT id FROM {outstanding} WHERE expires_at <= ? ORDER BY id LIMIT ?");
        Self {
            // The user may be deleted at any time; then the token is nobody's, as after ON DELETE SET NULL.
            record: Sql::rendered(format!(
                "INSERT INTO {outstanding} (jti, token, user_id, created_at, expires_at) \
                 VALUES (?, ?, (SELECT {id} FROM {table} WHERE {id} = ?), ?, ?) ON CONFLICT (jti) DO NOTHING"
            )),
            blacklist: Sql::rendered(format!(
                "INSERT INTO {blacklisted} (blacklisted_at, token_id) \
                 SELECT ?, id FROM {outstanding} WHERE {jti} ON CONFLICT (token_id) DO NOTHING"
            )),
            is_blacklisted: Sql::rendered(format!(
                "SELECT 1 FROM {blacklisted} b INNER JOIN {outstanding} o ON o.id = b.token_id WHERE {}",
                dialect.exactly("o.jti")
            )),
            delete_blacklisted: Sql::rendered(format!(
                "DELETE FROM {blacklisted} WHERE token_id IN ({ended})"
            )),
            delete_outstanding: Sql::rendered(format!("DELETE FROM {outstanding} WHERE id IN ({ended})")),
        }
    }
}

impl SqlOutstandingTokenStore {
    pub(crate) fn new(database: &Database, names: &Names) -> Self {
        Self {
            database: database.clone(),
            sql: Statements::new(names),
        }
    }

    async fn take_back(&self, token: &OutstandingToken, at: Timestamp) -> Result<Blacklisting, StoreError> {
        let values = record(token)?;
        let mut transaction = self.database.transaction().await?;
        transaction.execute(&self.sql.record, values).await?;
        let rows = transaction
            .execute(&self.sql.blacklist, [at.into(), token.jti.as_str().into()])
            .await?;
        transaction.commit().await?;
        Ok(if rows == 1 {
            Blacklisting::Done
        } else {
            Blacklisting::Already
        })
    }

    async fn succeed(
        &self,
        old: &OutstandingToken,
        new: &OutstandingToken,
        predecessor: Predecessor,
        at: Timestamp,
    ) -> Result<Rotation, StoreError> {
        let (old_values, new_values) = (record(old)?, record(new)?);
        let mut transaction = self.database.transaction().await?;
        if predecessor == Predecessor::Blacklist {
            transaction.execute(&self.sql.record, old_values).await?;
        }
        if !self.pass(&mut transaction, &old.jti, predecessor, at).await? {
            transaction.rollback().await?;
            return Ok(Rotation::Blacklisted);
        }
        transaction.execute(&self.sql.record, new_values).await?;
        transaction.commit().await?;
        Ok(Rotation::Done)
    }

    /// Whether the old token was good until now.
    async fn pass(
        &self,
        transaction: &mut Transaction,
        jti: &str,
        predecessor: Predecessor,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let good = match predecessor {
            Predecessor::Blacklist => {
                let values = [at.into(), jti.into()];
                transaction.execute(&self.sql.blacklist, values).await? == 1
            }
            Predecessor::Keep => {
                let found = transaction.fetch_all(&self.sql.is_blacklisted, [jti.into()]);
                found.await?.is_empty()
            }
        };
        Ok(good)
    }

    async fn forget(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let values = [now.into(), limit.into()];
        let mut transaction = self.database.transaction().await?;
        transaction
            .execute(&self.sql.delete_blacklisted, values.clone())
            .await?;
        let rows = transaction.execute(&self.sql.delete_outstanding, values).await?;
        transaction.commit().await?;
        Ok(rows)
    }
}

/// A row's values; SQLite would take a longer id than Django's other databases do.
fn record(token: &OutstandingToken) -> Result<[Value; 5], StoreError> {
    if token.jti.chars().count() > JTI_LENGTH {
        return Err(StoreError::new(
            "A token's id is too long to be stored.",
            Outage::Lasting,
            "a jti has at most 255 characters",
        ));
    }
    Ok([
        token.jti.as_str().into(),
        (&token.token).into(),
        token.user.as_ref().into(),
        token.created_at.into(),
        token.expires_at.into(),
    ])
}

impl OutstandingTokenStore for SqlOutstandingTokenStore {
    fn record(&self, token: OutstandingToken) -> StoreAnswer<'_, ()> {
        Answer::pending(async move {
            self.database.execute(&self.sql.record, record(&token)?).await?;
            Ok(())
        })
    }

    fn is_blacklisted<'a>(&'a self, jti: &'a str) -> StoreAnswer<'a, bool> {
        Answer::pending(async move {
            let rows = self.database.fetch_all(&self.sql.is_blacklisted, [jti.into()]);
            Ok(!rows.await?.is_empty())
        })
    }

    fn blacklist(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, Blacklisting> {
        Answer::pending(async move { self.take_back(&token, at).await })
    }

    fn rotate(
        &self,
        old: OutstandingToken,
        new: OutstandingToken,
        predecessor: Predecessor,
        at: Timestamp,
    ) -> StoreAnswer<'_, Rotation> {
        Answer::pending(async move { self.succeed(&old, &new, predecessor, at).await })
    }

    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreAnswer<'_, u64> {
        Answer::pending(self.forget(now, limit))
    }
}
