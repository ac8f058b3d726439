use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use doorward_django::timestamp::Timestamp;

use super::lock;
use super::outstanding_tokens::MemoryOutstandingTokens;
use super::users::MemoryUsers;
use crate::answer::Answer;
use crate::stores::{RevocationStore, RevokedTokens, StoreAnswer, TokenHolder, UserField, UserStore};
use crate::user::{UserId, UserRow};

/// From when on the tokens of a user are good, beside the users and the tokens.
#[derive(Debug, Default)]
pub(super) struct MemoryRevocations {
    not_before: Mutex<BTreeMap<UserId, Timestamp>>,
    users: Arc<MemoryUsers>,
    outstanding_tokens: Arc<MemoryOutstandingTokens>,
}

impl MemoryRevocations {
    pub(super) fn new(users: Arc<MemoryUsers>, outstanding_tokens: Arc<MemoryOutstandingTokens>) -> Self {
        Self {
            not_before: Mutex::default(),
            users,
            outstanding_tokens,
        }
    }

    fn with_moment(&self, user: Arc<UserRow>) -> TokenHolder {
        let not_before = lock(&self.not_before).get(&user.id).copied();
        TokenHolder { user, not_before }
    }
}

impl RevocationStore for MemoryRevocations {
    fn holder<'a>(&'a self, field: UserField, value: &'a str) -> StoreAnswer<'a, Option<TokenHolder>> {
        let found = self.users.by_field(field, value);
        Answer::pending(async move { Ok(found.await?.map(|user| self.with_moment(user))) })
    }

    fn revoke_user<'a>(
        &'a self,
        user: &'a UserId,
        not_before: Timestamp,
        at: Timestamp,
    ) -> StoreAnswer<'a, RevokedTokens> {
        let mut moments = lock(&self.not_before);
        let moment = moments.entry(user.clone()).or_insert(not_before);
        *moment = (*moment).max(not_before);
        let blacklisted = self.outstanding_tokens.blacklist_all_of(user, at);
        Answer::ready(Ok(RevokedTokens { blacklisted }))
    }
}
