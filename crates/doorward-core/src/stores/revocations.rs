//! [`RevocationStore`]: from when on a user's tokens are good.

use std::fmt::Debug;
use std::sync::Arc;

use doorward_django::timestamp::Timestamp;

use super::{StoreAnswer, UserField};
use crate::user::{UserId, UserRow};

/// Who a token stands for, and the taking back of everything that stands for somebody.
pub trait RevocationStore: Debug + Send + Sync {
    /// The user whose column holds exactly that text, and from when on its tokens are good; one look-up.
    fn holder<'a>(&'a self, field: UserField, value: &'a str) -> StoreAnswer<'a, Option<TokenHolder>>;

    /// Takes back every JSON web token of a user, in one step: blacklists those that are outstanding at `at`, and
    /// has no access token be good that was issued before `not_before`; a later moment that is there already stays.
    fn revoke_user<'a>(
        &'a self,
        user: &'a UserId,
        not_before: Timestamp,
        at: Timestamp,
    ) -> StoreAnswer<'a, RevokedTokens>;
}

/// Who a token stands for.
#[derive(Clone, Debug)]
pub struct TokenHolder {
    /// The user.
    pub user: Arc<UserRow>,
    /// A whole second: tokens that were issued before it are worth nothing. `None` where none was revoked.
    pub not_before: Option<Timestamp>,
}

/// What [`RevocationStore::revoke_user`] took back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevokedTokens {
    /// How many refresh and sliding tokens were blacklisted by this call.
    pub blacklisted: u64,
}
