//! Families of refresh tokens: `doorward_token_family`, a row for each token that belongs to one, and
//! `doorward_token_reuse`, what was recorded of those that were shown again.

use doorward_core::stores::{
    Lineage, Outage, OutstandingToken, Retired, ReuseEvent, ReuseKind, ReuseRule, StoreError, Successor,
};
use doorward_django::timestamp::Timestamp;

use crate::database::{self, Database, Row, Sql, Transaction};
use crate::names::Names;

#[derive(Debug)]
pub(super) struct Families {
    of: Sql,
    began_at: Sql,
    begin: Sql,
    retire: Sql,
    succeed: Sql,
    shown_again: Sql,
    replay: Sql,
    note: Sql,
    blacklist: Sql,
    events: Sql,
    delete_expired: Sql,
    delete_events: Sql,
}

/// A rotated token that is shown again.
pub(super) struct ShownAgain {
    pub(super) kind: ReuseKind,
    pub(super) family: String,
    /// The claims of its successor.
    pub(super) claims: String,
}

impl Families {
    pub(super) fn new(names: &Names) -> Self {
        let Names {
            outstanding,
            blacklisted,
            token_family: family,
            token_reuse: reuse,
            dialect,
            ..
        } = names;
        let jti = dialect.exactly("jti");
        let kept = ReuseEvent::KEPT_PER_TOKEN;
        Self {
            of: Sql::rendered(format!("SELECT family FROM {family} WHERE {jti}")),
            began_at: Sql::rendered(format!("SELECT began_at FROM {family} WHERE {jti}")),
            begin: Sql::rendered(format!(
                "INSERT INTO {family} (family, jti, began_at, expires_at, replays) VALUES (?, ?, ?, ?, 0) \
                 ON CONFLICT (jti) DO NOTHING"
            )),
            // A successor that was used itself is not answered again: its claims are not needed any more.
            retire: Sql::rendered(format!(
                "UPDATE {family} SET successor = ?, rotated_at = ?, client = ?, claims = NULL WHERE {jti}"
            )),
            succeed: Sql::rendered(format!(
                "INSERT INTO {family} (family, jti, began_at, expires_at, claims, replays) \
                 SELECT family, ?, began_at, ?, ?, 0 FROM {family} WHERE {jti}"
            )),
            shown_again: Sql::rendered(format!(
                "SELECT f.family, f.rotated_at, f.client, f.replays, s.claims, b.id IS NOT NULL FROM {family} f \
                 LEFT JOIN {family} s ON s.jti = f.successor LEFT JOIN {outstanding} o ON o.jti = s.jti \
                 LEFT JOIN {blacklisted} b ON b.token_id = o.id WHERE {} AND f.rotated_at IS NOT NULL",
                dialect.exactly("f.jti")
            )),
            replay: Sql::rendered(format!(
                "UPDATE {family} SET replays = replays + 1 WHERE {jti} AND rotated_at <= ?"
            )),
            note: Sql::rendered(format!(
                "INSERT INTO {reuse} (family, jti, kind, client, at) SELECT ?1, ?2, ?3, ?4, ?5 \
                 WHERE (SELECT count(*) FROM {reuse} WHERE jti = ?2) < {kept}"
            )),
            blacklist: Sql::rendered(format!(
                "INSERT INTO {blacklisted} (blacklisted_at, token_id) SELECT ?, o.id FROM {outstanding} o \
                 INNER JOIN {family} f ON f.jti = o.jti WHERE f.family = ? ON CONFLICT (token_id) DO NOTHING"
            )),
            events: Sql::rendered(format!(
                "SELECT family, jti, kind, client, at FROM {reuse} ORDER BY id DESC LIMIT ?"
            )),
            delete_expired: Sql::rendered(delete(family, "expires_at")),
            delete_events: Sql::rendered(delete(reuse, "at")),
        }
    }

