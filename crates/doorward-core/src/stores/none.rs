//! [`NoStores`]: what a door has that keeps nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use super::{
    AuthToken, AuthTokenStore, BlacklistedToken, Blacklisting, Created, NewPassword, NewUser, Outage,
    OutstandingToken, OutstandingTokenStore, PermissionStore, Predecessor, Replaced, ReuseEvent,
    RevocationStore, Revoke, RevokedTokens, Rotation, SessionLogin, SessionRow, SessionStore, StoreAnswer,
    StoreError, Stores, TokenHolder, UserField, UserStore,
};
use crate::answer::Answer;
use crate::user::{UserId, UserRow};

/// The stores of a [stateless](crate::Door::stateless) door: nobody and nothing is in them, and what would be written
/// is refused.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoStores;

impl NoStores {
    /// As the stores of a door.
    pub(crate) fn stores() -> Stores {
        Stores {
            users: Arc::new(Self),
            permissions: Arc::new(Self),
            sessions: Arc::new(Self),
            auth_tokens: Arc::new(Self),
            outstanding_tokens: Arc::new(Self),
            revocations: Arc::new(Self),
        }
    }
}

fn found<'a, T>(nothing: T) -> StoreAnswer<'a, T> {
    Answer::ready(Ok(nothing))
}

fn refused<'a, T>() -> StoreAnswer<'a, T> {
    let cause = "it was made by `Door::stateless`, without users and sessions";
    Answer::ready(Err(StoreError::new(
        "This door keeps nothing.",
        Outage::Lasting,
        cause,
    )))
}

impl UserStore for NoStores {
    fn by_id<'a>(&'a self, _: &'a UserId) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        found(None)
    }

    fn by_username<'a>(&'a self, _: &'a str) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        found(None)
    }

    fn by_field<'a>(&'a self, _: UserField, _: &'a str) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        found(None)
    }

    fn by_field_ignoring_case<'a>(&'a self, _: UserField, _: &'a str) -> StoreAnswer<'a, Vec<Arc<UserRow>>> {
        found(Vec::new())
    }

    fn parse_id(&self, _: &str) -> Option<UserId> {
        None
    }

    fn create(&self, _: NewUser) -> StoreAnswer<'_, Created> {
        refused()
    }

    fn set_password<'a>(&'a self, _: &'a UserId, _: Secret<String>) -> StoreAnswer<'a, ()> {
        refused()
    }

    fn upgrade_password<'a>(
        &'a self,
        _: &'a UserId,
        _: &'a Secret<String>,
        _: Secret<String>,
    ) -> StoreAnswer<'a, bool> {
        refused()
    }

    fn set_last_login<'a>(&'a self, _: &'a UserId, _: Timestamp) -> StoreAnswer<'a, ()> {
        refused()
    }

    fn is_empty(&self) -> StoreAnswer<'_, bool> {
        found(true)
    }
}

impl PermissionStore for NoStores {
    fn groups<'a>(&'a self, _: &'a UserId) -> StoreAnswer<'a, BTreeSet<String>> {
        found(BTreeSet::new())
    }

    fn permissions<'a>(&'a self, _: &'a UserId) -> StoreAnswer<'a, BTreeSet<String>> {
        found(BTreeSet::new())
    }
}

impl SessionStore for NoStores {
    fn load<'a>(&'a self, _: &'a str, _: Timestamp) -> StoreAnswer<'a, Option<SessionRow>> {
        found(None)
    }

    fn create(&self, _: SessionRow) -> StoreAnswer<'_, bool> {
        refused()
    }

    fn update(&self, _: SessionRow) -> StoreAnswer<'_, bool> {
        refused()
    }

    fn replace<'a>(&'a self, _: &'a str, _: SessionRow) -> StoreAnswer<'a, Replaced> {
        refused()
    }

    fn log_in<'a>(&'a self, _: SessionLogin<'a>) -> StoreAnswer<'a, Replaced> {
        refused()
    }

    fn delete<'a>(&'a self, _: &'a str) -> StoreAnswer<'a, ()> {
        found(())
    }

    fn delete_expired(&self, _: Timestamp, _: u32) -> StoreAnswer<'_, u64> {
        found(0)
    }
}

impl AuthTokenStore for NoStores {
    fn by_key<'a>(&'a self, _: &'a str) -> StoreAnswer<'a, Option<(Arc<AuthToken>, Arc<UserRow>)>> {
        found(None)
    }

    fn get_or_create(&self, _: AuthToken) -> StoreAnswer<'_, AuthToken> {
        refused()
    }

    fn renew<'a>(&'a self, _: &'a AuthToken, _: AuthToken) -> StoreAnswer<'a, AuthToken> {
        refused()
    }

    fn replace(&self, _: AuthToken) -> StoreAnswer<'_, ()> {
        refused()
    }

    fn delete<'a>(&'a self, _: &'a UserId) -> StoreAnswer<'a, bool> {
        found(false)
    }
}

impl OutstandingTokenStore for NoStores {
    fn record(&self, _: OutstandingToken) -> StoreAnswer<'_, ()> {
        refused()
    }

    fn record_login(&self, _: OutstandingToken, _: Timestamp) -> StoreAnswer<'_, ()> {
        refused()
    }

    fn is_blacklisted<'a>(&'a self, _: &'a str) -> StoreAnswer<'a, bool> {
        found(false)
    }

    fn blacklist(&self, _: OutstandingToken, _: Timestamp) -> StoreAnswer<'_, Blacklisting> {
        refused()
    }

    fn rotate(
        &self,
        _: OutstandingToken,
        _: OutstandingToken,
        _: Predecessor,
        _: Timestamp,
    ) -> StoreAnswer<'_, Rotation> {
        refused()
    }

    fn family_began_at<'a>(&'a self, _: &'a str) -> StoreAnswer<'a, Option<Timestamp>> {
        found(None)
    }

    fn revoke_family(&self, _: OutstandingToken, _: Timestamp) -> StoreAnswer<'_, u64> {
        refused()
    }

    fn taken_back_at<'a>(
        &'a self,
        _: &'a UserId,
        _: Timestamp,
        _: u32,
    ) -> StoreAnswer<'a, Vec<BlacklistedToken>> {
        found(Vec::new())
    }

    fn blacklist_page(&self, _: i64, _: Timestamp, _: u32) -> StoreAnswer<'_, Vec<BlacklistedToken>> {
        found(Vec::new())
    }

    fn reuse_events(&self, _: u32) -> StoreAnswer<'_, Vec<ReuseEvent>> {
        found(Vec::new())
    }

    fn delete_expired(&self, _: Timestamp, _: u32) -> StoreAnswer<'_, u64> {
        found(0)
    }
}

impl RevocationStore for NoStores {
    fn holder<'a>(&'a self, _: UserField, _: &'a str) -> StoreAnswer<'a, Option<TokenHolder>> {
        found(None)
    }

    fn revoke_user<'a>(&'a self, _: &'a UserId, _: Revoke, _: Timestamp) -> StoreAnswer<'a, RevokedTokens> {
        refused()
    }

    fn replace_password<'a>(
        &'a self,
        _: &'a UserId,
        _: NewPassword,
        _: Revoke,
        _: Timestamp,
    ) -> StoreAnswer<'a, Option<RevokedTokens>> {
        refused()
    }
}
