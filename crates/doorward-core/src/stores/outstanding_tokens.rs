//! [`OutstandingTokenStore`]: SimpleJWT's `token_blacklist` tables.

use std::fmt::Debug;

use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use super::StoreAnswer;
use crate::user::UserId;

/// Refresh and sliding tokens that were issued, and those that were taken back
/// (`rest_framework_simplejwt.token_blacklist`).
pub trait OutstandingTokenStore: Debug + Send + Sync {
    /// Records a token that was issued. A row with the same id is left as it is.
    fn record(&self, token: OutstandingToken) -> StoreAnswer<'_, ()>;

    /// Whether the token of that id was taken back.
    fn is_blacklisted<'a>(&'a self, jti: &'a str) -> StoreAnswer<'a, bool>;

    /// Takes a token back, recording it first where it is not outstanding.
    fn blacklist(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, Blacklisting>;

    /// Issues `new` in place of `old` in one atomic step.
    ///
    /// With [`Predecessor::Blacklist`] exactly one of any number of concurrent rotations of `old` succeeds.
    fn rotate(
        &self,
        old: OutstandingToken,
        new: OutstandingToken,
        predecessor: Predecessor,
        at: Timestamp,
    ) -> StoreAnswer<'_, Rotation>;

    /// Deletes at most `limit` tokens that ended at or before `now`, and their blacklist rows; tells how many.
    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreAnswer<'_, u64>;
}

/// A row of `token_blacklist_outstandingtoken`.
#[derive(Clone, Debug)]
pub struct OutstandingToken {
    /// The token's id; at most 255 characters, or it cannot be stored.
    pub jti: String,
    /// The token's text.
    pub token: Secret<String>,
    /// Whose it is; `None` where the user is gone or unknown.
    pub user: Option<UserId>,
    /// When it was issued, if known.
    pub created_at: Option<Timestamp>,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// What became of [`OutstandingTokenStore::blacklist`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blacklisting {
    /// This call took it back.
    Done,
    /// It had been taken back before.
    Already,
}

/// What [`OutstandingTokenStore::rotate`] does with the token that was presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Predecessor {
    /// It is taken back (`BLACKLIST_AFTER_ROTATION`).
    Blacklist,
    /// It stays good until it expires.
    Keep,
}

/// What became of [`OutstandingTokenStore::rotate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The new token is recorded.
    Done,
    /// The old token had been taken back; nothing was written.
    Blacklisted,
}
