//! Outstanding tokens, of which the blacklist is shared: written to the table first, asked of the copy first.

use doorward_django::timestamp::Timestamp;
use futures_util::future::join_all;

use super::Beside;
use crate::answer::Answer;
use crate::stores::{
    BlacklistedToken, Blacklisting, OutstandingToken, OutstandingTokenStore, Predecessor, ReuseEvent,
    Rotation, StoreAnswer,
};
use crate::user::UserId;

impl Beside {
    /// Shares what a call took back of the user of `token`, and that token itself.
    async fn share_family(&self, token: &Presented, at: Timestamp) {
        self.share(&token.jti, token.expires_at).await;
        if let Some(user) = &token.user {
            self.share_of(user, at).await;
        }
    }
}

/// What is shared of a token that goes into the table.
struct Presented {
    jti: String,
    expires_at: Timestamp,
    user: Option<UserId>,
}

impl From<&OutstandingToken> for Presented {
    fn from(token: &OutstandingToken) -> Self {
        Self {
            jti: token.jti.clone(),
            expires_at: token.expires_at,
            user: token.user.clone(),
        }
    }
}

impl OutstandingTokenStore for Beside {
    fn record(&self, token: OutstandingToken) -> StoreAnswer<'_, ()> {
        self.table.record(token)
    }

    fn record_login(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, ()> {
        self.table.record_login(token, at)
    }

    fn is_blacklisted<'a>(&'a self, jti: &'a str) -> StoreAnswer<'a, bool> {
        Answer::pending(async move {
            match self.shared.holds(jti).await {
                true => Ok(true),
                false => self.table.is_blacklisted(jti).await,
            }
        })
    }

    /// The table is asked in one statement, and the copy for each of them at once.
    fn are_blacklisted<'a>(&'a self, jtis: &'a [String]) -> StoreAnswer<'a, Vec<bool>> {
        Answer::pending(async move {
            let shared = join_all(jtis.iter().map(|jti| self.shared.holds(jti).into_future())).await;
            let written = self.table.are_blacklisted(jtis).await?;
            Ok(shared
                .into_iter()
                .zip(written)
                .map(|(copy, row)| copy || row)
                .collect())
        })
    }

    fn blacklist(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, Blacklisting> {
        Answer::pending(async move {
            let presented = Presented::from(&token);
            let done = self.table.blacklist(token, at).await?;
            self.share(&presented.jti, presented.expires_at).await;
            Ok(done)
        })
    }

    fn rotate(
        &self,
        old: OutstandingToken,
        new: OutstandingToken,
        predecessor: Predecessor,
        at: Timestamp,
    ) -> StoreAnswer<'_, Rotation> {
        Answer::pending(async move {
            let presented = Presented::from(&old);
            let is_kept = matches!(predecessor, Predecessor::Keep);
            let done = self.table.rotate(old, new, predecessor, at).await?;
            match done {
                Rotation::Done if is_kept => {}
                Rotation::Refused { revoked: 1.., .. } => self.share_family(&presented, at).await,
                _ => self.share(&presented.jti, presented.expires_at).await,
            }
            Ok(done)
        })
    }

    fn family_began_at<'a>(&'a self, jti: &'a str) -> StoreAnswer<'a, Option<Timestamp>> {
        self.table.family_began_at(jti)
    }

    fn revoke_family(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, u64> {
        Answer::pending(async move {
            let presented = Presented::from(&token);
            let revoked = self.table.revoke_family(token, at).await?;
            self.share_family(&presented, at).await;
            Ok(revoked)
        })
    }

    fn taken_back_at<'a>(
        &'a self,
        user: &'a UserId,
        at: Timestamp,
        limit: u32,
    ) -> StoreAnswer<'a, Vec<BlacklistedToken>> {
        self.table.taken_back_at(user, at, limit)
    }

    fn blacklist_page(
        &self,
        after: i64,
        now: Timestamp,
        limit: u32,
    ) -> StoreAnswer<'_, Vec<BlacklistedToken>> {
        self.table.blacklist_page(after, now, limit)
    }

    fn reuse_events(&self, limit: u32) -> StoreAnswer<'_, Vec<ReuseEvent>> {
        self.table.reuse_events(limit)
    }

    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreAnswer<'_, u64> {
        self.table.delete_expired(now, limit)
    }
}
