//! Whom tokens stand for, and from when on they are good: `doorward_revocation` beside the user table.

mod holders;

use std::sync::Arc;

use doorward_core::Answer;
use doorward_core::stores::{
    NewPassword, RevocationStore, Revoke, RevokedTokens, StoreAnswer, StoreError, TokenHolder, UserField,
    moment_after,
};
use doorward_core::user::UserId;
use doorward_django::timestamp::Timestamp;

use crate::database::{self, Database, Row, Sql, Transaction, Value, again};
use crate::names::Names;
use crate::own_tables::OwnTables;
use crate::schema::{IdType, Times, UserNames};
use crate::users::{self, Columns};
use holders::{Holders, Question};

/// [`RevocationStore`] over SQL.
#[derive(Debug)]
pub(crate) struct SqlRevocationStore {
    database: Database,
    own: OwnTables,
    joined: Holders,
    /// Where our own table is not there, and so nothing was revoked.
    plain: Holders,
    sql: Statements,
    columns: Columns,
    id: IdType,
    times: Times,
}

#[derive(Debug)]
struct Statements {
    moment: Sql,
    revoke: Sql,
    blacklist: Sql,
    delete_opaque: Sql,
    set_password: Sql,
    replace_password: Sql,
}

impl Statements {
    fn new(names: &Names) -> Self {
        let Names {
            outstanding,
            blacklisted,
            revocation,
            token,
            dialect,
            ..
        } = names;
        let UserNames { table, id, .. } = &names.user;
        let set_password = format!("UPDATE {table} SET password = ? WHERE {id} = ?");
        let unchanged = dialect.exactly("password");
        Self {
            moment: Sql::rendered(format!("SELECT not_before FROM {revocation} WHERE user_id = ?")),
            revoke: Sql::rendered(dialect.upsert(
                revocation,
                &["user_id", "not_before"],
                "user_id",
                &["not_before"],
            )),
            blacklist: Sql::rendered(dialect.insert_or_ignore(
                blacklisted,
                "blacklisted_at, token_id",
                &format!(
                    "SELECT ?, id FROM {outstanding} WHERE user_id = ? AND expires_at > ?{}",
                    dialect.kept(outstanding)
                ),
                "token_id",
            )),
            delete_opaque: Sql::rendered(format!("DELETE FROM {token} WHERE user_id = ?")),
            replace_password: Sql::rendered(format!("{set_password} AND {unchanged}")),
            set_password: Sql::rendered(set_password),
        }
    }
}

/// Whether a row tells when its user's tokens were revoked.
#[derive(Clone, Copy)]
enum Moments {
    Joined,
    /// Nothing was revoked: our own table is not there.
    None,
}

impl SqlRevocationStore {
    pub(crate) fn new(database: &Database, names: &Names, own: &OwnTables) -> Self {
        let join = format!(
            "LEFT JOIN {} r ON r.user_id = u.{}",
            names.revocation, names.user.id
        );
        let columns = Columns::new(names);
        Self {
            database: database.clone(),
            own: own.clone(),
            joined: Holders::new(names, &columns, "r.not_before", &join),
            plain: Holders::new(names, &columns, &OwnTables::are_there_now(names.dialect), ""),
            columns,
            sql: Statements::new(names),
            id: names.user.schema.id,
            times: names.times.clone(),
        }
    }

    async fn find(&self, field: UserField, value: &str) -> Result<Option<TokenHolder>, StoreError> {
        let (mut rows, moments) = self.rows(&Question::One(field, value)).await?;
        // Of several that match, none: nobody may be taken for somebody else.
        let (Some(mut row), true) = (rows.pop(), rows.is_empty()) else {
            return Ok(None);
        };
        Ok(Some(self.holder_of(&mut row, moments)?))
    }

    async fn find_each(&self, ids: &[String]) -> Result<Vec<Option<TokenHolder>>, StoreError> {
        let ids: Vec<_> = ids.iter().map(|id| users::parse_id(id, self.id)).collect();
        let values = ids.iter().flatten().map(Value::from).collect();
        let (mut rows, moments) = self.rows(&Question::Each(values)).await?;
        let found = rows.iter_mut().map(|row| self.holder_of(row, moments));
        let found = found.collect::<database::Result<Vec<_>>>()?;
        let of = |id: &UserId| found.iter().find(|holder| holder.user.id == *id).cloned();
        Ok(ids.iter().map(|id| id.as_ref().and_then(of)).collect())
    }

