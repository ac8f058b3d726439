//! What is read of each store, several at a time.

use std::collections::BTreeSet;
use std::sync::Arc;

use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use super::batches::{Batches, Reads};
use crate::answer::Answer;
use crate::stores::{
    AuthToken, AuthTokenStore, OutstandingTokenStore, PermissionStore, RevocationStore, SessionRow,
    SessionStore, StoreAnswer, Stores, TokenHolder, UserField,
};
use crate::user::{UserId, UserRow};

/// What is read of the stores, by kind.
pub(super) struct AllBatches {
    pub(super) tokens: Batches<Tokens>,
    pub(super) sessions: Batches<Sessions>,
    pub(super) persons: Batches<Persons>,
    pub(super) permissions: Batches<Permissions>,
    pub(super) groups: Batches<Groups>,
    pub(super) blacklist: Batches<Blacklist>,
}

impl AllBatches {
    pub(super) fn of(stores: &Stores) -> Self {
        Self {
            tokens: Batches::new(Tokens(Arc::clone(&stores.auth_tokens))),
            sessions: Batches::new(Sessions(Arc::clone(&stores.sessions))),
            persons: Batches::new(Persons(Arc::clone(&stores.revocations))),
            permissions: Batches::new(Permissions(Arc::clone(&stores.permissions))),
            groups: Batches::new(Groups(Arc::clone(&stores.permissions))),
            blacklist: Batches::new(Blacklist(Arc::clone(&stores.outstanding_tokens))),
        }
    }
}

/// Opaque tokens with their users.
pub(super) struct Tokens(pub(super) Arc<dyn AuthTokenStore>);

impl Reads for Tokens {
    type Key = Secret<String>;
    type Found = Option<(Arc<AuthToken>, Arc<UserRow>)>;

    fn each<'a>(&'a self, keys: &'a [Self::Key]) -> StoreAnswer<'a, Vec<Self::Found>> {
        match keys {
            [key] => self.0.by_key(key.expose()).map(alone),
            keys => self.0.by_keys(keys),
        }
    }
}

/// Sessions that have not expired at that time.
pub(super) struct Sessions(pub(super) Arc<dyn SessionStore>);

impl Reads for Sessions {
    type Key = (Secret<String>, Timestamp);
    type Found = Option<SessionRow>;

    fn each<'a>(&'a self, keys: &'a [Self::Key]) -> StoreAnswer<'a, Vec<Self::Found>> {
        if let [(key, now)] = keys {
            return self.0.load(key.expose(), *now).map(alone);
        }
        Answer::pending(async move {
            let Some(earliest) = keys.iter().map(|(_, now)| *now).min() else {
                return Ok(Vec::new());
            };
            let names: Vec<_> = keys.iter().map(|(key, _)| key.clone()).collect();
            let rows = self.0.load_each(&names, earliest).await?;
            let is_open = |row: &SessionRow, now: Timestamp| row.expire_date > now;
            let found = rows.into_iter().zip(keys);
            Ok(found
                .map(|(row, (_, now))| row.filter(|row| is_open(row, *now)))
                .collect())
        })
    }
}

/// Users by their primary keys, and when their tokens were revoked.
pub(super) struct Persons(pub(super) Arc<dyn RevocationStore>);

impl Reads for Persons {
    type Key = String;
    type Found = Option<TokenHolder>;

    fn each<'a>(&'a self, keys: &'a [Self::Key]) -> StoreAnswer<'a, Vec<Self::Found>> {
        match keys {
            [id] => self.0.holder(UserField::Id, id).map(alone),
            keys => self.0.holders(keys),
        }
    }
}

/// Names of users' permissions.
pub(super) struct Permissions(pub(super) Arc<dyn PermissionStore>);

impl Reads for Permissions {
    type Key = UserId;
    type Found = BTreeSet<String>;

    fn each<'a>(&'a self, keys: &'a [Self::Key]) -> StoreAnswer<'a, Vec<Self::Found>> {
        match keys {
            [user] => self.0.permissions(user).map(alone),
            keys => self.0.permissions_of(keys),
        }
    }
}

/// Names of users' groups.
pub(super) struct Groups(pub(super) Arc<dyn PermissionStore>);

impl Reads for Groups {
    type Key = UserId;
    type Found = BTreeSet<String>;

    fn each<'a>(&'a self, keys: &'a [Self::Key]) -> StoreAnswer<'a, Vec<Self::Found>> {
        match keys {
            [user] => self.0.groups(user).map(alone),
            keys => self.0.groups_of(keys),
        }
    }
}

/// Whether tokens were taken back.
pub(super) struct Blacklist(pub(super) Arc<dyn OutstandingTokenStore>);

impl Reads for Blacklist {
    type Key = String;
    type Found = bool;

    fn each<'a>(&'a self, keys: &'a [Self::Key]) -> StoreAnswer<'a, Vec<Self::Found>> {
        match keys {
            [jti] => self.0.is_blacklisted(jti).map(alone),
            keys => self.0.are_blacklisted(keys),
        }
    }
}

fn alone<T, E>(found: Result<T, E>) -> Result<Vec<T>, E> {
    found.map(|found| vec![found])
}
