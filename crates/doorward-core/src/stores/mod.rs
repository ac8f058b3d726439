//! What Doorward keeps, one small trait per kind of data.
//!
//! To write a store: implement the trait for a type of yours and put it into [`Stores`]. Four things to note:
//! look-ups answer `Ok(None)` for "not there" and `Err` only for "cannot say"; each method is one atomic unit of
//! work, under threads, processes and nodes; a write that was answered is durable; times and random values come in
//! as arguments, a store asks neither the clock nor chance.

mod auth_tokens;
mod database_error;
mod none;
mod outstanding_tokens;
mod permissions;
mod revocations;
mod session_cache;
mod sessions;
mod shared_blacklist;
mod token_families;
mod users;

use std::sync::Arc;
use std::time::Duration;

pub use auth_tokens::{AuthToken, AuthTokenStore, TokenOwner};
pub(crate) use none::NoStores;
pub use outstanding_tokens::{
    BlacklistedToken, Blacklisting, OutstandingToken, OutstandingTokenStore, Predecessor, Rotation,
};
pub use permissions::PermissionStore;
pub use revocations::{NewPassword, RevocationStore, Revoke, RevokedTokens, TokenHolder, moment_after};
pub use session_cache::{CachedSession, SessionCache, Unless};
pub use sessions::{Replaced, SessionLogin, SessionPlace, SessionRow, SessionStore};
pub use shared_blacklist::SharedBlacklist;
pub use token_families::{
    Lineage, Retired, ReuseBinding, ReuseDetection, ReuseEvent, ReuseKind, ReuseRule, ReuseVerdict, Shown,
    Successor,
};
pub use users::{Claim, Created, CreatedUnlike, NewUser, UserField, UserStore};

use crate::answer::Answer;
use crate::exceptions::ApiException;

/// Every store of a door.
#[derive(Clone, Debug)]
pub struct Stores {
    /// Users.
    pub users: Arc<dyn UserStore>,
    /// Groups and permissions.
    pub permissions: Arc<dyn PermissionStore>,
    /// Sessions.
    pub sessions: Arc<dyn SessionStore>,
    /// Opaque tokens.
    pub auth_tokens: Arc<dyn AuthTokenStore>,
    /// Refresh and sliding tokens, and the blacklist.
    pub outstanding_tokens: Arc<dyn OutstandingTokenStore>,
    /// Whom tokens stand for, and from when on they are good.
    pub revocations: Arc<dyn RevocationStore>,
}

/// What a store answers.
pub type StoreAnswer<'a, T> = Answer<'a, Result<T, StoreError>>;

/// What `ask` answers to each of them, one after the other.
fn one_by_one<'a, K: Sync, T: Send + 'a>(
    keys: &'a [K],
    ask: impl Fn(&'a K) -> StoreAnswer<'a, T> + Send + 'a,
) -> StoreAnswer<'a, Vec<T>> {
    Answer::pending(async move {
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            found.push(ask(key).await?);
        }
        Ok(found)
    })
}

/// A store could not do its work; the cause is for the log, never for a client.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct StoreError {
    message: &'static str,
    outage: Outage,
    source: Arc<dyn std::error::Error + Send + Sync>,
}

/// Whether trying again later may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    /// The database is busy or away: answered with 503 and `Retry-After`.
    Passing,
    /// A fault of ours or of the data: answered with 500.
    Lasting,
    /// What was sent holds characters that the database, or a column of it, cannot: answered with 400.
    Unstorable,
}

impl StoreError {
    /// An error with its cause.
    pub fn new(
        message: &'static str,
        outage: Outage,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            message,
            outage,
            source: source.into().into(),
        }
    }

    /// Whether trying again later may help.
    #[must_use]
    pub fn outage(&self) -> Outage {
        self.outage
    }
}

impl From<StoreError> for ApiException {
    fn from(error: StoreError) -> Self {
        match error.outage() {
            Outage::Passing => Self::service_unavailable(Duration::from_secs(1)).with_cause(error),
            Outage::Lasting => Self::server_error(error),
            Outage::Unstorable => {
                Self::validation_error("This text has characters that cannot be stored.").with_cause(error)
            }
        }
    }
}
