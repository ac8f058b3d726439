//! Failed logins: `doorward_login_counter`, a row for each counter. What is in one, the counter itself knows; the
//! columns beside it are for finding and for people to read.

use std::collections::BTreeSet;

use doorward_core::Answer;
use doorward_core::stores::{Outage, StoreAnswer, StoreError};
use doorward_db::database::again;
use doorward_db::{Database, Sql, Transaction};
use doorward_django::timestamp::Timestamp;

use super::LoginAttemptStore;
use super::rows::{CHANGED, Labels, WRITTEN, counter, key, keys, load, read, row, told};
use crate::lockout::counters::{
    Counter, CounterName, Ledger, Limits, Lock, LoginAttempt, Reserved, Reset, Settlement,
};

/// How many rows that have expired go with each one that is written.
const PURGED: u32 = 16;

/// [`LoginAttemptStore`] over SQL.
#[derive(Debug)]
pub(super) struct SqlLoginAttempts {
    database: Database,
    state: Sql,
    write: Sql,
    delete: Sql,
    purge: Sql,
    list: Sql,
    of_account: Sql,
    of_address: Sql,
    of_all: Sql,
    reset: Sql,
}

impl SqlLoginAttempts {
    pub(super) fn new(database: &Database) -> Self {
        let dialect = database.dialect();
        let counter = &dialect.quote("doorward_login_counter");
        let columns = "digest, kind, account, account_digest, address, state";
        let held = "(failures > 0 OR locked_until IS NOT NULL)";
        let select = format!("SELECT {columns} FROM {counter} WHERE {held}");
        let of = |condition: &str| Sql::rendered(format!("{select}{condition} ORDER BY digest LIMIT ?"));
        Self {
            database: database.clone(),
            state: Sql::rendered(format!("SELECT state FROM {counter} WHERE digest = ?")),
            write: Sql::rendered(dialect.upsert(counter, &WRITTEN, "digest", &CHANGED)),
            delete: Sql::rendered(format!("DELETE FROM {counter} WHERE digest = ?")),
            purge: Sql::rendered(dialect.delete_some(counter, "digest", "expires_at <= ?", "expires_at")),
            list: Sql::rendered(format!(
                "{select} ORDER BY locked_until IS NULL, locked_until DESC, digest LIMIT ?"
            )),
            of_account: of(" AND account_digest = ?"),
            of_address: of(" AND address = ?"),
            of_all: of(""),
            reset: Sql::rendered(format!(
                "UPDATE {counter} SET state = ?, failures = 0, locked_until = NULL WHERE digest = ?"
            )),
        }
    }

    /// A look first, which is enough for a refusal and takes no lock: who floods a locked account keeps nobody from
    /// writing. Where it shows room, the same is asked again in a transaction.
    async fn ask(
        &self,
        attempt: &LoginAttempt,
        now: Timestamp,
        labels: Labels,
    ) -> Result<Reserved, StoreError> {
        let mut seen = Ledger::default();
        for name in attempt.counters() {
            let row = self.database.fetch_optional(&self.state, key(name)).await;
            load(&mut seen, name, row.map_err(told)?)?;
        }
        match attempt.reserve(&mut seen, now) {
            refused @ (Reserved::Full | Reserved::Locked(_)) if !attempt.is_told_anew(&seen) => {
                return Ok(refused);
            }
            _ => {}
        }
        let mut transaction = self.begin(attempt).await?;
        let mut ledger = self.ledger(attempt, &mut transaction).await?;
        let reserved = attempt.reserve(&mut ledger, now);
        self.keep(attempt, &ledger, (now, labels), transaction).await?;
        Ok(reserved)
    }

    async fn end(
        &self,
        attempt: &LoginAttempt,
        settlement: &Settlement,
        now: Timestamp,
        labels: Labels,
    ) -> Result<Vec<Lock>, StoreError> {
        let mut transaction = self.begin(attempt).await?;
        let mut ledger = self.ledger(attempt, &mut transaction).await?;
        let locks = attempt.settle(&mut ledger, settlement, now);
        self.keep(attempt, &ledger, (now, labels), transaction).await?;
        Ok(locks)
    }

    /// A transaction in which nobody else changes a counter of that attempt.
    async fn begin(&self, attempt: &LoginAttempt) -> Result<Transaction, StoreError> {
        let mut transaction = self.database.transaction().await?;
        let keys: Vec<_> = attempt.counters().map(|name| name.key.as_str()).collect();
        transaction.exclusive(&keys).await?;
        Ok(transaction)
    }

