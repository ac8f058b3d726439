//! Taking back everything that stands for a user; one token at a time goes in [`tokens`](crate::jwt::revocation).

use doorward_core::door::Door;
use doorward_core::exceptions::Result;
use doorward_core::signals::{Event, TokenName};
use doorward_core::stores::{Revoke, RevokedTokens};
use doorward_core::user::{UserId, UserRow};
use doorward_django::timestamp::Timestamp;

/// What [`revoke_all`] took back, of what can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevokedCredentials {
    /// Refresh and sliding tokens.
    pub tokens: u64,
    /// Opaque tokens: one, or none.
    pub opaque_tokens: u64,
}

/// Takes back every token of a user, in one step: JSON web tokens as [`revoke_json_web_tokens`], and the opaque one.
///
/// Sessions stay: Django's rows do not say whose they are. They fall with the password.
///
/// # Errors
/// What the stores say; also where Doorward's own tables are missing: then `doorward migrate` has to be run.
pub async fn revoke_all(door: &Door, user: &UserId) -> Result<RevokedCredentials> {
    revoke_credentials(door, user, Revoke::ALL).await
}

/// Takes back the JSON web tokens of a user, and tells how many refresh and sliding tokens those were.
///
/// Whatever was issued before is refused from now on, wherever this database is asked, and whatever is issued after it
/// is good. Django's tokens do not tell which of the two they are within the second of the revocation: those are
/// refused.
///
/// # Errors
/// As [`revoke_all`].
pub async fn revoke_json_web_tokens(door: &Door, user: &UserId) -> Result<u64> {
    let revoked = revoke_credentials(door, user, Revoke::JSON_WEB_TOKENS).await?;
    Ok(revoked.tokens)
}

async fn revoke_credentials(door: &Door, user: &UserId, what: Revoke) -> Result<RevokedCredentials> {
    let now = door.now();
    let store = &door.stores().revocations;
    let row = door.stores().users.by_id(user).await?;
    let revoked = store.revoke_user(user, what, now).await?;
    Ok(settle(door, user, row.as_deref(), what, revoked, now).await)
}

/// What follows on a revocation at `at`, whatever wrote it. It is done by now, and nothing takes that back.
pub(crate) async fn settle(
    door: &Door,
    id: &UserId,
    user: Option<&UserRow>,
    what: Revoke,
    mut revoked: RevokedTokens,
    at: Timestamp,
) -> RevokedCredentials {
    if what.json_web_tokens {
        match revoke_latecomers(door, id, at).await {
            Ok(latecomers) => revoked.blacklisted += latecomers,
            Err(error) => {
                tracing::error!(user.id = %id, error.cause = %error, "tokens of this very second may not be revoked");
            }
        }
        tracing::info!(user.id = %id, tokens.revoked = revoked.blacklisted, "the user's tokens were revoked");
        tell_revoked(door, TokenName::EveryJwt, user).await;
    }
    if revoked.opaque > 0 {
        tell_revoked(door, TokenName::Opaque, user).await;
    }
    RevokedCredentials {
        tokens: revoked.blacklisted,
        opaque_tokens: revoked.opaque,
    }
}

/// A login that saw no revocation may have taken a later second than `at`, where this was written slowly: until it is
/// written within the second it names, it is written again.
async fn revoke_latecomers(door: &Door, user: &UserId, at: Timestamp) -> Result<u64> {
    let (mut revoked, mut at) = (0, at);
    for _ in 0..TRIES {
        let now = door.now();
        if now.as_secs() <= at.as_secs() {
            break;
        }
        let store = &door.stores().revocations;
        let again = store.revoke_user(user, Revoke::JSON_WEB_TOKENS, now).await?;
        (revoked, at) = (revoked + again.blacklisted, now);
    }
    Ok(revoked)
}

/// A database that is so slow five times over has no such race to lose.
const TRIES: usize = 5;

/// Tells of whatever token was taken back.
pub(crate) async fn tell_revoked(door: &Door, token: TokenName, user: Option<&UserRow>) {
    let user = user.map(Into::into);
    door.emit(&Event::TokenRevoked { user, token }).await;
}
