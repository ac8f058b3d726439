//! [`SessionStore`]: Django's `django_session`.

use std::fmt::Debug;

use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use super::StoreAnswer;

/// Sessions as `django.contrib.sessions.backends.db` keeps them.
pub trait SessionStore: Debug + Send + Sync {
    /// The row of that key, if it has not expired at `now`.
    fn load<'a>(&'a self, key: &'a str, now: Timestamp) -> StoreAnswer<'a, Option<SessionRow>>;

    /// Inserts a row; `false` when the key is taken.
    fn create(&self, row: SessionRow) -> StoreAnswer<'_, bool>;

    /// Updates a row; `false` when it is gone: a deleted session is never brought back.
    fn update(&self, row: SessionRow) -> StoreAnswer<'_, bool>;

    /// Puts `row` in place of the row `old` in one step (`cycle_key`).
    ///
    /// At no time may what `row` holds be found under the old key: whoever planted that key would be logged in.
    fn replace<'a>(&'a self, old: &'a str, row: SessionRow) -> StoreAnswer<'a, Replaced>;

    /// Deletes a row, if it is there.
    fn delete<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, ()>;

    /// Deletes at most `limit` rows that expired before `now`; tells how many.
    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreAnswer<'_, u64>;
}

/// What came of [`SessionStore::replace`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaced {
    /// The new row stands in the old one's place.
    Done,
    /// The new key is taken; nothing was done.
    Taken,
    /// There is no old row; nothing was done: a deleted session is never brought back.
    Gone,
}

/// A row of `django_session`.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// The key, as it stands in the cookie.
    pub key: Secret<String>,
    /// The signed data.
    pub data: Secret<String>,
    /// When it ends.
    pub expire_date: Timestamp,
}