    async fn ledger(
        &self,
        attempt: &LoginAttempt,
        transaction: &mut Transaction,
    ) -> Result<Ledger, StoreError> {
        let mut ledger = Ledger::default();
        for name in attempt.counters() {
            let row = transaction.fetch_optional(&self.state, key(name)).await;
            load(&mut ledger, name, row.map_err(told)?)?;
        }
        Ok(ledger)
    }

    async fn keep(
        &self,
        attempt: &LoginAttempt,
        ledger: &Ledger,
        (now, labels): (Timestamp, Labels),
        mut transaction: Transaction,
    ) -> Result<(), StoreError> {
        for (name, counter, expires_at) in attempt.changes(ledger) {
            match expires_at {
                Some(at) => {
                    transaction
                        .execute(&self.write, row(name, counter, at, labels))
                        .await?
                }
                None => transaction.execute(&self.delete, key(name)).await?,
            };
        }
        transaction
            .execute(&self.purge, [now.into(), PURGED.into()])
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn add(
        &self,
        name: &CounterName,
        other: &Counter,
        limits: &Limits,
        labels: Labels,
    ) -> Result<(), StoreError> {
        let mut transaction = self.database.transaction().await?;
        transaction.exclusive(&[name.key.as_str()]).await?;
        let stored = transaction.fetch_optional(&self.state, key(name)).await;
        let mut held = match stored.map_err(told)? {
            Some(stored) => counter(&stored.read::<String>(0)?)?,
            None => Counter::default(),
        };
        held.take_in(other);
        if let Some(expires_at) = held.expires_at(limits) {
            transaction
                .execute(&self.write, row(name, &held, expires_at, labels))
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    async fn held(&self, limit: u32) -> Result<Vec<(CounterName, Counter)>, StoreError> {
        let rows = self.database.fetch_all(&self.list, [limit.into()]).await;
        rows.map_err(told)?.iter().map(read).collect()
    }

    async fn forget(&self, which: &Reset, limit: u32) -> Result<u64, StoreError> {
        let (sql, mut values) = match which {
            Reset::Account(digest) => (&self.of_account, vec![digest.as_str().into()]),
            Reset::Address(address) => (&self.of_address, vec![address.as_str().into()]),
            Reset::All => (&self.of_all, Vec::new()),
        };
        values.push(limit.into());
        let mut transaction = self.database.transaction().await?;
        let rows = transaction.fetch_all(sql, values.clone()).await;
        let held = keys(&rows.map_err(told)?)?;
        transaction
            .exclusive(&held.iter().map(String::as_str).collect::<Vec<_>>())
            .await?;
        // What an attempt changed before they were held.
        let rows = transaction.fetch_all(sql, values).await.map_err(told)?;
        let mut names = Vec::new();
        for row in &rows {
            let (name, mut counter) = read(row)?;
            if !held.contains(&name.key) {
                continue;
            }
            counter.reset();
            let values = [counter.to_text().into(), name.key.as_str().into()];
            transaction.execute(&self.reset, values).await?;
            names.push(name);
        }
        transaction.commit().await?;
        let shown: BTreeSet<_> = names.iter().map(CounterName::shown).collect();
        Ok(u64::try_from(shown.len()).unwrap_or(u64::MAX))
    }
}

/// A unit of work with names as they are; where the database cannot hold them, with what it can.
async fn labelled<T, F>(work: impl Fn(Labels) -> F + Send + Sync) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>> + Send,
    T: Send,
{
    match again(|| work(Labels::AsTheyAre)).await {
        Err(error) if error.outage() == Outage::Unstorable => again(|| work(Labels::Escaped)).await,
        done => done,
    }
}

impl LoginAttemptStore for SqlLoginAttempts {
    fn reserve<'a>(&'a self, attempt: &'a LoginAttempt, now: Timestamp) -> StoreAnswer<'a, Reserved> {
        Answer::pending(labelled(move |labels| self.ask(attempt, now, labels)))
    }

    fn settle<'a>(
        &'a self,
        attempt: &'a LoginAttempt,
        settlement: Settlement,
        now: Timestamp,
    ) -> StoreAnswer<'a, Vec<Lock>> {
        Answer::pending(async move { labelled(|labels| self.end(attempt, &settlement, now, labels)).await })
    }

    fn take_in<'a>(
        &'a self,
        name: &'a CounterName,
        counter: &'a Counter,
        limits: &'a Limits,
    ) -> StoreAnswer<'a, ()> {
        Answer::pending(labelled(move |labels| self.add(name, counter, limits, labels)))
    }

    fn list(&self, limit: u32) -> StoreAnswer<'_, Vec<(CounterName, Counter)>> {
        Answer::pending(self.held(limit))
    }

    fn reset<'a>(&'a self, which: &'a Reset, limit: u32) -> StoreAnswer<'a, u64> {
        Answer::pending(again(move || self.forget(which, limit)))
    }
}
