//! A refresh token becomes an access token, and with rotation its own successor (`TokenRefreshSerializer`).

use std::sync::Arc;

use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::stores::{Lineage, OutstandingToken, Predecessor, ReuseRule, Rotation, TokenHolder};
use doorward_core::user::UserRow;
use doorward_django::hex;
use doorward_django::json::{Value, dumps_object, loads};
use doorward_django::jwt::{Claims, TokenError, TokenType};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use super::signed::sign;
use super::{Client, JwtDoorExt, RotationRule, Signed, issue, judge, own_claims, owner};
use crate::jwt::{events, invalid_token};

/// What a refresh gives.
#[derive(Clone, Debug)]
pub struct Refreshed {
    /// The new access token.
    pub access: Secret<String>,
    /// The successor of the refresh token, with rotation.
    pub refresh: Option<Secret<String>>,
}

/// A refresh token that is genuine, current and of the right type, and its user.
struct Presented<'a> {
    token: &'a Secret<String>,
    claims: Claims,
    user: Option<Arc<UserRow>>,
    client: &'a Client,
    reuse: ReuseRule,
    now: Timestamp,
}

/// Refreshes: the token must be good and not blacklisted, its user active and its password unchanged.
///
/// With rotation and blacklisting a token has one successor, however many ask at once (difference 9). A token that
/// was rotated gives the same successor again within `jwt.reuse_grace`; after that its family is revoked
/// (difference 10).
///
/// # Errors
/// 401 with SimpleJWT's sentence and code; a token whose user is gone reads as an inactive user's (difference 1).
/// What the stores say.
pub async fn refresh(door: &Door, token: &Secret<String>, client: &Client) -> Result<Refreshed> {
    refresh_for(door, token, client, |access, refresh| {
        Ok(Refreshed {
            access: access.text.clone(),
            refresh: refresh.map(|refresh| refresh.text.clone()),
        })
    })
    .await
}

/// As [`refresh`], for an answer that is made of the tokens before anything is written: where it cannot be given, the
/// token that was shown is as good as before.
pub(crate) async fn refresh_for<T: Send>(
    door: &Door,
    token: &Secret<String>,
    client: &Client,
    answer: impl Fn(&Signed, Option<&Signed>) -> Result<T> + Send,
) -> Result<T> {
    let now = door.now();
    let judged = judge::tracked(door, TokenType::Refresh, token.expose().as_bytes(), now).await?;
    let refused = |error| judge::refused(door, token.expose(), &error, now);
    let claims = judged.claims.map_err(refused)?;
    let rule = door.tokens().rotation();
    if judged.is_blacklisted && rule != RotationRule::RotateAndBlacklist {
        return Err(invalid_token(TokenError::Blacklisted));
    }
    let owner = owner_of(door, &claims, token, now).await;
    let (holder, reuse) = match owner {
        Ok(holder) => (holder, door.tokens().reuse()),
        // It is refused whoever asks; whether it was reused is looked at all the same.
        Err(refused) if judged.is_blacklisted && refused.status().is_client_error() => (None, strict(door)),
        Err(refused) => return Err(refused),
    };
    let not_before = holder.as_ref().and_then(|holder| holder.not_before);
    let user = holder.map(|holder| holder.user);
    let claims = owner::aware(claims, not_before);
    let presented = Presented {
        token,
        claims: own_claims::at_refresh(door, claims, user.as_deref()).await?,
        user,
        client,
        reuse,
        now,
    };
    let access = presented.claims.access_token(door.random(), now, door.jwt());
    let access = sign(door, &access)?;
    let answer = move |refresh: Option<&Signed>| answer(&access, refresh);
    match rule {
        RotationRule::Off => answer(None),
        RotationRule::Rotate => presented.rotate_and_keep(door, answer).await,
        RotationRule::RotateAndBlacklist => presented.rotate(door, answer).await,
    }
}

async fn owner_of(
    door: &Door,
    claims: &Claims,
    token: &Secret<String>,
    now: Timestamp,
) -> Result<Option<TokenHolder>> {
    let holder = owner::active_owner(door, claims).await?;
    let user = holder.as_ref().map(|holder| &*holder.user);
    owner::check_password(door, claims, token, user, now).await?;
    Ok(holder)
}

