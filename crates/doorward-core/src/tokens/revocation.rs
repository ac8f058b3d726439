//! Taking credentials back: one token with its family, or everything of a user.

use doorward_django::jwt::{Claims, TokenType};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use super::blacklist::blacklist;
use super::{Bearer, bearer, events, issue, judge};
use crate::authtoken;
use crate::door::Door;
use crate::exceptions::{ApiException, Result};
use crate::signals::TokenName;
use crate::stores::{Revoke, RevokedTokens};
use crate::user::{UserId, UserRow};

/// What became of [`revoke`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// So many tokens are worth nothing from now on.
    Revoked(u64),
    /// It was worth nothing already: forged, expired, unknown, or taken back.
    Nothing,
    /// An access token: nothing is kept of it, and it ends by itself. [`revoke_all`] ends it with all the others.
    NotTracked,
}

/// Takes back a token: of a refresh token all of its family, a sliding token alone, an opaque token.
///
/// # Errors
/// What the stores say.
pub async fn revoke(door: &Door, token: &Secret<String>) -> Result<Revocation> {
    let now = door.now();
    for token_type in [TokenType::Refresh, TokenType::Sliding] {
        if let Ok(claims) = judge(door, token_type, token.expose().as_bytes(), now).await? {
            return revoke_family(door, &claims, token, now).await;
        }
    }
    if judge(door, TokenType::Access, token.expose().as_bytes(), now)
        .await?
        .is_ok()
    {
        return Ok(Revocation::NotTracked);
    }
    revoke_opaque(door, token).await
}

/// The end of a login in a browser: takes a refresh or a sliding token back, and what followed it where it had been
/// rotated, as another tab may have done while this one sent the cookie of before.
///
/// # Errors
/// As [`blacklist`], also where the token had been rotated. What the stores say.
pub(crate) async fn log_out(door: &Door, token: &Secret<String>) -> Result {
    let done = blacklist(door, token).await;
    let is_refused = |refused: &ApiException| refused.status().is_client_error();
    if !done.as_ref().is_err_and(is_refused) {
        return done;
    }
    if let Revocation::Revoked(_) = revoke_sliding(door, token).await? {
        return Ok(());
    }
    revoke_successors(door, token).await?;
    done
}

async fn revoke_sliding(door: &Door, token: &Secret<String>) -> Result<Revocation> {
    let now = door.now();
    match judge(door, TokenType::Sliding, token.expose().as_bytes(), now).await? {
        Ok(claims) => revoke_family(door, &claims, token, now).await,
        Err(_) => Ok(Revocation::Nothing),
    }
}

async fn revoke_successors(door: &Door, token: &Secret<String>) -> Result {
    let now = door.now();
    let judged = judge::tracked(door, TokenType::Refresh, token.expose().as_bytes(), now).await?;
    match judged.claims {
        Ok(claims) if judged.is_blacklisted => revoke_family(door, &claims, token, now).await.map(drop),
        _ => Ok(()),
    }
}

async fn revoke_family(
    door: &Door,
    claims: &Claims,
    token: &Secret<String>,
    now: Timestamp,
) -> Result<Revocation> {
    let user = match bearer(door, claims).await? {
        Bearer::User(holder) => Some(holder.user),
        Bearer::Unnamed | Bearer::Misspelt | Bearer::Unknown => None,
    };
    let id = user.as_ref().map(|user| &user.id);
    let Some(row) = issue::outstanding(door, claims, token, id, now) else {
        return Ok(Revocation::NotTracked);
    };
    let jti = row.jti.clone();
    let revoked = door.stores().outstanding_tokens.revoke_family(row, now).await?;
    tracing::info!(token.id = jti, tokens.revoked = revoked, "a token was revoked");
    if revoked > 0 {
        events::revoked(door, claims, user.as_deref()).await;
    }
    Ok(counted(revoked))
}

fn counted(revoked: u64) -> Revocation {
    match revoked {
        0 => Revocation::Nothing,
        revoked => Revocation::Revoked(revoked),
    }
}

async fn revoke_opaque(door: &Door, token: &Secret<String>) -> Result<Revocation> {
    let Some((_, user)) = authtoken::find(door, token.expose()).await? else {
        return Ok(Revocation::Nothing);
    };
    Ok(counted(u64::from(
        authtoken::revoke_auth_token(door, &user).await?,
    )))
}

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
        events::told_revoked(door, TokenName::EveryJwt, user).await;
    }
    if revoked.opaque > 0 {
        events::told_revoked(door, TokenName::Opaque, user).await;
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

/// Says that a user has a new password: with `jwt.revoke_on_password_change` its JSON web tokens are taken back.
///
/// To be called after the password was written, by whatever wrote it.
///
/// # Errors
/// As [`revoke_all`].
pub async fn password_changed(door: &Door, user: &UserId) -> Result {
    if door.tokens().revokes_on_password_change() {
        revoke_json_web_tokens(door, user).await?;
    }
    Ok(())
}
