//! [`SharedBlacklist`]: the blacklist where several nodes share it, beside the table.

mod revocations;
mod tokens;

use std::fmt::Debug;
use std::sync::Arc;

use doorward_django::timestamp::Timestamp;

use super::{BlacklistedToken, OutstandingTokenStore, StoreAnswer, Stores};
use crate::answer::Answer;
use crate::user::UserId;

/// How many tokens that one call took back are shared at once; those beyond are found in the table.
const SHARED_AT_ONCE: u32 = 500;

/// A copy of the blacklist that several nodes share, faster to ask than the table.
///
/// The table stays the truth: it is written first, and asked about whatever the copy does not hold. So nothing is decided
/// wrongly where the copy lacks tokens: those that Django took back, and all of them while it is away.
pub trait SharedBlacklist: Debug + Send + Sync {
    /// Whether the token of that id is on it. What it does not hold, and what nobody can say, is `false`.
    fn holds<'a>(&'a self, jti: &'a str) -> Answer<'a, bool>;

    /// Puts tokens on it, which the table has; each leaves it when it ends.
    fn add<'a>(&'a self, tokens: &'a [BlacklistedToken]) -> StoreAnswer<'a, ()>;

    /// Takes all tokens off it; tells how many.
    fn clear(&self) -> StoreAnswer<'_, u64>;
}

impl Stores {
    /// The same stores, with a blacklist that several nodes share beside the table.
    #[must_use]
    pub fn with_shared_blacklist(self, shared: Arc<dyn SharedBlacklist>) -> Self {
        let beside = Beside {
            table: Arc::clone(&self.outstanding_tokens),
            shared,
        };
        Self {
            revocations: Arc::new(revocations::Sharing::new(self.revocations, beside.clone())),
            outstanding_tokens: Arc::new(beside),
            ..self
        }
    }
}

/// The table, and the copy beside it.
#[derive(Clone, Debug)]
struct Beside {
    table: Arc<dyn OutstandingTokenStore>,
    shared: Arc<dyn SharedBlacklist>,
}

impl Beside {
    /// Shares a token that the table has on its blacklist. Where it cannot be shared, the table is asked.
    async fn share(&self, jti: &str, expires_at: Timestamp) {
        let token = BlacklistedToken {
            row: 0,
            jti: jti.to_owned(),
            expires_at,
        };
        let _ = self.shared.add(&[token]).await;
    }

    /// Shares what was taken back of a user at that moment.
    async fn share_of(&self, user: &UserId, at: Timestamp) {
        match self.table.taken_back_at(user, at, SHARED_AT_ONCE).await {
            Ok(tokens) if tokens.is_empty() => {}
            Ok(tokens) => {
                let _ = self.shared.add(&tokens).await;
            }
            Err(error) => {
                tracing::debug!(error.cause = %error, "tokens that were taken back are found in the table alone");
            }
        }
    }
}