fn strict(door: &Door) -> ReuseRule {
    ReuseRule {
        grace: std::time::Duration::ZERO,
        ..door.tokens().reuse()
    }
}

impl Presented<'_> {
    async fn rotate_and_keep<T: Send>(
        &self,
        door: &Door,
        answer: impl Fn(Option<&Signed>) -> Result<T> + Send,
    ) -> Result<T> {
        let claims = self.claims.rotated(door.random(), self.now, door.jwt());
        let successor = sign(door, &claims)?;
        let rows = self.rows(door, &claims, &successor.text);
        let answer = answer(Some(&successor))?;
        let Some((old, new)) = rows else {
            return Ok(answer);
        };
        let store = &door.stores().outstanding_tokens;
        match store.rotate(old, new, Predecessor::Keep, self.now).await? {
            Rotation::Done => {
                self.tell_issued(door, &claims).await;
                Ok(answer)
            }
            _ => Err(invalid_token(TokenError::Blacklisted)),
        }
    }

    async fn rotate<T: Send>(
        &self,
        door: &Door,
        answer: impl Fn(Option<&Signed>) -> Result<T> + Send,
    ) -> Result<T> {
        let began_at = self.began_at(door).await?;
        let mut claims = self.claims.rotated(door.random(), self.now, door.jwt());
        issue::end_with_family(door, &mut claims, began_at);
        let successor = sign(door, &claims)?;
        // Blacklisting wants ids, and judging has found one.
        let rows = self.rows(door, &claims, &successor.text);
        let (old, new) = rows.ok_or_else(|| invalid_token(TokenError::NoId))?;
        let first = answer(Some(&successor))?;
        let (jti, lineage) = (old.jti.clone(), self.lineage(door, &claims, began_at));
        let predecessor = Predecessor::Blacklist(lineage);
        let store = &door.stores().outstanding_tokens;
        match store.rotate(old, new, predecessor, self.now).await? {
            Rotation::Done => {
                self.tell_issued(door, &claims).await;
                Ok(first)
            }
            Rotation::Replayed(claims) => {
                events::replayed(&jti, self.user.as_deref());
                answer(Some(&again(door, &claims)?))
            }
            Rotation::Blacklisted => Err(invalid_token(TokenError::Blacklisted)),
            Rotation::Refused { kind, revoked } => {
                events::refused(&jti, kind, revoked);
                if revoked > 0 {
                    events::revoked(door, &self.claims, self.user.as_deref()).await;
                }
                Err(invalid_token(TokenError::Blacklisted))
            }
        }
    }

    async fn tell_issued(&self, door: &Door, successor: &Claims) {
        if let Some(user) = &self.user {
            events::issued(door, successor, user).await;
        }
    }

    /// When the token's family began; only where families end is that asked.
    async fn began_at(&self, door: &Door) -> Result<Timestamp> {
        let issued_at = self.claims.iat().unwrap_or(self.now);
        let Some((lifetime, jti)) = door.tokens().max_lifetime().zip(self.claims.jti(door.jwt())) else {
            return Ok(issued_at);
        };
        let known = door.stores().outstanding_tokens.family_began_at(jti).await?;
        let began_at = known.unwrap_or(issued_at);
        if self.now.since(began_at) >= lifetime {
            return Err(invalid_token(TokenError::Expired));
        }
        Ok(began_at)
    }

    fn lineage(&self, door: &Door, successor: &Claims, began_at: Timestamp) -> Lineage {
        Lineage {
            family: hex::encode(&door.random::<16>()),
            began_at,
            claims: dumps_object(successor.as_object()),
            client: self.client.digest().to_owned(),
            rule: self.reuse,
        }
    }

    fn rows(
        &self,
        door: &Door,
        claims: &Claims,
        successor: &Secret<String>,
    ) -> Option<(OutstandingToken, OutstandingToken)> {
        let user = self.user.as_ref().map(|user| &user.id);
        issue::outstanding(door, &self.claims, self.token, user, self.now)
            .zip(issue::outstanding(door, claims, successor, user, self.now))
    }
}

/// The token of stored claims, signed again.
fn again(door: &Door, claims: &str) -> Result<Signed> {
    match loads(claims).map_err(ApiException::server_error)? {
        Value::Object(claims) => sign(door, &claims.into()),
        _ => Err(ApiException::server_error("stored claims are no object")),
    }
}
