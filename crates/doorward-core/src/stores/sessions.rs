//! [`SessionStore`]: Django's `django_session`.

use std::fmt::Debug;

use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use super::{StoreAnswer, one_by_one};
use crate::user::UserId;

/// Sessions as `django.contrib.sessions.backends.db` keeps them.
pub trait SessionStore: Debug + Send + Sync {
    /// The row of that key, if it has not expired at `now`.
    fn load<'a>(&'a self, key: &'a str, now: Timestamp) -> StoreAnswer<'a, Option<SessionRow>>;

    /// The same for several keys at once, each in its place: one statement, where the store can.
    fn load_each<'a>(
        &'a self,
        keys: &'a [Secret<String>],
        now: Timestamp,
    ) -> StoreAnswer<'a, Vec<Option<SessionRow>>> {
        one_by_one(keys, move |key| self.load(key.expose(), now))
    }

    /// Inserts a row; `false` when the key is taken.
    fn create(&self, row: SessionRow) -> StoreAnswer<'_, bool>;

    /// Updates a row; `false` when it is gone: a deleted session is never brought back.
    fn update(&self, row: SessionRow) -> StoreAnswer<'_, bool>;

    /// Puts `row` in place of the row `old` in one step (`cycle_key`).
    ///
    /// At no time may what `row` holds be found under the old key: whoever planted that key would be logged in.
    fn replace<'a>(&'a self, old: &'a str, row: SessionRow) -> StoreAnswer<'a, Replaced>;

    /// Writes the session that a login opens, and its user's `last_login`, in one step.
    fn log_in<'a>(&'a self, login: SessionLogin<'a>) -> StoreAnswer<'a, Replaced>;

    /// Deletes a row, if it is there.
    fn delete<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, ()>;

    /// Deletes at most `limit` rows that expired before `now`; tells how many.
    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreAnswer<'_, u64>;
}

/// A session that a login opens.
#[derive(Clone, Debug)]
pub struct SessionLogin<'a> {
    /// Who logs in.
    pub user: &'a UserId,
    /// When.
    pub at: Timestamp,
    /// The session.
    pub row: SessionRow,
    /// Where the row goes.
    pub place: SessionPlace<'a>,
}

/// Where the row of a session goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionPlace<'a> {
    /// It is one more ([`SessionStore::create`]).
    New,
    /// In place of the row of that key ([`SessionStore::replace`]).
    Of(&'a str),
    /// Into the row of its own key ([`SessionStore::update`]).
    Same,
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