    /// The rows of users, joined with our own table; where that is not there, with word whether it is by now. So one statement is
    /// enough on a database that was not migrated, and nobody is late where it is migrated.
    async fn rows(&self, question: &Question<'_>) -> Result<(Vec<Row>, Moments), StoreError> {
        if !self.own.are_known() {
            let rows = self.plain.ask(&self.database, question).await?;
            let first = rows.first().map(|row| self.own.told(row, self.columns.count));
            if !first.transpose()?.unwrap_or_default() {
                return Ok((rows, Moments::None));
            }
        }
        Ok((self.joined.ask(&self.database, question).await?, Moments::Joined))
    }

    fn holder_of(&self, row: &mut Row, moments: Moments) -> database::Result<TokenHolder> {
        let user = Arc::new(self.columns.read(row, 0)?);
        let not_before = match moments {
            Moments::Joined => row.take(self.columns.count)?,
            Moments::None => None,
        };
        Ok(TokenHolder { user, not_before })
    }

    async fn begin(&self, user: &UserId, what: Revoke) -> Result<Transaction, StoreError> {
        if what.json_web_tokens {
            self.own.demand().await?;
        }
        let mut transaction = self.database.transaction().await?;
        transaction.exclusive(&[&users::tokens_of(Some(user))]).await?;
        Ok(transaction)
    }

    async fn revoke(&self, user: &UserId, what: Revoke, at: Timestamp) -> Result<RevokedTokens, StoreError> {
        let mut transaction = self.begin(user, what).await?;
        let revoked = self.take_back(user, what, at, &mut transaction).await?;
        transaction.commit().await?;
        Ok(revoked)
    }

    async fn replace(
        &self,
        user: &UserId,
        password: &NewPassword,
        what: Revoke,
        at: Timestamp,
    ) -> Result<Option<RevokedTokens>, StoreError> {
        let mut transaction = self.begin(user, what).await?;
        let (sql, mut values) = (&self.sql, vec![(&password.new).into(), user.into()]);
        let replaced = match &password.old {
            None => transaction.execute(&sql.set_password, values).await?,
            Some(old) => {
                values.push(old.into());
                transaction.execute(&sql.replace_password, values).await?
            }
        };
        if replaced == 0 {
            transaction.rollback().await?;
            return Ok(None);
        }
        let revoked = self.take_back(user, what, at, &mut transaction).await?;
        transaction.commit().await?;
        Ok(Some(revoked))
    }

    async fn take_back(
        &self,
        user: &UserId,
        what: Revoke,
        at: Timestamp,
        transaction: &mut Transaction,
    ) -> Result<RevokedTokens, StoreError> {
        let mut revoked = RevokedTokens::default();
        if what.json_web_tokens {
            let before = transaction
                .fetch_optional(&self.sql.moment, [user.into()])
                .await?;
            let before = before.map(|row| row.read(0)).transpose()?;
            let moment = [user.into(), moment_after(before, at).into()];
            transaction.execute(&self.sql.revoke, moment).await?;
            let times = &self.times;
            let live = [times.of_django(at), user.into(), times.of_simple_jwt(at)];
            revoked.blacklisted = transaction.execute(&self.sql.blacklist, live).await?;
        }
        if what.opaque_token {
            revoked.opaque = transaction
                .execute(&self.sql.delete_opaque, [user.into()])
                .await?;
        }
        Ok(revoked)
    }
}

impl RevocationStore for SqlRevocationStore {
    fn holder<'a>(&'a self, field: UserField, value: &'a str) -> StoreAnswer<'a, Option<TokenHolder>> {
        Answer::pending(self.find(field, value))
    }

    fn holders<'a>(&'a self, ids: &'a [String]) -> StoreAnswer<'a, Vec<Option<TokenHolder>>> {
        Answer::pending(self.find_each(ids))
    }

    fn revoke_user<'a>(
        &'a self,
        user: &'a UserId,
        what: Revoke,
        at: Timestamp,
    ) -> StoreAnswer<'a, RevokedTokens> {
        Answer::pending(again(move || self.revoke(user, what, at)))
    }

    fn replace_password<'a>(
        &'a self,
        user: &'a UserId,
        password: NewPassword,
        what: Revoke,
        at: Timestamp,
    ) -> StoreAnswer<'a, Option<RevokedTokens>> {
        Answer::pending(async move { again(|| self.replace(user, &password, what, at)).await })
    }
}
