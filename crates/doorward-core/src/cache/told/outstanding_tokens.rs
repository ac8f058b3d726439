use doorward_db::feed::Key;
use doorward_django::timestamp::Timestamp;

use super::Told;
use crate::cache::principals::{unnamed_tokens, user_key};
use crate::stores::{
    BlacklistedToken, Blacklisting, OutstandingToken, OutstandingTokenStore, Predecessor, ReuseEvent,
    Rotation, StoreAnswer,
};
use crate::user::UserId;

impl OutstandingTokenStore for Told<dyn OutstandingTokenStore> {
    fn record(&self, token: OutstandingToken) -> StoreAnswer<'_, ()> {
        self.store.record(token)
    }

    fn record_login(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, ()> {
        let keys: Vec<_> = token.user.iter().map(user_key).collect();
        self.write(keys, |store| async move { store.record_login(token, at).await })
    }

    fn is_blacklisted<'a>(&'a self, jti: &'a str) -> StoreAnswer<'a, bool> {
        self.store.is_blacklisted(jti)
    }

    fn blacklist(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, Blacklisting> {
        let key = Key::jti(&token.jti);
        self.write([key], |store| async move { store.blacklist(token, at).await })
    }

    /// One that is shown again may end its family, whose tokens are not named.
    fn rotate(
        &self,
        old: OutstandingToken,
        new: OutstandingToken,
        predecessor: Predecessor,
        at: Timestamp,
    ) -> StoreAnswer<'_, Rotation> {
        let family = matches!(predecessor, Predecessor::Blacklist(_)).then(unnamed_tokens);
        let keys: Vec<_> = [Key::jti(&old.jti)].into_iter().chain(family).collect();
        self.write(keys, |store| async move {
            store.rotate(old, new, predecessor, at).await
        })
    }

    fn family_began_at<'a>(&'a self, jti: &'a str) -> StoreAnswer<'a, Option<Timestamp>> {
        self.store.family_began_at(jti)
    }

    fn revoke_family(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, u64> {
        let keys = [Key::jti(&token.jti), unnamed_tokens()];
        self.write(keys, |store| async move { store.revoke_family(token, at).await })
    }

    fn taken_back_at<'a>(
        &'a self,
        user: &'a UserId,
        at: Timestamp,
        limit: u32,
    ) -> StoreAnswer<'a, Vec<BlacklistedToken>> {
        self.store.taken_back_at(user, at, limit)
    }

    fn blacklist_page(
        &self,
        after: i64,
        now: Timestamp,
        limit: u32,
    ) -> StoreAnswer<'_, Vec<BlacklistedToken>> {
        self.store.blacklist_page(after, now, limit)
    }

    fn reuse_events(&self, limit: u32) -> StoreAnswer<'_, Vec<ReuseEvent>> {
        self.store.reuse_events(limit)
    }

    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreAnswer<'_, u64> {
        self.store.delete_expired(now, limit)
    }
}
