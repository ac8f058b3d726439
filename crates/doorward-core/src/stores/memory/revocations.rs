use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use doorward_django::timestamp::Timestamp;

use super::auth_tokens::MemoryAuthTokens;
use super::lock;
use super::outstanding_tokens::MemoryOutstandingTokens;
use super::users::MemoryUsers;
use crate::answer::Answer;
use crate::stores::{
    NewPassword, RevocationStore, Revoke, RevokedTokens, StoreAnswer, TokenHolder, UserField, moment_after,
};
use crate::user::UserId;

/// From when on the tokens of a user are good, beside the users and the tokens.
///
/// Its lock is held by whoever changes a password and takes tokens back: nobody sees one without the other here.
#[derive(Debug, Default)]
pub(super) struct MemoryRevocations {
    not_before: Mutex<Moments>,
    users: Arc<MemoryUsers>,
    outstanding_tokens: Arc<MemoryOutstandingTokens>,
    auth_tokens: Arc<MemoryAuthTokens>,
}

type Moments = BTreeMap<UserId, Timestamp>;

impl MemoryRevocations {
    pub(super) fn new(
        users: Arc<MemoryUsers>,
        outstanding_tokens: Arc<MemoryOutstandingTokens>,
        auth_tokens: Arc<MemoryAuthTokens>,
    ) -> Self {
        Self {
            not_before: Mutex::default(),
            users,
            outstanding_tokens,
            auth_tokens,
        }
    }

    fn revoke(&self, moments: &mut Moments, user: &UserId, what: Revoke, at: Timestamp) -> RevokedTokens {
        let mut revoked = RevokedTokens::default();
        if what.json_web_tokens {
            let moment = moment_after(moments.get(user).copied(), at);
            moments.insert(user.clone(), moment);
            revoked.blacklisted = self.outstanding_tokens.blacklist_all_of(user, at);
        }
        if what.opaque_token {
            revoked.opaque = u64::from(self.auth_tokens.remove(user));
        }
        revoked
    }
}

impl RevocationStore for MemoryRevocations {
    fn holder<'a>(&'a self, field: UserField, value: &'a str) -> StoreAnswer<'a, Option<TokenHolder>> {
        let moments = lock(&self.not_before);
        let found = self.users.find_by_field(field, value);
        Answer::ready(Ok(found.map(|user| TokenHolder {
            not_before: moments.get(&user.id).copied(),
            user,
        })))
    }

    fn revoke_user<'a>(
        &'a self,
        user: &'a UserId,
        what: Revoke,
        at: Timestamp,
    ) -> StoreAnswer<'a, RevokedTokens> {
        let mut moments = lock(&self.not_before);
        Answer::ready(Ok(self.revoke(&mut moments, user, what, at)))
    }

    fn replace_password<'a>(
        &'a self,
        user: &'a UserId,
        password: NewPassword,
        what: Revoke,
        at: Timestamp,
    ) -> StoreAnswer<'a, Option<RevokedTokens>> {
        let mut moments = lock(&self.not_before);
        let NewPassword { old, new } = password;
        let is_replaced = self.users.replace_password(user, old.as_ref(), new);
        Answer::ready(Ok(is_replaced.then(|| self.revoke(&mut moments, user, what, at))))
    }
}
