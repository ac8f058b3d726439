//! The rows of `doorward_login_counter`: how a counter is written, and read again.

use std::collections::BTreeSet;

use doorward_core::stores::{Outage, StoreError};
use doorward_db::database::DatabaseError;
use doorward_db::{Row, Value};
use doorward_django::timestamp::Timestamp;

use crate::lockout::counters::{AccountName, Counter, CounterKind, CounterName, Ledger};

/// The columns of [`row`].
pub(super) const WRITTEN: [&str; 9] = [
    "digest",
    "kind",
    "account",
    "account_digest",
    "address",
    "state",
    "failures",
    "locked_until",
    "expires_at",
];

/// Those that change from one attempt to the next.
pub(super) const CHANGED: [&str; 5] = ["account", "state", "failures", "locked_until", "expires_at"];

pub(super) fn key(name: &CounterName) -> [Value; 1] {
    [name.key.as_str().into()]
}

/// How names are written for people to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Labels {
    AsTheyAre,
    /// Whose database cannot hold every character.
    Escaped,
}

impl Labels {
    fn write(self, label: &str) -> String {
        let escaped = |letter: char| match letter.is_ascii() {
            true => letter.to_string(),
            false => letter.escape_unicode().collect(),
        };
        match self {
            Self::AsTheyAre => label.to_owned(),
            Self::Escaped => label.chars().map(escaped).collect(),
        }
    }
}

pub(super) fn row(
    name: &CounterName,
    counter: &Counter,
    expires_at: Timestamp,
    labels: Labels,
) -> [Value; 9] {
    let account = name.account.as_ref();
    [
        name.key.as_str().into(),
        name.kind.name().into(),
        account.map(|account| labels.write(&account.label)).into(),
        account.map(|account| account.digest.as_str()).into(),
        name.address.as_deref().into(),
        counter.to_text().into(),
        counter.failures().into(),
        counter.lock_ends_at().into(),
        expires_at.into(),
    ]
}

pub(super) fn keys(rows: &[Row]) -> Result<BTreeSet<String>, DatabaseError> {
    rows.iter().map(|row| row.read(0)).collect()
}

pub(super) fn load(ledger: &mut Ledger, name: &CounterName, row: Option<Row>) -> Result<(), StoreError> {
    if let Some(row) = row {
        ledger.load(name.key.clone(), counter(&row.read::<String>(0)?)?);
    }
    Ok(())
}

pub(super) fn read(row: &Row) -> Result<(CounterName, Counter), StoreError> {
    let kind: String = row.read(1)?;
    let (label, digest) = (row.read::<Option<String>>(2)?, row.read::<Option<String>>(3)?);
    let name = CounterName {
        key: row.read(0)?,
        kind: CounterKind::from_name(&kind).ok_or_else(unknown)?,
        account: label
            .zip(digest)
            .map(|(label, digest)| AccountName { digest, label }),
        address: row.read(4)?,
    };
    Ok((name, counter(&row.read::<String>(5)?)?))
}

pub(super) fn counter(text: &str) -> Result<Counter, StoreError> {
    Counter::from_text(text).ok_or_else(unknown)
}

/// What went wrong; where the table may be missing, what to do.
pub(super) fn told(error: DatabaseError) -> StoreError {
    match error {
        DatabaseError::Statement(_) => {
            let message = "Failed logins cannot be counted; run `doorward migrate` if it was not run yet.";
            StoreError::new(message, Outage::Lasting, error)
        }
        other => other.into(),
    }
}

fn unknown() -> StoreError {
    let message = "A row of doorward_login_counter cannot be read.";
    StoreError::new(message, Outage::Lasting, "it may be a newer Doorward's")
}
