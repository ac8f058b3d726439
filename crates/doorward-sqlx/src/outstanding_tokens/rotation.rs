//! A token gives way to the next one, and what it gets that is shown again.

use doorward_core::stores::{Lineage, OutstandingToken, ReuseVerdict, Rotation, StoreError};
use doorward_django::timestamp::Timestamp;

use super::SqlOutstandingTokenStore;
use super::families::Families;
use crate::database::Transaction;

impl SqlOutstandingTokenStore {
    pub(super) async fn rotate_and_keep(
        &self,
        old: &OutstandingToken,
        new: &OutstandingToken,
    ) -> Result<Rotation, StoreError> {
        let new_values = self.row(new)?;
        let mut transaction = self.begin(old).await?;
        let found = transaction.fetch_all(&self.sql.is_blacklisted, [old.jti.as_str().into()]);
        if !found.await?.is_empty() {
            transaction.rollback().await?;
            return Ok(Rotation::Blacklisted);
        }
        transaction.execute(&self.sql.record, new_values).await?;
        transaction.commit().await?;
        Ok(Rotation::Done)
    }

    pub(super) async fn succeed(
        &self,
        old: &OutstandingToken,
        new: &OutstandingToken,
        lineage: &Lineage,
        at: Timestamp,
    ) -> Result<Rotation, StoreError> {
        let (old_values, new_values) = (self.row(old)?, self.row(new)?);
        let families = self.own.are_there_or_warn().await?.then_some(&self.families);
        let mut transaction = self.begin(old).await?;
        transaction.execute(&self.sql.record, old_values).await?;
        let blacklist = [self.times.of_django(at), old.jti.as_str().into()];
        if transaction.execute(&self.sql.blacklist, blacklist).await? == 0 {
            return self
                .shown_again(&old.jti, lineage, at, transaction, families)
                .await;
        }
        transaction.execute(&self.sql.record, new_values).await?;
        if let Some(families) = families {
            families.succeed(old, new, lineage, at, &mut transaction).await?;
        }
        transaction.commit().await?;
        Ok(Rotation::Done)
    }

    /// What a token gets that was taken back before.
    async fn shown_again(
        &self,
        jti: &str,
        lineage: &Lineage,
        at: Timestamp,
        mut transaction: Transaction,
        families: Option<&Families>,
    ) -> Result<Rotation, StoreError> {
        let Some(families) = families else {
            return refused(transaction).await;
        };
        let Some(shown) = families.shown_again(jti, &mut transaction).await? else {
            return refused(transaction).await;
        };
        let (event, revoked) = match lineage.judge(&shown.facts(jti), at) {
            ReuseVerdict::Refused => return refused(transaction).await,
            ReuseVerdict::Replayed(event) => {
                families.note(event, &mut transaction).await?;
                families.replay(jti, at, &mut transaction).await?;
                transaction.commit().await?;
                return Ok(Rotation::Replayed(shown.claims.unwrap_or_default()));
            }
            ReuseVerdict::Reused(event) => (event, 0),
            ReuseVerdict::FamilyEnds(event) => {
                let revoked = families.blacklist(&shown.family, at, &mut transaction).await?;
                (event, revoked)
            }
        };
        let kind = event.kind;
        families.note(event, &mut transaction).await?;
        transaction.commit().await?;
        Ok(Rotation::Refused { kind, revoked })
    }
}

async fn refused(transaction: Transaction) -> Result<Rotation, StoreError> {
    transaction.rollback().await?;
    Ok(Rotation::Blacklisted)
}
