//! [`OutstandingTokenStore`]: SimpleJWT's `token_blacklist` tables.

use std::fmt::Debug;

use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use super::{Lineage, ReuseEvent, ReuseKind, StoreAnswer, one_by_one};
use crate::user::UserId;

/// Refresh and sliding tokens that were issued, and those that were taken back
/// (`rest_framework_simplejwt.token_blacklist`).
pub trait OutstandingTokenStore: Debug + Send + Sync {
    /// Records a token that was issued. A row with the same id is left as it is.
    fn record(&self, token: OutstandingToken) -> StoreAnswer<'_, ()>;

    /// As [`record`](Self::record), for a token that a login issued at `at`: sets its user's `last_login` in the same
    /// step.
    fn record_login(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, ()>;

    /// Whether the token of that id was taken back.
    fn is_blacklisted<'a>(&'a self, jti: &'a str) -> StoreAnswer<'a, bool>;

    /// The same for several ids at once, each in its place: one statement, where the store can.
    fn are_blacklisted<'a>(&'a self, jtis: &'a [String]) -> StoreAnswer<'a, Vec<bool>> {
        one_by_one(jtis, |jti| self.is_blacklisted(jti))
    }

    /// Takes a token back, recording it first where it is not outstanding.
    fn blacklist(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, Blacklisting>;

    /// Issues `new` in place of `old` in one atomic step.
    ///
    /// With [`Predecessor::Blacklist`] exactly one of any number of concurrent rotations of `old` succeeds; what the
    /// others get, [`ReuseRule::judge`](super::ReuseRule::judge) says.
    fn rotate(
        &self,
        old: OutstandingToken,
        new: OutstandingToken,
        predecessor: Predecessor,
        at: Timestamp,
    ) -> StoreAnswer<'_, Rotation>;

    /// When the family of the token of that id began; `None` for a token that belongs to none.
    fn family_began_at<'a>(&'a self, jti: &'a str) -> StoreAnswer<'a, Option<Timestamp>>;

    /// Takes a token back, as [`blacklist`](Self::blacklist) does, and all of its family with it, in one step; tells
    /// how many were taken back by this call.
    fn revoke_family(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, u64>;

    /// At most `limit` tokens of a user that one call took back at exactly that moment; which, where there are more, is
    /// left to the store.
    fn taken_back_at<'a>(
        &'a self,
        user: &'a UserId,
        at: Timestamp,
        limit: u32,
    ) -> StoreAnswer<'a, Vec<BlacklistedToken>>;

    /// The blacklist, page by page: at most `limit` tokens that were taken back and end after `now`, in the order of
    /// their rows, beginning after the row `after` (0 for the first page).
    fn blacklist_page(
        &self,
        after: i64,
        now: Timestamp,
        limit: u32,
    ) -> StoreAnswer<'_, Vec<BlacklistedToken>>;

    /// At most `limit` of what was recorded of rotated tokens that were shown again, the latest first.
    fn reuse_events(&self, limit: u32) -> StoreAnswer<'_, Vec<ReuseEvent>>;

    /// Deletes at most `limit` tokens that ended at or before `now`, and what is kept of them elsewhere; tells how many.
    ///
    /// Events go after [`ReuseEvent::KEPT_FOR`].
    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreAnswer<'_, u64>;
}

/// A row of `token_blacklist_outstandingtoken`.
#[derive(Clone, Debug)]
pub struct OutstandingToken {
    /// The token's id; at most 255 characters, or it cannot be stored.
    pub jti: String,
    /// The token's text, or its digest.
    pub token: Secret<String>,
    /// Whose it is; `None` where the user is gone or unknown.
    pub user: Option<UserId>,
    /// When it was issued, if known.
    pub created_at: Option<Timestamp>,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A row of `token_blacklist_blacklistedtoken`, with what is known of its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlacklistedToken {
    /// The row's number.
    pub row: i64,
    /// The token's id.
    pub jti: String,
    /// When the token ends; from then on nobody has to remember it.
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
#[derive(Clone, Debug)]
pub enum Predecessor {
    /// It is taken back (`BLACKLIST_AFTER_ROTATION`).
    Blacklist(Lineage),
    /// It stays good until it expires.
    Keep,
}

/// What became of [`OutstandingTokenStore::rotate`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The new token is recorded.
    Done,
    /// The old token was rotated a moment ago: these are the claims of its successor. That was recorded, and `new`
    /// was not.
    Replayed(String),
    /// The old token had been taken back; nothing was written.
    Blacklisted,
    /// The old token had been rotated; that it was shown again is recorded, and of its family so many tokens were
    /// taken back.
    Refused {
        /// What it was.
        kind: ReuseKind,
        /// How many tokens were taken back by this call.
        revoked: u64,
    },
}
