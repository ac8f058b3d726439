//! [`Principals`]: the one way from a credential to a user.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use doorward_db::feed::Key;
use doorward_db::{Database, Dialect, UserSchema};
use doorward_django::sessions::SessionKey;
use doorward_django::timestamp::Timestamp;

use super::coherence::{Coherence, Keys};
use super::digest::Names;
use super::feed::Poller;
use super::misses::Misses;
use super::rules::CacheRules;
use super::sessions::{KnownSession, SessionOwner};
use super::status::CacheStatus;
use super::table::{Fact, Table};
use super::told;
use crate::answer::Answer;
use crate::clock::Clock;
use crate::stores::{AuthToken, StoreAnswer, StoreError, Stores, TokenHolder, UserField};
use crate::user::{UserId, UserRow};

/// A token and its user.
type TokenOwner = (Arc<AuthToken>, Arc<UserRow>);

/// Names of groups, or of permissions.
type Held = Arc<BTreeSet<String>>;

/// Whom credentials stand for, and what those may do: remembered as `[cache]` says, or asked of the stores each time.
///
/// What it answers was true within the last `cache.max_staleness`. Who decides more than whether one request may pass (a login, a
/// rotation, a new password) asks the [`Stores`] instead, which remember nothing.
pub struct Principals {
    stores: Stores,
    kept: Option<Box<Facts>>,
}

/// The stores of a door, which tell of what is written to them, and the facts that are remembered of them.
pub(crate) struct Source {
    pub(crate) stores: Stores,
    pub(crate) principals: Principals,
}

/// What is kept, by kind.
struct Facts {
    coherence: Arc<Coherence>,
    /// `None` where no feed is used.
    poller: Option<Poller>,
    misses: Arc<Misses>,
    names: Names,
    tokens: Table<TokenOwner>,
    sessions: Table<KnownSession>,
    persons: Table<TokenHolder>,
    permissions: Table<Held>,
    groups: Table<Held>,
    not_blacklisted: Table<()>,
}

impl Source {
    /// Those stores, with a cache where there are rules for one. It follows the change feed of that database.
    pub(crate) fn new(
        stores: Stores,
        rules: Option<&CacheRules>,
        clock: &Arc<dyn Clock>,
        database: Option<(&Database, &UserSchema)>,
    ) -> Self {
        let Some(rules) = rules else {
            return Self {
                principals: Principals {
                    stores: stores.clone(),
                    kept: None,
                },
                stores,
            };
        };
        let facts = Facts::new(rules, clock, database);
        Self {
            stores: told::stores(&stores, &facts.coherence),
            principals: Principals {
                stores,
                kept: Some(Box::new(facts)),
            },
        }
    }
}

impl Principals {
    /// What is remembered; whoever asks first has the feed polled from then on.
    fn kept(&self) -> Option<&Facts> {
        let kept = self.kept.as_deref()?;
        if let Some(poller) = &kept.poller {
            poller.begin(&kept.coherence);
        }
        Some(kept)
    }

    /// The opaque token of that key, and its user.
    pub fn token<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, Option<TokenOwner>> {
        let read = move || self.stores.auth_tokens.by_key(key);
        let Some(kept) = self.kept() else { return read() };
        let keys = |found: &TokenOwner| Keys::one(user_key(&found.1.id));
        let name = kept.names.of(key.as_bytes());
        let found = kept.tokens.look_up(name, any, move || with_keys(read(), keys));
        found.map(value)
    }

