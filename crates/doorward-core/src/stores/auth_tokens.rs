//! [`AuthTokenStore`]: DRF's `authtoken_token`.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use super::{StoreAnswer, one_by_one};
use crate::user::{UserId, UserRow};

/// A token and its user.
pub type TokenOwner = (Arc<AuthToken>, Arc<UserRow>);

/// Opaque tokens, one per user (`rest_framework.authtoken.models.Token`).
pub trait AuthTokenStore: Debug + Send + Sync {
    /// The token of that key, and its user, in one look-up.
    fn by_key<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, Option<TokenOwner>>;

    /// The same for several keys at once, each in its place: one statement, where the store can.
    fn by_keys<'a>(&'a self, keys: &'a [Secret<String>]) -> StoreAnswer<'a, Vec<Option<TokenOwner>>> {
        one_by_one(keys, |key| self.by_key(key.expose()))
    }

    /// The user's token; `new` is stored if there is none. However many ask at once, all get the same one.
    fn get_or_create(&self, new: AuthToken) -> StoreAnswer<'_, AuthToken>;

    /// The user's token once `old` is none any more: `new` in its place, unless it was replaced already. However many
    /// ask at once, all get the same one.
    fn renew<'a>(&'a self, old: &'a AuthToken, new: AuthToken) -> StoreAnswer<'a, AuthToken>;

    /// Stores `new` in place of the user's token, if any.
    fn replace(&self, new: AuthToken) -> StoreAnswer<'_, ()>;

    /// Deletes the user's token; tells whether there was one.
    fn delete<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, bool>;
}

/// A row of `authtoken_token`.
#[derive(Clone, Debug)]
pub struct AuthToken {
    /// 40 lower-case hexadecimal digits.
    pub key: Secret<String>,
    /// Whose it is.
    pub user: UserId,
    /// When it was made.
    pub created: Timestamp,
}

impl AuthToken {
    /// Whether the token was made `max_age` ago or earlier; without an age it lasts for ever.
    #[must_use]
    pub fn is_past(&self, max_age: Option<Duration>, now: Timestamp) -> bool {
        max_age.is_some_and(|age| now.since(self.created) >= age)
    }
}
