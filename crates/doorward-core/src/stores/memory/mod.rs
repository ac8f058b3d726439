//! [`MemoryStores`]: everything kept in the process, for tests and first steps.

mod auth_tokens;
mod login_attempts;
mod outstanding_tokens;
mod permissions;
mod revocations;
mod sessions;
mod throttle_history;
mod token_families;
mod users;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use auth_tokens::MemoryAuthTokens;
use login_attempts::MemoryLoginAttempts;
use outstanding_tokens::MemoryOutstandingTokens;
use permissions::MemoryPermissions;
use revocations::MemoryRevocations;
use sessions::MemorySessions;
use users::MemoryUsers;

pub use throttle_history::MemoryThrottleHistory;

use super::Stores;
use crate::user::{UserId, UserRow};

/// Stores that live as long as the process; cheap to clone, and every clone sees the same rows.
///
/// They keep each promise of the traits: every method is one atomic step. Integer keys only.
///
/// ```
/// use doorward_core::stores::memory::MemoryStores;
///
/// let memory = MemoryStores::new();
/// let stores = memory.stores();
/// # futures_util::future::FutureExt::now_or_never(async {
/// assert!(stores.users.is_empty().await.unwrap());
/// # }).expect("memory answers at once");
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryStores {
    users: Arc<MemoryUsers>,
    permissions: Arc<MemoryPermissions>,
    sessions: Arc<MemorySessions>,
    auth_tokens: Arc<MemoryAuthTokens>,
    outstanding_tokens: Arc<MemoryOutstandingTokens>,
    revocations: Arc<MemoryRevocations>,
    throttle_history: Arc<MemoryThrottleHistory>,
    login_attempts: Arc<MemoryLoginAttempts>,
}

impl MemoryStores {
    /// Stores that hold nothing yet.
    #[must_use]
    pub fn new() -> Self {
        let users = Arc::new(MemoryUsers::default());
        let outstanding_tokens = Arc::new(MemoryOutstandingTokens::new(Arc::clone(&users)));
        let auth_tokens = Arc::new(MemoryAuthTokens::new(Arc::clone(&users)));
        let revocations = MemoryRevocations::new(
            Arc::clone(&users),
            Arc::clone(&outstanding_tokens),
            Arc::clone(&auth_tokens),
        );
        Self {
            revocations: Arc::new(revocations),
            outstanding_tokens,
            sessions: Arc::new(MemorySessions::new(Arc::clone(&users))),
            auth_tokens,
            users,
            ..Self::default()
        }
    }

    /// The stores, for a door.
    #[must_use]
    pub fn stores(&self) -> Stores {
        Stores {
            users: Arc::clone(&self.users) as _,
            permissions: Arc::clone(&self.permissions) as _,
            sessions: Arc::clone(&self.sessions) as _,
            auth_tokens: Arc::clone(&self.auth_tokens) as _,
            outstanding_tokens: Arc::clone(&self.outstanding_tokens) as _,
            throttle_history: Arc::clone(&self.throttle_history) as _,
            login_attempts: Arc::clone(&self.login_attempts) as _,
            revocations: Arc::clone(&self.revocations) as _,
        }
    }

    /// Puts a row into the user table, in place of the one with its id, if any.
    pub fn add_user(&self, user: UserRow) {
        self.users.put(user);
    }

    /// Changes a row of the user table, if it is there.
    pub fn change_user(&self, id: &UserId, change: impl FnOnce(&mut UserRow)) {
        self.users.change(id, change);
    }

    /// Deletes a user and, as Django's cascade does, its opaque token.
    pub fn remove_user(&self, id: &UserId) {
        self.users.remove(id);
        self.auth_tokens.remove(id);
    }

    /// Puts a user into the group of that name.
    pub fn add_to_group(&self, user: &UserId, group: &str) {
        self.permissions.add_to_group(user, group);
    }

    /// Gives a user a permission, as `app_label.codename`.
    pub fn grant(&self, user: &UserId, permission: &str) {
        self.permissions.grant(user, permission);
    }
}

/// The rows, also after a thread that held them has panicked: no method leaves them half changed.
fn lock<T>(rows: &Mutex<T>) -> MutexGuard<'_, T> {
    rows.lock().unwrap_or_else(PoisonError::into_inner)
}
