//! Whether Doorward's own tables are there: a database that Django made may not have been migrated by us.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use doorward_core::stores::{Outage, StoreError};

use crate::Dialect;
use crate::database::{Database, Result, Row};

/// The tables that rotation and revocation stand on, which one migration makes together.
#[derive(Clone, Debug)]
pub(crate) struct OwnTables {
    database: Database,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    were_there: AtomicBool,
    was_told: AtomicBool,
}

impl OwnTables {
    pub(crate) fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            state: Arc::default(),
        }
    }

    /// Whether it was found that they are there.
    pub(crate) fn are_known(&self) -> bool {
        self.state.were_there.load(Ordering::Relaxed)
    }

    /// A column that says whether they are there at the moment of its statement.
    pub(crate) fn are_there_now(dialect: Dialect) -> String {
        let table = dialect.has_table().replace('?', "'doorward_revocation'");
        format!("CASE WHEN EXISTS ({table}) THEN 1 ELSE 0 END")
    }

    /// What that column says, in that place of a row.
    pub(crate) fn told(&self, row: &Row, place: usize) -> Result<bool> {
        let are_there = row.read::<i64>(place)? != 0;
        self.state.were_there.store(are_there, Ordering::Relaxed);
        Ok(are_there)
    }

    /// Whether they are there. Once there they stay; until then each call looks, for `migrate` may run beside us.
    pub(crate) async fn are_there(&self) -> Result<bool> {
        if self.state.were_there.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let sql = self.database.dialect().has_table();
        let found = self
            .database
            .fetch_optional(sql, ["doorward_revocation".into()])
            .await?;
        self.state.were_there.store(found.is_some(), Ordering::Relaxed);
        Ok(found.is_some())
    }

    /// The same; says once in the log what is missing without them.
    pub(crate) async fn are_there_or_warn(&self) -> Result<bool> {
        let are_there = self.are_there().await?;
        if !are_there && !self.state.was_told.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "this database has no table doorward_token_family: rotated refresh tokens have no grace, their \
                 reuse is not detected, and rotation prolongs a login without end; run `doorward migrate`"
            );
        }
        Ok(are_there)
    }

    /// Refuses where they are not there.
    pub(crate) async fn demand(&self) -> Result<(), StoreError> {
        if self.are_there().await? {
            return Ok(());
        }
        let message = "Doorward's own tables are missing; run `doorward migrate`.";
        Err(StoreError::new(
            message,
            Outage::Lasting,
            "no table doorward_revocation",
        ))
    }
}
