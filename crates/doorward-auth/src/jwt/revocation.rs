//! Taking credentials back: one token with its family, or everything of a user.

use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::user::UserId;
use doorward_django::jwt::{Claims, TokenType};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

pub use crate::revocation::{RevokedCredentials, revoke_all, revoke_json_web_tokens};

use super::blacklist::blacklist;
use super::{Bearer, JwtDoorExt, bearer, events, issue, judge};
use crate::authtoken;

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
