//! Families of refresh tokens: `doorward_token_family`, a row for each token that belongs to one, and
//! `doorward_token_reuse`, what was recorded of those that were shown again.

use doorward_core::stores::{
    Lineage, Outage, OutstandingToken, Retired, ReuseEvent, ReuseKind, ReuseRule, Shown, StoreError,
    Successor,
};
use doorward_django::timestamp::Timestamp;

use super::family_statements::FamilyStatements;
use crate::database::{self, Database, Row, Transaction, Value};
use crate::names::Names;
use crate::schema::Times;

#[derive(Debug)]
pub(super) struct Families {
    sql: FamilyStatements,
    times: Times,
}

/// A rotated token that is shown again, as it was read.
pub(super) struct ShownAgain {
    pub(super) family: String,
    /// The claims of its successor; `None` where it was used itself.
    pub(super) claims: Option<String>,
    rotated_at: Timestamp,
    client: String,
    replays: u32,
    successor: Successor,
}

impl ShownAgain {
    fn read(row: &Row) -> database::Result<Self> {
        let claims: Option<String> = row.read(4)?;
        let is_spent = claims.is_none() || row.read::<bool>(5)?;
        Ok(Self {
            family: row.read(0)?,
            claims,
            rotated_at: row.read(1)?,
            client: row.read(2)?,
            replays: u32::try_from(row.read::<i64>(3)?).unwrap_or(u32::MAX),
            successor: if is_spent {
                Successor::Spent
            } else {
                Successor::Unused
            },
        })
    }

    /// What the rule goes by.
    pub(super) fn facts<'a>(&'a self, jti: &'a str) -> Shown<'a> {
        Shown {
            jti,
            family: &self.family,
            retired: Retired {
                rotated_at: self.rotated_at,
                client: &self.client,
                replays: self.replays,
                successor: self.successor,
            },
        }
    }
}

impl Families {
    pub(super) fn new(names: &Names) -> Self {
        Self {
            sql: FamilyStatements::new(names),
            times: names.times.clone(),
        }
    }

    pub(super) async fn began_at(
        &self,
        database: &Database,
        jti: &str,
    ) -> database::Result<Option<Timestamp>> {
        let row = database.fetch_optional(&self.sql.began_at, [jti.into()]).await?;
        row.map(|row| row.read(0)).transpose()
    }

    /// The family of a token.
    pub(super) async fn of(
        &self,
        jti: &str,
        transaction: &mut Transaction,
    ) -> database::Result<Option<String>> {
        let row = transaction.fetch_optional(&self.sql.of, [jti.into()]).await?;
        row.map(|row| row.read(0)).transpose()
    }

    /// The latest events.
    pub(super) async fn events(
        &self,
        database: &Database,
        limit: u32,
    ) -> Result<Vec<ReuseEvent>, StoreError> {
        let rows = database.fetch_all(&self.sql.events, [limit.into()]).await?;
        rows.iter().map(event).collect()
    }

    /// Records that `new` follows `old`, in the family that `old` has, or begins.
    pub(super) async fn succeed(
        &self,
        old: &OutstandingToken,
        new: &OutstandingToken,
        lineage: &Lineage,
        at: Timestamp,
        transaction: &mut Transaction,
    ) -> database::Result<()> {
        let (old_jti, new_jti) = (old.jti.as_str(), new.jti.as_str());
        let begin = [
            lineage.family.as_str().into(),
            old_jti.into(),
            lineage.began_at.into(),
            old.expires_at.into(),
        ];
        transaction.execute(&self.sql.begin, begin).await?;
        let retire = [
            new_jti.into(),
            at.into(),
            lineage.client.as_str().into(),
            old_jti.into(),
        ];
        transaction.execute(&self.sql.retire, retire).await?;
        let claims = lineage.claims.as_str();
        let succeed = [
            new_jti.into(),
            new.expires_at.into(),
            claims.into(),
            old_jti.into(),
        ];
        transaction.execute(&self.sql.succeed, succeed).await?;
        Ok(())
    }

    /// What is kept of a token that was rotated; `None` where it has no family, or was not rotated but taken back.
    pub(super) async fn shown_again(
        &self,
        jti: &str,
        transaction: &mut Transaction,
    ) -> database::Result<Option<ShownAgain>> {
        let row = transaction.fetch_optional(&self.sql.shown_again, [jti.into()]);
        row.await?.as_ref().map(ShownAgain::read).transpose()
    }

    /// Counts one more answer with the same successor, unless it belongs to the burst.
    pub(super) async fn replay(
        &self,
        jti: &str,
        at: Timestamp,
        transaction: &mut Transaction,
    ) -> database::Result<u64> {
        let burst = at.saturating_sub(ReuseRule::BURST);
        transaction
            .execute(&self.sql.replay, [jti.into(), burst.into()])
            .await
    }

    /// Records that a token was shown again.
    pub(super) async fn note(
        &self,
        event: ReuseEvent,
        transaction: &mut Transaction,
    ) -> database::Result<u64> {
        let jti = Value::from(event.jti);
        let values = [
            event.family.into(),
            jti.clone(),
            event.kind.name().into(),
            event.client.into(),
            event.at.into(),
            jti,
        ];
        transaction.execute(&self.sql.note, values).await
    }

    /// Blacklists every token of a family; tells how many were not blacklisted before.
    pub(super) async fn blacklist(
        &self,
        family: &str,
        at: Timestamp,
        transaction: &mut Transaction,
    ) -> database::Result<u64> {
        transaction
            .execute(&self.sql.blacklist, [self.times.of_django(at), family.into()])
            .await
    }

    pub(super) async fn delete_expired(
        &self,
        now: Timestamp,
        limit: u32,
        transaction: &mut Transaction,
    ) -> database::Result<()> {
        let values = [now.into(), limit.into()];
        transaction.execute(&self.sql.delete_expired, values).await?;
        let old = now.saturating_sub(ReuseEvent::KEPT_FOR);
        transaction
            .execute(&self.sql.delete_events, [old.into(), limit.into()])
            .await?;
        Ok(())
    }
}

fn event(row: &Row) -> Result<ReuseEvent, StoreError> {
    let kind: String = row.read(2)?;
    let kind = ReuseKind::from_name(&kind);
    Ok(ReuseEvent {
        family: row.read(0)?,
        jti: row.read(1)?,
        kind: kind.ok_or_else(unknown_kind)?,
        client: row.read(3)?,
        at: row.read(4)?,
    })
}

fn unknown_kind() -> StoreError {
    let message = "A row of doorward_token_reuse has a kind that is not known.";
    StoreError::new(message, Outage::Lasting, "it may be a newer Doorward's")
}
