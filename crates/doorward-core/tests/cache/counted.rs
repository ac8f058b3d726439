//! Stores that count what they are asked.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use doorward_core::stores::{
    AuthToken, AuthTokenStore, Created, NewPassword, NewUser, PermissionStore, Replaced, RevocationStore,
    Revoke, RevokedTokens, SessionLogin, SessionRow, SessionStore, StoreAnswer, Stores, TokenHolder,
    UserField, UserStore,
};
use doorward_core::user::{UserId, UserRow};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

/// How often any of them was asked; each answers with one statement.
#[derive(Clone, Debug, Default)]
pub(crate) struct LookUps(Arc<AtomicUsize>);

impl LookUps {
    /// How many since this was last asked.
    pub(crate) fn take(&self) -> usize {
        self.0.swap(0, Ordering::SeqCst)
    }
}

/// The same stores, whose look-ups are counted.
pub(crate) fn stores(stores: Stores, count: &LookUps) -> Stores {
    Stores {
        auth_tokens: Arc::new(Tokens(Counted::new(stores.auth_tokens, count))),
        sessions: Arc::new(Sessions(Counted::new(stores.sessions, count))),
        revocations: Arc::new(Holders(Counted::new(stores.revocations, count))),
        users: Arc::new(Users(Counted::new(stores.users, count))),
        permissions: Arc::new(Permissions(Counted::new(stores.permissions, count))),
        ..stores
    }
}

#[derive(Debug)]
struct Counted<S: ?Sized> {
    store: Arc<S>,
    count: LookUps,
}

impl<S: ?Sized> Counted<S> {
    fn new(store: Arc<S>, count: &LookUps) -> Self {
        let count = count.clone();
        Self { store, count }
    }

    fn look_up<'a, T>(&'a self, ask: impl FnOnce(&'a S) -> T) -> T {
        self.count.0.fetch_add(1, Ordering::SeqCst);
        ask(&self.store)
    }
}

#[derive(Debug)]
struct Permissions(Counted<dyn PermissionStore>);

impl PermissionStore for Permissions {
    fn groups<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, BTreeSet<String>> {
        self.0.look_up(|store| store.groups(user))
    }

    fn permissions<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, BTreeSet<String>> {
        self.0.look_up(|store| store.permissions(user))
    }
}

#[derive(Debug)]
struct Tokens(Counted<dyn AuthTokenStore>);

impl AuthTokenStore for Tokens {
    fn by_key<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, Option<(Arc<AuthToken>, Arc<UserRow>)>> {
        self.0.look_up(|store| store.by_key(key))
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
struct Sessions(Counted<dyn SessionStore>);

impl SessionStore for Sessions {
    fn load<'a>(&'a self, key: &'a str, now: Timestamp) -> StoreAnswer<'a, Option<SessionRow>> {
        self.0.look_up(|store| store.load(key, now))
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
struct Holders(Counted<dyn RevocationStore>);

impl RevocationStore for Holders {
    fn holder<'a>(&'a self, field: UserField, value: &'a str) -> StoreAnswer<'a, Option<TokenHolder>> {
        self.0.look_up(|store| store.holder(field, value))
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
struct Users(Counted<dyn UserStore>);

impl UserStore for Users {
    fn by_id<'a>(&'a self, id: &'a UserId) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        self.0.look_up(|store| store.by_id(id))
    }

    fn by_username<'a>(&'a self, username: &'a str) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        self.0.look_up(|store| store.by_username(username))
    }

    fn by_field<'a>(&'a self, field: UserField, value: &'a str) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        self.0.look_up(|store| store.by_field(field, value))
    }

    fn by_field_ignoring_case<'a>(
        &'a self,
        field: UserField,
        value: &'a str,
    ) -> StoreAnswer<'a, Vec<Arc<UserRow>>> {
        self.0.look_up(|store| store.by_field_ignoring_case(field, value))
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
        self.0.look_up(|store| store.is_empty())
    }
}