    /// The user whose column holds exactly that text, and from when on its JSON web tokens are good.
    pub fn person<'a>(&'a self, field: UserField, text: &str) -> StoreAnswer<'a, Option<TokenHolder>> {
        let Some(kept) = self.kept() else {
            let text = text.to_owned();
            return Answer::pending(async move { self.stores.revocations.holder(field, &text).await });
        };
        let name = kept.names.with(column(field), text.as_bytes());
        if let Some(known) = kept.persons.known(name, any) {
            return Answer::ready(Ok(Some(known.value.clone())));
        }
        let text = text.to_owned();
        let keys = |found: &TokenHolder| Keys::one(user_key(&found.user.id));
        let read = move || async move { with_keys(self.stores.revocations.holder(field, &text), keys).await };
        kept.persons.look_up(name, any, read).map(value)
    }

    /// The user's permissions, own and by group, as `app_label.codename`.
    pub fn permissions<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, Held> {
        let read = move || self.stores.permissions.permissions(user);
        self.held(|kept| &kept.permissions, user, read)
    }

    /// The names of the user's groups.
    pub fn groups<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, Held> {
        let read = move || self.stores.permissions.groups(user);
        self.held(|kept| &kept.groups, user, read)
    }

    fn held<'a>(
        &'a self,
        table: impl FnOnce(&'a Facts) -> &'a Table<Held>,
        user: &'a UserId,
        read: impl FnOnce() -> StoreAnswer<'a, BTreeSet<String>> + Send + 'a,
    ) -> StoreAnswer<'a, Held> {
        let Some(kept) = self.kept() else {
            return read().map(|held| held.map(Arc::new));
        };
        let id = user.to_string();
        let name = kept.names.of(id.as_bytes());
        let keys = Keys::two(Key::user(&id), Key::permissions());
        let read = move || async move { Ok(Some((Arc::new(read().await?), keys))) };
        let found = table(kept).look_up(name, any, read);
        found.map(|found| Ok(value(found)?.unwrap_or_default()))
    }

    /// Whether the token of that id was taken back. For tokens whose signature was found genuine.
    pub fn is_blacklisted<'a>(&'a self, jti: &'a str) -> StoreAnswer<'a, bool> {
        let Some(kept) = self.kept() else {
            return self.stores.outstanding_tokens.is_blacklisted(jti);
        };
        let read = move || async move {
            let is_good = !self.stores.outstanding_tokens.is_blacklisted(jti).await?;
            Ok(is_good.then(|| ((), Keys::two(Key::jti(jti), unnamed_tokens()))))
        };
        let name = kept.names.of(jti.as_bytes());
        let found = kept.not_blacklisted.look_up(name, any, read);
        found.map(|found| Ok(found?.is_none()))
    }

    /// Who logged in with that session, where that is remembered and the session has not ended.
    pub(crate) fn known_session(&self, key: &SessionKey, now: Timestamp) -> Option<Arc<SessionOwner>> {
        let kept = self.kept()?;
        let name = kept.names.of(key.as_str().as_bytes());
        let known = kept.sessions.known(name, |session| session.expire_date > now)?;
        Some(Arc::clone(&known.value.owner))
    }

    /// The same, read with `read` where it is not remembered.
    ///
    /// # Errors
    /// What `read` says, or that too many read.
    pub(crate) async fn session<F>(
        &self,
        key: &SessionKey,
        now: Timestamp,
        read: impl FnOnce() -> F + Send,
    ) -> Result<Option<Arc<SessionOwner>>, StoreError>
    where
        F: Future<Output = Result<Option<KnownSession>, StoreError>> + Send,
    {
        let Some(kept) = self.kept() else {
            return Ok(read().await?.map(|session| session.owner));
        };
        let name = kept.names.of(key.as_str().as_bytes());
        let keys = Keys::one(kept.coherence.session(key.as_str()));
        let read = || async { Ok(read().await?.map(|session| (session, keys))) };
        let is_open = move |session: &KnownSession| session.expire_date > now;
        let found = kept.sessions.look_up(name, is_open, read).await?;
        Ok(found.map(|fact| Arc::clone(&fact.value.owner)))
    }

    /// Says that a user's row, token, groups or permissions were written otherwise than by the [`Stores`], such as by SQL of an
    /// application: what is remembered of the user is read again. To be called after the write.
    pub fn forget_user(&self, user: &UserId) {
        if let Some(kept) = &self.kept {
            kept.coherence.bump(user_key(user));
        }
    }

    /// Forgets everything, such as after groups were changed otherwise than by the [`Stores`].
    pub fn forget_everything(&self) {
        if let Some(kept) = &self.kept {
            kept.coherence.bump_everything();
        }
    }

    /// What the cache has done; `None` where there is none.
    #[must_use]
    pub fn status(&self) -> Option<CacheStatus> {
        self.kept.as_ref().map(|kept| kept.status())
    }
}

impl Facts {
    fn new(rules: &CacheRules, clock: &Arc<dyn Clock>, database: Option<(&Database, &UserSchema)>) -> Self {
        let dialect = database.map_or(Dialect::Sqlite, |(database, _)| database.dialect());
        let coherence = Arc::new(Coherence::new(rules, Arc::clone(clock), dialect));
        let misses = Arc::new(Misses::default());
        Self {
            tokens: Table::new(&coherence, &misses, rules.capacity),
            sessions: Table::new(&coherence, &misses, rules.capacity),
            persons: Table::new(&coherence, &misses, rules.capacity),
            permissions: Table::new(&coherence, &misses, rules.capacity),
            groups: Table::new(&coherence, &misses, rules.capacity),
            not_blacklisted: Table::new(&coherence, &misses, rules.capacity),
            names: Names::new(),
            poller: database.and_then(|(database, user)| Poller::new(database, user, rules.feed)),
            coherence,
            misses,
        }
    }

    fn status(&self) -> CacheStatus {
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
            confirmed_age: self.coherence.confirmed_age(),
            flaps,
            waiting: waiting.saturating_add(self.misses.waiting()),
            refused: self.misses.refused(),
        }
    }
}

fn any<T>(_: &T) -> bool {
    true
}

fn value<T: Clone>(found: Result<Option<Arc<Fact<T>>>, StoreError>) -> Result<Option<T>, StoreError> {
    found.map(|fact| fact.map(|fact| fact.value.clone()))
}

/// What a store finds, with its keys.
async fn with_keys<T>(
    found: StoreAnswer<'_, Option<T>>,
    keys: impl FnOnce(&T) -> Keys + Send,
) -> Result<Option<(T, Keys)>, StoreError> {
    Ok(found.await?.map(|found| {
        let keys = keys(&found);
        (found, keys)
    }))
}

/// What tells of tokens that were taken back without being named.
pub(super) fn unnamed_tokens() -> Key {
    Key::jti("")
}

pub(super) fn user_key(id: &UserId) -> Key {
    Key::user(&id.to_string())
}

/// A number for each column that may name a user.
fn column(field: UserField) -> u64 {
    match field {
        UserField::Id => 0,
        UserField::Username => 1,
        UserField::Email => 2,
        UserField::Further(place) => u64::try_from(place).unwrap_or(u64::MAX).saturating_add(3),
    }
}

impl fmt::Debug for Principals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Principals")
    }
}
