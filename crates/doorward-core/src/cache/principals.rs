//! [`Principals`]: the one way from a credential to a user.

mod facts;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use doorward_db::feed::Key;
use doorward_db::{Database, UserSchema};
use doorward_django::secret::Secret;
use doorward_django::sessions::SessionKey;
use doorward_django::timestamp::Timestamp;

use super::coherence::Keys;
use super::rules::CacheRules;
use super::sessions::{KnownSession, SessionOwner};
use super::status::CacheStatus;
use super::told;
use crate::answer::Answer;
use crate::clock::Clock;
use crate::stores::{SessionRow, StoreAnswer, StoreError, Stores, TokenHolder, TokenOwner, UserField};
use crate::user::UserId;
use facts::{Facts, GROUPS, NOT_BLACKLISTED, PERMISSIONS, SESSION, TOKEN, any, column, value, with_keys};
pub(super) use facts::{unnamed_tokens, user_key};

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
        let facts = Facts::new(rules, &stores, clock, database);
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
        let Some(kept) = self.kept() else {
            return self.stores.auth_tokens.by_key(key);
        };
        let keys = |found: &TokenOwner| Keys::one(user_key(&found.1.id));
        let read = move || with_keys(kept.batches.tokens.read(Secret::new(key.to_owned())), keys);
        let name = kept.names.with(TOKEN, key.as_bytes());
        kept.tokens.look_up(name, any, read).map(value)
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
        let read = move || async move {
            match field {
                UserField::Id => with_keys(kept.batches.persons.read(text), keys).await,
                _ => with_keys(self.stores.revocations.holder(field, &text), keys).await,
            }
        };
        kept.persons.look_up(name, any, read).map(value)
    }

    /// The user's permissions, own and by group, as `app_label.codename`.
    pub fn permissions<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, Held> {
        let Some(kept) = self.kept() else {
            return self.stores.permissions.permissions(user).map(shared);
        };
        let read = move || kept.batches.permissions.read(user.clone());
        kept.held((PERMISSIONS, &kept.permissions), user, read)
    }

    /// The names of the user's groups.
    pub fn groups<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, Held> {
        let Some(kept) = self.kept() else {
            return self.stores.permissions.groups(user).map(shared);
        };
        let read = move || kept.batches.groups.read(user.clone());
        kept.held((GROUPS, &kept.groups), user, read)
    }

    /// Whether the token of that id was taken back. For tokens whose signature was found genuine.
    pub fn is_blacklisted<'a>(&'a self, jti: &'a str) -> StoreAnswer<'a, bool> {
        let Some(kept) = self.kept() else {
            return self.stores.outstanding_tokens.is_blacklisted(jti);
        };
        let read = move || async move {
            let is_good = !kept.batches.blacklist.read(jti.to_owned()).await?;
            Ok(is_good.then(|| ((), Keys::two(Key::jti(jti), unnamed_tokens()))))
        };
        let name = kept.names.with(NOT_BLACKLISTED, jti.as_bytes());
        let found = kept.not_blacklisted.look_up(name, any, read);
        found.map(|found| Ok(found?.is_none()))
    }

    /// Who logged in with that session, where that is remembered and the session has not ended.
    pub(crate) fn known_session(&self, key: &SessionKey, now: Timestamp) -> Option<Arc<SessionOwner>> {
        let kept = self.kept()?;
        let name = kept.names.with(SESSION, key.as_str().as_bytes());
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
        let name = kept.names.with(SESSION, key.as_str().as_bytes());
        let keys = Keys::one(kept.coherence.session(key.as_str()));
        let read = || async { Ok(read().await?.map(|session| (session, keys))) };
        let is_open = move |session: &KnownSession| session.expire_date > now;
        let found = kept.sessions.look_up(name, is_open, read).await?;
        Ok(found.map(|fact| Arc::clone(&fact.value.owner)))
    }

    /// The row of a session that has not expired at that time.
    pub(crate) async fn session_row(
        &self,
        key: &SessionKey,
        now: Timestamp,
    ) -> Result<Option<SessionRow>, StoreError> {
        match &self.kept {
            Some(kept) => {
                let key = Secret::new(key.as_str().to_owned());
                kept.batches.sessions.read((key, now)).await
            }
            None => self.stores.sessions.load(key.as_str(), now).await,
        }
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

fn shared<T>(found: Result<T, StoreError>) -> Result<Arc<T>, StoreError> {
    found.map(Arc::new)
}

impl fmt::Debug for Principals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Principals")
    }
}
