//! Refresh and sliding tokens: `token_blacklist_outstandingtoken` and `token_blacklist_blacklistedtoken`
//! (`rest_framework_simplejwt.token_blacklist`).

mod families;
mod family_statements;
mod rotation;
mod statements;

use std::collections::HashSet;

use doorward_core::Answer;
use doorward_core::stores::{
    BlacklistedToken, Blacklisting, Outage, OutstandingToken, OutstandingTokenStore, Predecessor, ReuseEvent,
    Rotation, StoreAnswer, StoreError,
};
use doorward_core::user::UserId;
use doorward_django::timestamp::Timestamp;

use crate::database::{self, Database, Row, Sql, Transaction, Value, again};
use crate::names::Names;
use crate::own_tables::OwnTables;
use crate::schema::Times;
use crate::users;
use families::Families;
use statements::Statements;

/// The longest `jti` (`OutstandingToken.jti`), in characters.
const JTI_LENGTH: usize = 255;

/// [`OutstandingTokenStore`] over SQL.
#[derive(Debug)]
pub(crate) struct SqlOutstandingTokenStore {
    database: Database,
    sql: Statements,
    families: Families,
    own: OwnTables,
    times: Times,
}

impl SqlOutstandingTokenStore {
    pub(crate) fn new(database: &Database, names: &Names, own: &OwnTables) -> Self {
        Self {
            database: database.clone(),
            sql: Statements::new(names),
            families: Families::new(names),
            own: own.clone(),
            times: names.times.clone(),
        }
    }

    /// A transaction in which nobody else rotates or revokes a token of that token's user.
    async fn begin(&self, token: &OutstandingToken) -> Result<Transaction, StoreError> {
        let mut transaction = self.database.transaction().await?;
        let tokens = users::tokens_of(token.user.as_ref());
        transaction.exclusive(&[&tokens]).await?;
        Ok(transaction)
    }

    /// A row's values; SQLite would take a longer id than Django's other databases do.
    fn row(&self, token: &OutstandingToken) -> Result<[Value; 5], StoreError> {
        if token.jti.chars().count() > JTI_LENGTH {
            return Err(StoreError::new(
                "A token's id is too long to be stored.",
                Outage::Lasting,
                "a jti has at most 255 characters",
            ));
        }
        let created_at = token.created_at.map(|at| self.times.of_simple_jwt(at));
        Ok([
            token.jti.as_str().into(),
            (&token.token).into(),
            token.user.as_ref().into(),
            created_at.into(),
            self.times.of_simple_jwt(token.expires_at),
        ])
    }

    fn blacklisted_token(&self, mut row: Row) -> Result<BlacklistedToken, StoreError> {
        Ok(BlacklistedToken {
            row: row.take(0)?,
            jti: row.take(1)?,
            expires_at: self.times.take_simple_jwt(&mut row, 2)?,
        })
    }

