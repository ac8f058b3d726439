use doorward_django::timestamp::Timestamp;

use super::Told;
use crate::cache::principals::user_key;
use crate::stores::{Replaced, SessionLogin, SessionPlace, SessionRow, SessionStore, StoreAnswer};

impl SessionStore for Told<dyn SessionStore> {
    fn load<'a>(&'a self, key: &'a str, now: Timestamp) -> StoreAnswer<'a, Option<SessionRow>> {
        self.store.load(key, now)
    }

    /// Nothing is remembered of what is not there.
    fn create(&self, row: SessionRow) -> StoreAnswer<'_, bool> {
        self.store.create(row)
    }

    fn update(&self, row: SessionRow) -> StoreAnswer<'_, bool> {
        let key = self.coherence.session(row.key.expose());
        self.write([key], |store| async move { store.update(row).await })
    }

    fn replace<'a>(&'a self, old: &'a str, row: SessionRow) -> StoreAnswer<'a, Replaced> {
        let (old, key) = (old.to_owned(), self.coherence.session(old));
        self.write([key], |store| async move { store.replace(&old, row).await })
    }

    fn log_in<'a>(&'a self, login: SessionLogin<'a>) -> StoreAnswer<'a, Replaced> {
        let SessionLogin { user, at, row, place } = login;
        let (user, old) = (user.clone(), place.old().map(str::to_owned));
        let written = old.as_deref().unwrap_or(row.key.expose());
        let keys = [user_key(&user), self.coherence.session(written)];
        let is_same = place == SessionPlace::Same;
        self.write(keys, move |store| async move {
            let place = match &old {
                Some(old) => SessionPlace::Of(old),
                None if is_same => SessionPlace::Same,
                None => SessionPlace::New,
            };
            let user = &user;
            store.log_in(SessionLogin { user, at, row, place }).await
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, ()> {
        let (old, key) = (key.to_owned(), self.coherence.session(key));
        self.write([key], |store| async move { store.delete(&old).await })
    }

    /// When a session ends is judged each time.
    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreAnswer<'_, u64> {
        self.store.delete_expired(now, limit)
    }
}

impl<'a> SessionPlace<'a> {
    /// The key of the row that goes.
    fn old(self) -> Option<&'a str> {
        match self {
            Self::Of(old) => Some(old),
            Self::New | Self::Same => None,
        }
    }
}
