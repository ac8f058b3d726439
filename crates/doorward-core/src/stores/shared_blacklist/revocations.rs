//! [`Sharing`]: what a revocation takes back is shared.

use std::sync::Arc;

use doorward_django::timestamp::Timestamp;

use super::Beside;
use crate::answer::Answer;
use crate::stores::{
    NewPassword, RevocationStore, Revoke, RevokedTokens, StoreAnswer, TokenHolder, UserField,
};
use crate::user::UserId;

/// Revocations, of which the tokens are shared that they took back.
#[derive(Debug)]
pub(super) struct Sharing {
    table: Arc<dyn RevocationStore>,
    beside: Beside,
}

impl Sharing {
    pub(super) fn new(table: Arc<dyn RevocationStore>, beside: Beside) -> Self {
        Self { table, beside }
    }

    async fn share(&self, user: &UserId, revoked: RevokedTokens, at: Timestamp) {
        if revoked.blacklisted > 0 {
            self.beside.share_of(user, at).await;
        }
    }
}

impl RevocationStore for Sharing {
    fn holder<'a>(&'a self, field: UserField, value: &'a str) -> StoreAnswer<'a, Option<TokenHolder>> {
        self.table.holder(field, value)
    }

    fn holders<'a>(&'a self, ids: &'a [String]) -> StoreAnswer<'a, Vec<Option<TokenHolder>>> {
        self.table.holders(ids)
    }

    fn revoke_user<'a>(
        &'a self,
        user: &'a UserId,
        what: Revoke,
        at: Timestamp,
    ) -> StoreAnswer<'a, RevokedTokens> {
        Answer::pending(async move {
            let revoked = self.table.revoke_user(user, what, at).await?;
            self.share(user, revoked, at).await;
            Ok(revoked)
        })
    }

    fn replace_password<'a>(
        &'a self,
        user: &'a UserId,
        password: NewPassword,
        what: Revoke,
        at: Timestamp,
    ) -> StoreAnswer<'a, Option<RevokedTokens>> {
        Answer::pending(async move {
            let revoked = self.table.replace_password(user, password, what, at).await?;
            if let Some(revoked) = revoked {
                self.share(user, revoked, at).await;
            }
            Ok(revoked)
        })
    }
}