    async fn issue_at_login(&self, token: &OutstandingToken, at: Timestamp) -> Result<(), StoreError> {
        let values = self.row(token)?;
        let mut transaction = self.database.transaction().await?;
        transaction.execute(&self.sql.record, values).await?;
        let user = token.user.as_ref();
        self.sql.last_login.set(user, at, &mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    async fn take_back(&self, token: &OutstandingToken, at: Timestamp) -> Result<Blacklisting, StoreError> {
        let values = self.row(token)?;
        let mut transaction = self.database.transaction().await?;
        transaction.execute(&self.sql.record, values).await?;
        let rows = transaction
            .execute(
                &self.sql.blacklist,
                [self.times.of_django(at), token.jti.as_str().into()],
            )
            .await?;
        transaction.commit().await?;
        Ok(if rows == 1 {
            Blacklisting::Done
        } else {
            Blacklisting::Already
        })
    }

    async fn take_back_family(&self, token: &OutstandingToken, at: Timestamp) -> Result<u64, StoreError> {
        let values = self.row(token)?;
        let has_families = self.own.are_there_or_warn().await?;
        let mut transaction = self.begin(token).await?;
        transaction.execute(&self.sql.record, values).await?;
        let jti = token.jti.as_str();
        let blacklist = [self.times.of_django(at), jti.into()];
        let mut rows = transaction.execute(&self.sql.blacklist, blacklist).await?;
        if has_families && let Some(family) = self.families.of(jti, &mut transaction).await? {
            rows += self.families.blacklist(&family, at, &mut transaction).await?;
        }
        transaction.commit().await?;
        Ok(rows)
    }

    async fn blacklisted(&self, sql: &Sql, values: [Value; 3]) -> Result<Vec<BlacklistedToken>, StoreError> {
        let rows = self.database.fetch_all(sql, values).await?;
        let tokens = rows.into_iter().map(|row| self.blacklisted_token(row));
        tokens.collect()
    }

    async fn forget(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let has_families = self.own.are_there().await?;
        let mut transaction = self.database.transaction().await?;
        // One after the other: on MariaDB the second would find the rows of the first, and pass them over.
        transaction.exclusive(&["expired tokens"]).await?;
        let deleted = self.delete_some(now, limit, &mut transaction).await?;
        if has_families {
            self.families.delete_expired(now, limit, &mut transaction).await?;
        }
        transaction.commit().await?;
        Ok(deleted)
    }

    async fn delete_some(
        &self,
        now: Timestamp,
        limit: u32,
        transaction: &mut Transaction,
    ) -> Result<u64, StoreError> {
        let values = [self.times.of_simple_jwt(now), limit.into()];
        let expired = transaction.fetch_all(&self.sql.expired, values).await?;
        let rows = expired.iter().map(|row| Ok(row.read::<i64>(0)?.to_string()));
        let rows = rows.collect::<database::Result<Vec<_>>>()?.join(", ");
        let mut deleted = 0;
        for delete in self.sql.delete.iter().filter(|_| !rows.is_empty()) {
            let delete = Sql::rendered(format!("{delete} ({rows})"));
            deleted = transaction.execute(delete, []).await?;
        }
        Ok(deleted)
    }
}

impl OutstandingTokenStore for SqlOutstandingTokenStore {
    fn record(&self, token: OutstandingToken) -> StoreAnswer<'_, ()> {
        Answer::pending(async move {
            self.database.execute(&self.sql.record, self.row(&token)?).await?;
            Ok(())
        })
    }

    fn record_login(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, ()> {
        Answer::pending(async move { again(|| self.issue_at_login(&token, at)).await })
    }

    fn is_blacklisted<'a>(&'a self, jti: &'a str) -> StoreAnswer<'a, bool> {
        Answer::pending(async move {
            let rows = self.database.fetch_all(&self.sql.is_blacklisted, [jti.into()]);
            Ok(!rows.await?.is_empty())
        })
    }

    /// A list may find more than it names, by the column's collation: whole ids are compared here.
    fn are_blacklisted<'a>(&'a self, jtis: &'a [String]) -> StoreAnswer<'a, Vec<bool>> {
        Answer::pending(async move {
            let values: Vec<_> = jtis.iter().map(|jti| jti.as_str().into()).collect();
            let rows = self
                .sql
                .are_blacklisted
                .fetch(&self.database, &values, |jtis| jtis)
                .await?;
            let found = rows.into_iter().map(|mut row| row.take::<String>(0));
            let found = found.collect::<database::Result<HashSet<_>>>()?;
            Ok(jtis.iter().map(|jti| found.contains(jti)).collect())
        })
    }

    fn blacklist(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, Blacklisting> {
        Answer::pending(async move { again(|| self.take_back(&token, at)).await })
    }

    fn rotate(
        &self,
        old: OutstandingToken,
        new: OutstandingToken,
        predecessor: Predecessor,
        at: Timestamp,
    ) -> StoreAnswer<'_, Rotation> {
        Answer::pending(async move {
            match predecessor {
                Predecessor::Blacklist(lineage) => again(|| self.succeed(&old, &new, &lineage, at)).await,
                Predecessor::Keep => again(|| self.rotate_and_keep(&old, &new)).await,
            }
        })
    }

    fn family_began_at<'a>(&'a self, jti: &'a str) -> StoreAnswer<'a, Option<Timestamp>> {
        Answer::pending(async move {
            match self.own.are_there_or_warn().await? {
                true => Ok(self.families.began_at(&self.database, jti).await?),
                false => Ok(None),
            }
        })
    }

    fn revoke_family(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, u64> {
        Answer::pending(async move { again(|| self.take_back_family(&token, at)).await })
    }

    fn taken_back_at<'a>(
        &'a self,
        user: &'a UserId,
        at: Timestamp,
        limit: u32,
    ) -> StoreAnswer<'a, Vec<BlacklistedToken>> {
        Answer::pending(async move {
            let values = [user.into(), self.times.of_django(at), limit.into()];
            self.blacklisted(&self.sql.taken_back_at, values).await
        })
    }

    fn blacklist_page(
        &self,
        after: i64,
        now: Timestamp,
        limit: u32,
    ) -> StoreAnswer<'_, Vec<BlacklistedToken>> {
        Answer::pending(async move {
            let values = [after.into(), self.times.of_simple_jwt(now), limit.into()];
            self.blacklisted(&self.sql.blacklist_page, values).await
        })
    }

    fn reuse_events(&self, limit: u32) -> StoreAnswer<'_, Vec<ReuseEvent>> {
        Answer::pending(async move {
            self.own.demand().await?;
            self.families.events(&self.database, limit).await
        })
    }

    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreAnswer<'_, u64> {
        Answer::pending(again(move || self.forget(now, limit)))
    }
}
