use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use subtle::ConstantTimeEq;

use super::lock;
use super::users::MemoryUsers;
use crate::answer::Answer;
use crate::stores::{AuthToken, AuthTokenStore, StoreAnswer};
use crate::user::{UserId, UserRow};

/// The table of opaque tokens, by user, beside the users that they stand for.
#[derive(Debug, Default)]
pub(super) struct MemoryAuthTokens {
    tokens: Mutex<BTreeMap<UserId, AuthToken>>,
    users: Arc<MemoryUsers>,
}

impl MemoryAuthTokens {
    pub(super) fn new(users: Arc<MemoryUsers>) -> Self {
        let tokens = Mutex::default();
        Self { tokens, users }
    }

    pub(super) fn remove(&self, user: &UserId) -> bool {
        lock(&self.tokens).remove(user).is_some()
    }

    fn find(&self, key: &str) -> Option<(AuthToken, Arc<UserRow>)> {
        let tokens = lock(&self.tokens);
        let token = tokens.values().find(|token| is(token, key))?;
        Some((token.clone(), self.users.find(&token.user)?))
    }
}

impl AuthTokenStore for MemoryAuthTokens {
    fn by_key<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, Option<(AuthToken, Arc<UserRow>)>> {
        Answer::ready(Ok(self.find(key)))
    }

    fn get_or_create(&self, new: AuthToken) -> StoreAnswer<'_, AuthToken> {
        let mut tokens = lock(&self.tokens);
        let token = tokens.entry(new.user.clone()).or_insert(new).clone();
        Answer::ready(Ok(token))
    }

    fn renew<'a>(&'a self, old: &'a AuthToken, new: AuthToken) -> StoreAnswer<'a, AuthToken> {
        let mut tokens = lock(&self.tokens);
        let place = tokens.entry(new.user.clone()).or_insert_with(|| new.clone());
        if is(place, old.key.expose()) {
            *place = new;
        }
        Answer::ready(Ok(place.clone()))
    }

    fn replace(&self, new: AuthToken) -> StoreAnswer<'_, ()> {
        lock(&self.tokens).insert(new.user.clone(), new);
        Answer::ready(Ok(()))
    }

    fn delete<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, bool> {
        Answer::ready(Ok(self.remove(user)))
    }
}

fn is(token: &AuthToken, key: &str) -> bool {
    token.key.expose().as_bytes().ct_eq(key.as_bytes()).into()
}
