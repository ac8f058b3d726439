//! Whom tokens stand for, and from when on they are good: `doorward_revocation` beside the user table.

use std::sync::Arc;

use doorward_core::Answer;
use doorward_core::stores::{
    RevocationStore, RevokedTokens, StoreAnswer, StoreError, TokenHolder, UserField,
};
use doorward_core::user::UserId;
use doorward_django::timestamp::Timestamp;

use crate::database::{Database, Sql, Value};
use crate::own_tables::OwnTables;
use crate::schema::{IdType, Names};
use crate::users;

/// [`RevocationStore`] over SQL.
#[derive(Debug)]
pub(crate) struct SqlRevocationStore {
    database: Database,
    own: OwnTables,
    joined: Holders,
    /// Where our own table is not there, and so nothing was revoked.
    plain: Holders,
    blacklist: Sql,
    revoke: Sql,
    id: IdType,
}

/// A look-up by each column that may name a user.
#[derive(Debug)]
struct Holders {
    by_id: Sql,
    by_username: Sql,
    by_email: Option<Sql>,
}

impl Holders {
    fn new(names: &Names, not_before: &str, join: &str) -> Self {
        let (user, dialect) = (&names.user, names.dialect);
        let select = format!(
            "SELECT {}, {not_before} FROM {} u {join} WHERE",
            users::columns(names),
            user.table
        );
        let by = |column: &String| {
            let exactly = dialect.exactly(&format!("u.{column}"));
            Sql::rendered(format!("{select} {exactly} LIMIT 2"))
        };
        Self {
            by_id: Sql::rendered(format!("{select} u.{} = ?", user.id)),
            by_username: by(&user.username),
            by_email: user.email.as_ref().map(by),
        }
    }

    fn sql(&self, field: UserField, value: &str, id: IdType) -> Option<(&Sql, Value)> {
        Some(match field {
            UserField::Id => (&self.by_id, (&users::parse_id(value, id)?).into()),
            UserField::Username => (&self.by_username, value.into()),
            UserField::Email => (self.by_email.as_ref()?, value.into()),
            _ => return None,
        })
    }
}

impl SqlRevocationStore {
    pub(crate) fn new(database: &Database, names: &Names, own: &OwnTables) -> Self {
        let Names {
            outstanding,
            blacklisted,
            revocation,
            ..
        } = names;
        let join = format!("LEFT JOIN {revocation} r ON r.user_id = u.{}", names.user.id);
        Self {
            database: database.clone(),
            own: own.clone(),
            joined: Holders::new(names, "r.not_before", &join),
            plain: Holders::new(names, "NULL", ""),
            blacklist: Sql::rendered(format!(
                "INSERT INTO {blacklisted} (blacklisted_at, token_id) SELECT ?, id FROM {outstanding} \
                 WHERE user_id = ? AND expires_at > ? ON CONFLICT (token_id) DO NOTHING"
            )),
            revoke: Sql::rendered(format!(
                "INSERT INTO {revocation} (user_id, not_before) VALUES (?, ?) ON CONFLICT (user_id) \
                 DO UPDATE SET not_before = excluded.not_before WHERE {revocation}.not_before < excluded.not_before"
            )),
            id: names.user.schema.id,
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
            user: Arc::new(users::read(&mut row, 0, self.id)?),
            not_before: row.take(users::COLUMNS)?,
        }))
    }

    async fn revoke(
        &self,
        user: &UserId,
        not_before: Timestamp,
        at: Timestamp,
    ) -> Result<RevokedTokens, StoreError> {
        self.own.demand().await?;
        let mut transaction = self.database.transaction().await?;
        let moment = [user.into(), not_before.into()];
        transaction.execute(&self.revoke, moment).await?;
        let live = [at.into(), user.into(), at.into()];
        let blacklisted = transaction.execute(&self.blacklist, live).await?;
        transaction.commit().await?;
        Ok(RevokedTokens { blacklisted })
    }
}

impl RevocationStore for SqlRevocationStore {
    fn holder<'a>(&'a self, field: UserField, value: &'a str) -> StoreAnswer<'a, Option<TokenHolder>> {
        Answer::pending(self.find(field, value))
    }

    fn revoke_user<'a>(
        &'a self,
        user: &'a UserId,
        not_before: Timestamp,
        at: Timestamp,
    ) -> StoreAnswer<'a, RevokedTokens> {
        Answer::pending(self.revoke(user, not_before, at))
    }
}
