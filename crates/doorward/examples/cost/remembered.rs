//! Stores that remember the one credential they were asked for: what is left is what a request costs beyond SQL.

use std::sync::{Arc, OnceLock};

use doorward::Answer;
use doorward::django::secret::Secret;
use doorward::django::timestamp::Timestamp;
use doorward::stores::{
    AuthToken, AuthTokenStore, Created, NewPassword, NewUser, Replaced, RevocationStore, Revoke,
    RevokedTokens, SessionLogin, SessionRow, SessionStore, StoreAnswer, Stores, TokenHolder, UserField,
    UserStore,
};
use doorward::user::{UserId, UserRow};

/// The same stores, which look a credential up once.
pub(crate) fn stores(stores: Stores) -> Stores {
    Stores {
        auth_tokens: Arc::new(Tokens(Remembered::new(stores.auth_tokens))),
        sessions: Arc::new(Sessions(Remembered::new(stores.sessions))),
        revocations: Arc::new(Holders(Remembered::new(stores.revocations))),
        users: Arc::new(Users(Remembered::new(stores.users))),
        ..stores
    }
}

/// A store, and the first thing that was found in it.
#[derive(Debug)]
struct Remembered<S: ?Sized, T> {
    found: OnceLock<T>,
    store: Arc<S>,
}

impl<S: ?Sized + Send + Sync, T: Clone + Send + Sync> Remembered<S, T> {
    fn new(store: Arc<S>) -> Self {
        let found = OnceLock::new();
        Self { found, store }
    }

    fn or<'a>(
        &'a self,
        look_up: impl FnOnce(&'a S) -> StoreAnswer<'a, Option<T>>,
    ) -> StoreAnswer<'a, Option<T>> {
        if let Some(found) = self.found.get() {
            return Answer::ready(Ok(Some(found.clone())));
        }
        let asked = look_up(&self.store);
        Answer::pending(async move {
            let found = asked.await?;
            if let Some(found) = &found {
                let _ = self.found.set(found.clone());
            }
            Ok(found)
        })
    }
}

#[derive(Debug)]
struct Tokens(Remembered<dyn AuthTokenStore, (Arc<AuthToken>, Arc<UserRow>)>);

impl AuthTokenStore for Tokens {
    fn by_key<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, Option<(Arc<AuthToken>, Arc<UserRow>)>> {
        self.0.or(|store| store.by_key(key))
    }

    fn get_or_create(&self, new: AuthToken) -> StoreAnswer<'_, AuthToken> {
        self.0.store.get_or_create(new)
    }

    fn renew<'a>(&'a self, old: &'a AuthToken, new: AuthToken) -> StoreAnswer<'a, AuthToken> {
        self.0.store.renew(old, new)
    }

    fn replace(&self, new: AuthToken) -> StoreAnswer<'_, ()> {
        self.0.store.replace(new)
    }

    fn delete<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, bool> {
        self.0.store.delete(user)
    }
}

#[derive(Debug)]
struct Sessions(Remembered<dyn SessionStore, SessionRow>);

impl SessionStore for Sessions {
    fn load<'a>(&'a self, key: &'a str, now: Timestamp) -> StoreAnswer<'a, Option<SessionRow>> {
        self.0.or(|store| store.load(key, now))
    }

    fn create(&self, row: SessionRow) -> StoreAnswer<'_, bool> {
        self.0.store.create(row)
    }

    fn update(&self, row: SessionRow) -> StoreAnswer<'_, bool> {
        self.0.store.update(row)
    }

    fn replace<'a>(&'a self, old: &'a str, row: SessionRow) -> StoreAnswer<'a, Replaced> {
        self.0.store.replace(old, row)
    }

    fn log_in<'a>(&'a self, login: SessionLogin<'a>) -> StoreAnswer<'a, Replaced> {
        self.0.store.log_in(login)
    }

    fn delete<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, ()> {
        self.0.store.delete(key)
    }

    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreAnswer<'_, u64> {
        self.0.store.delete_expired(now, limit)
    }
}

#[derive(Debug)]
struct Holders(Remembered<dyn RevocationStore, TokenHolder>);

impl RevocationStore for Holders {
    fn holder<'a>(&'a self, field: UserField, value: &'a str) -> StoreAnswer<'a, Option<TokenHolder>> {
        self.0.or(|store| store.holder(field, value))
    }

    fn revoke_user<'a>(
        &'a self,
        user: &'a UserId,
        what: Revoke,
        at: Timestamp,
    ) -> StoreAnswer<'a, RevokedTokens> {
        self.0.store.revoke_user(user, what, at)
    }

    fn replace_password<'a>(
        &'a self,
        user: &'a UserId,
        password: NewPassword,
        what: Revoke,
        at: Timestamp,
    ) -> StoreAnswer<'a, Option<RevokedTokens>> {
        self.0.store.replace_password(user, password, what, at)
    }
}

#[derive(Debug)]
struct Users(Remembered<dyn UserStore, Arc<UserRow>>);

impl UserStore for Users {
    fn by_id<'a>(&'a self, id: &'a UserId) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        self.0.or(|store| store.by_id(id))
    }

    fn by_username<'a>(&'a self, username: &'a str) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        self.0.store.by_username(username)
    }

    fn by_field<'a>(&'a self, field: UserField, value: &'a str) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        self.0.store.by_field(field, value)
    }

    fn by_field_ignoring_case<'a>(
        &'a self,
        field: UserField,
        value: &'a str,
    ) -> StoreAnswer<'a, Vec<Arc<UserRow>>> {
        self.0.store.by_field_ignoring_case(field, value)
    }

    fn parse_id(&self, text: &str) -> Option<UserId> {
        self.0.store.parse_id(text)
    }

    fn create(&self, user: NewUser) -> StoreAnswer<'_, Created> {
        self.0.store.create(user)
    }

    fn set_password<'a>(&'a self, id: &'a UserId, encoded: Secret<String>) -> StoreAnswer<'a, ()> {
        self.0.store.set_password(id, encoded)
    }

    fn upgrade_password<'a>(
        &'a self,
        id: &'a UserId,
        from: &'a Secret<String>,
        to: Secret<String>,
    ) -> StoreAnswer<'a, bool> {
        self.0.store.upgrade_password(id, from, to)
    }

    fn set_last_login<'a>(&'a self, id: &'a UserId, at: Timestamp) -> StoreAnswer<'a, ()> {
        self.0.store.set_last_login(id, at)
    }

    fn is_empty(&self) -> StoreAnswer<'_, bool> {
        self.0.store.is_empty()
    }
}
