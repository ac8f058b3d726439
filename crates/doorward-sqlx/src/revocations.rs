//! Whom tokens stand for, and from when on they are good: `doorward_revocation` beside the user table.

use std::sync::Arc;

use doorward_core::Answer;
use doorward_core::stores::{
    NewPassword, RevocationStore, Revoke, RevokedTokens, StoreAnswer, StoreError, TokenHolder, UserField,
    moment_after,
};
use doorward_core::user::UserId;
use doorward_django::timestamp::Timestamp;

use crate::database::{Database, Sql, Transaction, Value, again};
use crate::names::Names;
use crate::own_tables::OwnTables;
use crate::schema::{ColumnKind, IdType, Times, UserNames};
use crate::users::{self, Columns};

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

/// A look-up by each column that may name a user.
#[derive(Debug)]
struct Holders {
    by_id: Sql,
    by_username: Sql,
    by_email: Option<Sql>,
    by_further: Vec<(ColumnKind, Sql)>,
}

impl Holders {
    fn new(names: &Names, columns: &Columns, not_before: &str, join: &str) -> Self {
        let (user, dialect, shown) = (&names.user, names.dialect, &names.user.and_shown);
        let select = format!(
            "SELECT {}, {not_before} FROM {} u {join} WHERE",
            columns.list, user.table
        );
        let by = |kind, column: &String| {
            let condition = users::holds(dialect, kind, &format!("u.{column}"));
            Sql::rendered(format!("{select} {condition}{shown} LIMIT 2"))
        };
        Self {
            by_id: Sql::rendered(format!("{select} u.{} = ?{shown}", user.id)),
            by_username: by(ColumnKind::Text, &user.username),
            by_email: user.email.as_ref().map(|column| by(ColumnKind::Text, column)),
            by_further: users::further(names)
                .map(|(kind, column)| (kind, by(kind, &column)))
                .collect(),
        }
    }

    fn sql(&self, field: UserField, value: &str, id: IdType) -> Option<(&Sql, Value)> {
        Some(match field {
            UserField::Id => (&self.by_id, (&users::parse_id(value, id)?).into()),
            UserField::Username => (&self.by_username, value.into()),
            UserField::Email => (self.by_email.as_ref()?, value.into()),
            UserField::Further(place) => users::further_value(&self.by_further, place, value)?,
        })
    }
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
            plain: Holders::new(names, &columns, "NULL", ""),
            columns,
            sql: Statements::new(names),
            id: names.user.schema.id,
            times: names.times.clone(),
        }
    }

    async fn find(&self, field: UserField, value: &str) -> Result<Option<TokenHolder>, StoreError> {
        let holders = match self.own.are_there().await? {
            true => &self.joined,
            false => &self.plain,
        };
        let Some((sql, value)) = holders.sql(field, value, self.id) else {
            return Ok(None);
        };
        let mut rows = self.database.fetch_all(sql, [value]).await?;
        // Of several that match, none: nobody may be taken for somebody else.
        let (Some(mut row), true) = (rows.pop(), rows.is_empty()) else {
            return Ok(None);
        };
        Ok(Some(TokenHolder {
            user: Arc::new(self.columns.read(&mut row, 0)?),
            not_before: row.take(self.columns.count)?,
        }))
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