    pub(super) async fn began_at(
        &self,
        database: &Database,
        jti: &str,
    ) -> database::Result<Option<Timestamp>> {
        let row = database.fetch_optional(&self.began_at, [jti.into()]).await?;
        row.map(|row| row.read(0)).transpose()
    }

    /// The family of a token.
    pub(super) async fn of(
        &self,
        jti: &str,
        transaction: &mut Transaction,
    ) -> database::Result<Option<String>> {
        let row = transaction.fetch_optional(&self.of, [jti.into()]).await?;
        row.map(|row| row.read(0)).transpose()
    }

    /// The latest events.
    pub(super) async fn events(
        &self,
        database: &Database,
        limit: u32,
    ) -> Result<Vec<ReuseEvent>, StoreError> {
        let rows = database.fetch_all(&self.events, [limit.into()]).await?;
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
        transaction.execute(&self.begin, begin).await?;
        let retire = [
            new_jti.into(),
            at.into(),
            lineage.client.as_str().into(),
            old_jti.into(),
        ];
        transaction.execute(&self.retire, retire).await?;
        let claims = lineage.claims.as_str();
        let succeed = [
            new_jti.into(),
            new.expires_at.into(),
            claims.into(),
            old_jti.into(),
        ];
        transaction.execute(&self.succeed, succeed).await?;
        Ok(())
    }

    /// What it is when a blacklisted token is shown; `None` where that is refused and nothing more: it has no family,
    /// was not rotated but taken back, or nobody looks for reuse.
    pub(super) async fn shown_again(
        &self,
        jti: &str,
        lineage: &Lineage,
        at: Timestamp,
        transaction: &mut Transaction,
    ) -> database::Result<Option<ShownAgain>> {
        let Some(row) = transaction
            .fetch_optional(&self.shown_again, [jti.into()])
            .await?
        else {
            return Ok(None);
        };
        let (client, claims) = (row.read::<String>(2)?, row.read::<Option<String>>(4)?);
        let is_spent = claims.is_none() || row.read::<bool>(5)?;
        let retired = Retired {
            rotated_at: row.read(1)?,
            client: &client,
            replays: u32::try_from(row.read::<i64>(3)?).unwrap_or(u32::MAX),
            successor: if is_spent {
                Successor::Spent
            } else {
                Successor::Unused
            },
        };
        let Some(kind) = lineage.rule.judge(&retired, &lineage.client, at) else {
            return Ok(None);
        };
        Ok(Some(ShownAgain {
            kind,
            family: row.read(0)?,
            claims: claims.unwrap_or_default(),
        }))
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
            .execute(&self.replay, [jti.into(), burst.into()])
            .await
    }

    /// Records that a token was shown again.
    pub(super) async fn note(
        &self,
        event: ReuseEvent,
        transaction: &mut Transaction,
    ) -> database::Result<u64> {
        let values = [
            event.family.into(),
            event.jti.into(),
            event.kind.name().into(),
            event.client.into(),
            event.at.into(),
        ];
        transaction.execute(&self.note, values).await
    }

    /// Blacklists every token of a family; tells how many were not blacklisted before.
    pub(super) async fn blacklist(
        &self,
        family: &str,
        at: Timestamp,
        transaction: &mut Transaction,
    ) -> database::Result<u64> {
        transaction
            .execute(&self.blacklist, [at.into(), family.into()])
            .await
    }

    pub(super) async fn delete_expired(
        &self,
        now: Timestamp,
        limit: u32,
        transaction: &mut Transaction,
    ) -> database::Result<()> {
        let values = [now.into(), limit.into()];
        transaction.execute(&self.delete_expired, values).await?;
        let old = now.saturating_sub(ReuseEvent::KEPT_FOR);
        transaction
            .execute(&self.delete_events, [old.into(), limit.into()])
            .await?;
        Ok(())
    }
}

fn delete(table: &str, moment: &str) -> String {
    format!(
        "DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE {moment} <= ? ORDER BY id LIMIT ?)"
    )
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
