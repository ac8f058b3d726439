use std::sync::Arc;

use super::Told;
use crate::cache::principals::user_key;
use crate::stores::{AuthToken, AuthTokenStore, StoreAnswer};
use crate::user::{UserId, UserRow};

impl AuthTokenStore for Told<dyn AuthTokenStore> {
    fn by_key<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, Option<(Arc<AuthToken>, Arc<UserRow>)>> {
        self.store.by_key(key)
    }

    fn get_or_create(&self, new: AuthToken) -> StoreAnswer<'_, AuthToken> {
        let key = user_key(&new.user);
        self.write([key], |store| async move { store.get_or_create(new).await })
    }

    fn renew<'a>(&'a self, old: &'a AuthToken, new: AuthToken) -> StoreAnswer<'a, AuthToken> {
        let old = old.clone();
        self.write([user_key(&old.user)], |store| async move {
            store.renew(&old, new).await
        })
    }

    fn replace(&self, new: AuthToken) -> StoreAnswer<'_, ()> {
        let key = user_key(&new.user);
        self.write([key], |store| async move { store.replace(new).await })
    }

    fn delete<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, bool> {
        let user = user.clone();
        self.write(
            [user_key(&user)],
            |store| async move { store.delete(&user).await },
        )
    }
}
