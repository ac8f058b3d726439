//! Taking credentials back: one token with its family, or everything of a user.

use std::time::Duration;

use doorward_django::jwt::{Claims, TokenType};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use super::blacklist::blacklist;
use super::{Bearer, bearer, events, issue, judge};
use crate::accounts;
use crate::authentication::token;
use crate::door::Door;
use crate::exceptions::Result;
use crate::signals::TokenName;
use crate::user::UserId;

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

/// The end of a login in a browser: takes the refresh token back, and what followed it where it had been rotated, as
/// another tab may have done while this one sent the cookie of before.
///
/// # Errors
/// As [`blacklist`], also where the token had been rotated. What the stores say.
pub(crate) async fn log_out(door: &Door, token: &Secret<String>) -> Result {
    let done = blacklist(door, token).await;
    if done
        .as_ref()
        .is_err_and(|refused| refused.status().is_client_error())
    {
        revoke_successors(door, token).await?;
    }
    done
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
    let Some((_, user)) = token::find(door, token).await? else {
        return Ok(Revocation::Nothing);
    };
    Ok(counted(u64::from(
        accounts::revoke_auth_token(door, &user).await?,
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

/// Takes back every token of a user: JSON web tokens as [`revoke_json_web_tokens`], and the opaque one.
///
/// Sessions stay: Django's rows do not say whose they are. They fall with the password.
///
/// # Errors
/// What the stores say; also where Doorward's own tables are missing: then `doorward migrate` has to be run.
pub async fn revoke_all(door: &Door, user: &UserId) -> Result<RevokedCredentials> {
    let tokens = revoke_json_web_tokens(door, user).await?;
    let had_token = match door.stores().users.by_id(user).await? {
        Some(user) => accounts::revoke_auth_token(door, &user).await?,
        None => door.stores().auth_tokens.delete(user).await?,
    };
    Ok(RevokedCredentials {
        tokens,
        opaque_tokens: u64::from(had_token),
    })
}

/// Takes back the JSON web tokens of a user, and tells how many refresh and sliding tokens those were.
///
/// Access tokens that were issued before the next whole second are refused from now on, wherever this database is
/// asked. `iat` has whole seconds: an access token of the same second is refused even where it is the newer one, and
/// the next refresh gives one that is good.
///
/// # Errors
/// As [`revoke_all`].
pub async fn revoke_json_web_tokens(door: &Door, user: &UserId) -> Result<u64> {
    let mut revoked = 0;
    // A refresh that read before this was written may have taken a later time than ours: until it is written within
    // the second it names, it is written again.
    for _ in 0..TRIES {
        let now = door.now();
        let not_before = next_second(now);
        let store = &door.stores().revocations;
        revoked += store.revoke_user(user, not_before, now).await?.blacklisted;
        if door.now() < not_before {
            break;
        }
    }
    tracing::info!(user.id = %user, tokens.revoked = revoked, "the user's tokens were revoked");
    let user = door.stores().users.by_id(user).await?;
    events::told_revoked(door, TokenName::EveryJwt, user.as_deref()).await;
    Ok(revoked)
}

/// A database that is so slow five times over has no such race to lose.
const TRIES: usize = 5;

fn next_second(now: Timestamp) -> Timestamp {
    Timestamp::from_secs(now.as_secs()).saturating_add(Duration::from_secs(1))
}

/// Says that a user has a new password: with `jwt.revoke_on_password_change` its JSON web tokens are taken back.
///
/// To be called after the password was written, by whatever wrote it.
///
/// # Errors
/// As [`revoke_all`].
pub async fn password_changed(door: &Door, user: &UserId) -> Result {
    if door.settings().jwt.revoke_on_password_change {
        revoke_json_web_tokens(door, user).await?;
    }
    Ok(())
}
