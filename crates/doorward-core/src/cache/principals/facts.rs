//! [`Facts`]: what is kept, by kind.

use std::collections::BTreeSet;
use std::sync::Arc;

use doorward_db::feed::Key;
use doorward_db::{Database, Dialect, UserSchema};

use super::super::coherence::{Coherence, Keys};
use super::super::digest::Names;
use super::super::feed::Poller;
use super::super::misses::Misses;
use super::super::reads::AllBatches;
use super::super::rules::CacheRules;
use super::super::sessions::KnownSession;
use super::super::shelf::Shelf;
use super::super::status::{CacheStatus, FeedState};
use super::super::table::{Fact, Table};
use super::Held;
use crate::clock::Clock;
use crate::stores::{StoreAnswer, StoreError, Stores, TokenHolder, TokenOwner, UserField};
use crate::user::UserId;

/// What is kept, by kind.
pub(super) struct Facts {
    pub(super) coherence: Arc<Coherence>,
    /// `None` where no feed is used.
    pub(super) poller: Option<Poller>,
    pub(super) misses: Arc<Misses>,
    pub(super) names: Names,
    pub(super) shelf: Arc<Shelf>,
    pub(super) batches: AllBatches,
    pub(super) tokens: Table<TokenOwner>,
    pub(super) sessions: Table<KnownSession>,
    pub(super) persons: Table<TokenHolder>,
    pub(super) permissions: Table<Held>,
    pub(super) groups: Table<Held>,
    pub(super) not_blacklisted: Table<()>,
}

impl Facts {
    pub(super) fn new(
        rules: &CacheRules,
        stores: &Stores,
        clock: &Arc<dyn Clock>,
        database: Option<(&Database, &UserSchema)>,
    ) -> Self {
        let dialect = database.map_or(Dialect::Sqlite, |(database, _)| database.dialect());
        let coherence = Arc::new(Coherence::new(rules, Arc::clone(clock), dialect));
        let (misses, shelf) = (
            Arc::new(Misses::default()),
            Arc::new(Shelf::new(rules.room, rules.capacity)),
        );
        Self {
            tokens: Table::new(&coherence, &misses, &shelf),
            sessions: Table::new(&coherence, &misses, &shelf),
            persons: Table::new(&coherence, &misses, &shelf),
            permissions: Table::new(&coherence, &misses, &shelf),
            groups: Table::new(&coherence, &misses, &shelf),
            not_blacklisted: Table::new(&coherence, &misses, &shelf),
            names: Names::new(),
            batches: AllBatches::of(stores),
            poller: database.and_then(|(database, user)| Poller::new(database, user, rules.feed)),
            coherence,
            misses,
            shelf,
        }
    }

    /// What a user holds, by name.
    pub(super) fn held<'a, F>(
        &'a self,
        (kind, table): (u64, &'a Table<Held>),
        user: &UserId,
        read: impl FnOnce() -> F + Send + 'a,
    ) -> StoreAnswer<'a, Held>
    where
        F: Future<Output = Result<BTreeSet<String>, StoreError>> + Send + 'a,
    {
        let id = user.to_string();
        let name = self.names.with(kind, id.as_bytes());
        let keys = Keys::two(Key::user(&id), Key::permissions());
        let read = move || async move { Ok(Some((Arc::new(read().await?), keys))) };
        let found = table.look_up(name, any, read);
        found.map(|found| Ok(value(found)?.unwrap_or_default()))
    }

    fn feed(&self) -> FeedState {
        match &self.poller {
            None => FeedState::Off,
            Some(_) if self.coherence.confirmed_age().is_some() => FeedState::Live,
            Some(poller) if poller.has_begun() => FeedState::Down,
            Some(_) => FeedState::Resting,
        }
    }

    pub(super) fn status(&self) -> CacheStatus {
        let (flaps, waiting) = self.coherence.flaps_and_waiting();
        CacheStatus {
            kinds: vec![
                self.tokens.status("token"),
                self.sessions.status("session"),
                self.persons.status("person"),
                self.permissions.status("permissions"),
                self.groups.status("groups"),
                self.not_blacklisted.status("not_blacklisted"),
            ],
            feed: self.feed(),
            confirmed_age: self.coherence.confirmed_age(),
            flaps,
            waiting: waiting.saturating_add(self.misses.waiting()),
            refused: self.misses.refused(),
            bytes: self.shelf.bytes(),
            max_bytes: self.shelf.room(),
        }
    }
}

pub(super) fn any<T>(_: &T) -> bool {
    true
}

pub(super) fn value<T: Clone>(
    found: Result<Option<Arc<Fact<T>>>, StoreError>,
) -> Result<Option<T>, StoreError> {
    found.map(|fact| fact.map(|fact| fact.value.clone()))
}

/// What a store finds, with its keys.
pub(super) async fn with_keys<T>(
    found: impl IntoFuture<Output = Result<Option<T>, StoreError>, IntoFuture: Send> + Send,
    keys: impl FnOnce(&T) -> Keys + Send,
) -> Result<Option<(T, Keys)>, StoreError> {
    Ok(found.await?.map(|found| {
        let keys = keys(&found);
        (found, keys)
    }))
}

/// What tells of tokens that were taken back without being named.
pub(in crate::cache) fn unnamed_tokens() -> Key {
    Key::jti("")
}

pub(in crate::cache) fn user_key(id: &UserId) -> Key {
    Key::user(&id.to_string())
}

/// The kinds of facts, for their names: of one text there may be a fact of each.
pub(super) const TOKEN: u64 = 0;
pub(super) const SESSION: u64 = 1;
pub(super) const PERMISSIONS: u64 = 2;
pub(super) const GROUPS: u64 = 3;
pub(super) const NOT_BLACKLISTED: u64 = 4;

/// The kind of a person that this column names.
pub(super) fn column(field: UserField) -> u64 {
    match field {
        UserField::Id => 5,
        UserField::Username => 6,
        UserField::Email => 7,
        UserField::Further(place) => u64::try_from(place).unwrap_or(u64::MAX).saturating_add(8),
    }
}
