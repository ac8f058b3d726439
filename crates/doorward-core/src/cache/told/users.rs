use std::sync::Arc;

use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use super::Told;
use crate::cache::principals::user_key;
use crate::stores::{Created, CreatedUnlike, NewUser, StoreAnswer, UserField, UserStore};
use crate::user::{UserId, UserRow};

impl UserStore for Told<dyn UserStore> {
    fn by_id<'a>(&'a self, id: &'a UserId) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        self.store.by_id(id)
    }

    fn by_username<'a>(&'a self, username: &'a str) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        self.store.by_username(username)
    }

    fn by_field<'a>(&'a self, field: UserField, value: &'a str) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        self.store.by_field(field, value)
    }

    fn by_field_ignoring_case<'a>(
        &'a self,
        field: UserField,
        value: &'a str,
    ) -> StoreAnswer<'a, Vec<Arc<UserRow>>> {
        self.store.by_field_ignoring_case(field, value)
    }

    fn parse_id(&self, text: &str) -> Option<UserId> {
        self.store.parse_id(text)
    }

    /// Nothing is remembered of who is not there.
    fn create(&self, user: NewUser) -> StoreAnswer<'_, Created> {
        self.store.create(user)
    }

    fn create_unlike<'a>(&'a self, user: NewUser, fields: &'a [UserField]) -> StoreAnswer<'a, CreatedUnlike> {
        self.store.create_unlike(user, fields)
    }

    fn set_password<'a>(&'a self, id: &'a UserId, encoded: Secret<String>) -> StoreAnswer<'a, ()> {
        let id = id.clone();
        self.write([user_key(&id)], |store| async move {
            store.set_password(&id, encoded).await
        })
    }

    fn upgrade_password<'a>(
        &'a self,
        id: &'a UserId,
        from: &'a Secret<String>,
        to: Secret<String>,
    ) -> StoreAnswer<'a, bool> {
        let (id, from) = (id.clone(), from.clone());
        self.write([user_key(&id)], |store| async move {
            store.upgrade_password(&id, &from, to).await
        })
    }

    fn set_last_login<'a>(&'a self, id: &'a UserId, at: Timestamp) -> StoreAnswer<'a, ()> {
        let id = id.clone();
        self.write([user_key(&id)], |store| async move {
            store.set_last_login(&id, at).await
        })
    }

    fn is_empty(&self) -> StoreAnswer<'_, bool> {
        self.store.is_empty()
    }
}
