//! [`RevocationStore`]: from when on a user's tokens are good.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use super::{StoreAnswer, UserField, one_by_one};
use crate::user::{UserId, UserRow};

/// Who a token stands for, and the taking back of everything that stands for somebody.
pub trait RevocationStore: Debug + Send + Sync {
    /// The user whose column holds exactly that text, and from when on its tokens are good; both as they were at one
    /// moment.
    fn holder<'a>(&'a self, field: UserField, value: &'a str) -> StoreAnswer<'a, Option<TokenHolder>>;

    /// The same for several primary keys at once, each in its place: one statement, where the store can.
    fn holders<'a>(&'a self, ids: &'a [String]) -> StoreAnswer<'a, Vec<Option<TokenHolder>>> {
        one_by_one(ids, |id| self.holder(UserField::Id, id))
    }

    /// Takes back credentials of a user, in one step.
    ///
    /// With JSON web tokens, those that are outstanding at `at` are blacklisted, and from now on the user's
    /// [`not_before`](TokenHolder::not_before) is the [`moment_after`] the one that was there.
    fn revoke_user<'a>(
        &'a self,
        user: &'a UserId,
        what: Revoke,
        at: Timestamp,
    ) -> StoreAnswer<'a, RevokedTokens>;

    /// Gives a user another password, and takes credentials back as [`revoke_user`](Self::revoke_user) does, all of it
    /// in one step. `None`, and nothing is written, where the user is gone or has another password than the old one.
    fn replace_password<'a>(
        &'a self,
        user: &'a UserId,
        password: NewPassword,
        what: Revoke,
        at: Timestamp,
    ) -> StoreAnswer<'a, Option<RevokedTokens>>;
}

/// Who a token stands for.
#[derive(Clone, Debug)]
pub struct TokenHolder {
    /// The user.
    pub user: Arc<UserRow>,
    /// When the user's tokens were last revoked; `None` where they never were. No two revocations have one moment, so
    /// that it also tells which revocations a token knew of.
    pub not_before: Option<Timestamp>,
}

/// The moment of a revocation at `at` that follows one at `before`: a later one, and between two whole seconds, so that
/// the `iat` of no token is equal to it.
///
/// ```
/// use doorward_core::stores::moment_after;
/// use doorward_django::timestamp::Timestamp;
///
/// let at = Timestamp::from_secs(7);
/// let moment = moment_after(None, at);
/// assert_eq!(moment, Timestamp::from_micros(7_000_001));
/// assert_eq!(moment_after(Some(moment), at), Timestamp::from_micros(7_000_002));
/// ```
#[must_use]
pub fn moment_after(before: Option<Timestamp>, at: Timestamp) -> Timestamp {
    let least = Duration::from_micros(1);
    let moment = before.map_or(at, |before| at.max(before.saturating_add(least)));
    match moment.as_micros() % 1_000_000 {
        0 => moment.saturating_add(least),
        _ => moment,
    }
}

/// Which credentials of a user are taken back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Revoke {
    /// Every JSON web token.
    pub json_web_tokens: bool,
    /// The opaque token.
    pub opaque_token: bool,
}

impl Revoke {
    /// All of them.
    pub const ALL: Self = Self {
        json_web_tokens: true,
        opaque_token: true,
    };

    /// The JSON web tokens alone.
    pub const JSON_WEB_TOKENS: Self = Self {
        json_web_tokens: true,
        opaque_token: false,
    };
}

/// A password that takes the place of another one.
#[derive(Clone, Debug)]
pub struct NewPassword {
    /// The encoded password that the user has to have still; `None` for any.
    pub old: Option<Secret<String>>,
    /// The encoded password.
    pub new: Secret<String>,
}

/// What a revocation took back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RevokedTokens {
    /// How many refresh and sliding tokens were blacklisted by this call.
    pub blacklisted: u64,
    /// How many opaque tokens were deleted: one, or none.
    pub opaque: u64,
}
