//! [`Changes`]: what a poll found.

use super::key::Key;
use crate::database::{Result, Row};
use crate::dialect::IdType;

/// So many rows are read at once; where there are more, everything counts as changed.
pub(super) const LIMIT: u32 = 1_000;

/// What has changed since the poll before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// These, and nothing else; often none.
    Keys(Vec<Key>),
    /// It cannot be told: nothing that was read before counts any more.
    Everything,
}

/// What a database answered.
pub(super) enum Polled {
    /// In each row a kind and a key; both `NULL` where nothing changed.
    Rows(Vec<Row>),
    /// Something is otherwise than when it was looked at; it has to be looked at again.
    Suspect,
}

/// What a poll selects first of a row `c` of the feed: its kind, and its key, which is `key`; of a token that was taken back the
/// `jti`, which is looked up by `id`.
pub(super) fn kind_and_key(key: &str, id: &str) -> String {
    format!(
        "c.kind, CASE c.kind WHEN 'jti' \
         THEN (SELECT o.jti FROM token_blacklist_outstandingtoken o WHERE o.id = {id}) ELSE {key} END"
    )
}

impl Changes {
    /// What these rows tell.
    pub(super) fn read(rows: &[Row], id: IdType) -> Result<Self> {
        if rows.len() >= LIMIT as usize {
            return Ok(Self::Everything);
        }
        let mut keys = Vec::new();
        for row in rows {
            let Some(kind) = row.read::<Option<String>>(0)? else {
                continue;
            };
            let key: Option<String> = row.read(1)?;
            match Key::of_row(&kind, key.as_deref(), id) {
                Some(key) => keys.push(key),
                None => return Ok(Self::Everything),
            }
        }
        Ok(Self::Keys(keys))
    }
}
