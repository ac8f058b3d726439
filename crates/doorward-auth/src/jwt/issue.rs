//! New tokens for users, and the rows that record them.

use doorward_core::door::Door;
use doorward_core::exceptions::Result;
use doorward_core::settings::TokenStorage;
use doorward_core::stores::{OutstandingToken, UserField};
use doorward_core::user::{UserId, UserRow};
use doorward_django::crypto::sha256_hex;
use doorward_django::jwt::{Claims, TokenType};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use super::{JwtDoorExt, events, own_claims, owner};
use crate::accounts::credentials::no_active_account;

/// The claims of a new token for that user (`rest_framework_simplejwt.tokens.Token.for_user`).
pub(super) async fn claims_for(
    door: &Door,
    token_type: TokenType,
    user: &UserRow,
    now: Timestamp,
) -> Result<Claims> {
    let not_before = not_before(door, user).await?;
    let rules = door.jwt();
    let mut claims = Claims::new_token(token_type, door.random(), now, rules);
    if token_type == TokenType::Refresh {
        end_with_family(door, &mut claims, now);
    }
    let mut claims = claims.for_user(&name(door, user), rules);
    if door.tokens().checks_revoke_token() {
        claims = claims.revoked_with(user.password.expose(), rules);
    }
    own_claims::added(door, owner::aware(claims, not_before), user).await
}

/// When the user's tokens were last revoked. Whoever has another password by now than the one that was checked has no
/// right to a token: the password was changed meanwhile, and what was issued for the old one taken back.
async fn not_before(door: &Door, user: &UserRow) -> Result<Option<Timestamp>> {
    let id = user.id.to_string();
    match door.stores().revocations.holder(UserField::Id, &id).await? {
        Some(holder) if !holder.user.has_same_password(user) => Err(no_active_account()),
        Some(holder) => Ok(holder.not_before),
        None => Ok(None),
    }
}

/// Lets a refresh token of a family that began then end no later than the family does.
pub(super) fn end_with_family(door: &Door, claims: &mut Claims, began_at: Timestamp) {
    let Some(lifetime) = door.tokens().max_lifetime() else {
        return;
    };
    let end = began_at.saturating_add(lifetime);
    if claims.exp().is_none_or(|exp| exp > end) {
        claims.set_exp("exp", lifetime, began_at);
    }
}

fn name(door: &Door, user: &UserRow) -> String {
    match door.tokens().user_id_field() {
        UserField::Id => user.id.to_string(),
        UserField::Username => user.username.clone(),
        UserField::Email => user.email.clone(),
        UserField::Further(place) => user.further.text_at(place),
    }
}

/// Records a token that was issued for that user, and the login where it counts as one.
pub(super) async fn record(
    door: &Door,
    claims: &Claims,
    token: &Secret<String>,
    user: &UserRow,
    now: Timestamp,
) -> Result {
    let tokens = &door.stores().outstanding_tokens;
    let row = outstanding(door, claims, token, Some(&user.id), now);
    match (row, door.tokens().updates_last_login()) {
        (Some(row), true) => tokens.record_login(row, now).await?,
        (Some(row), false) => tokens.record(row).await?,
        (None, true) => door.stores().users.set_last_login(&user.id, now).await?,
        (None, false) => {}
    }
    events::issued(door, claims, user).await;
    Ok(())
}

/// The row of a token; `None` for one without an id, which cannot be told from others.
pub(super) fn outstanding(
    door: &Door,
    claims: &Claims,
    token: &Secret<String>,
    user: Option<&UserId>,
    now: Timestamp,
) -> Option<OutstandingToken> {
    Some(OutstandingToken {
        jti: claims.jti(door.jwt())?.to_owned(),
        token: stored(door, token),
        user: user.cloned(),
        created_at: Some(now),
        expires_at: last_end(door, claims)?,
    })
}

/// When the last token of that id ends. A sliding token keeps its id as long as it is renewed, and its row has to last
/// as long: were it gone, a token that was taken back would be good again (SimpleJWT's `flushexpiredtokens` does that).
fn last_end(door: &Door, claims: &Claims) -> Option<Timestamp> {
    let (rules, exp) = (door.jwt(), claims.exp()?);
    let renewable = claims.moment(&rules.sliding_token_refresh_exp_claim);
    Some(renewable.map_or(exp, |end| {
        exp.max(end.saturating_add(rules.sliding_token_lifetime))
    }))
}

/// What the table keeps of a token (`jwt.store_tokens`).
fn stored(door: &Door, token: &Secret<String>) -> Secret<String> {
    match door.tokens().storage() {
        TokenStorage::Raw => token.clone(),
        TokenStorage::Digest => Secret::new(format!("sha256${}", sha256_hex(token.expose().as_bytes()))),
    }
}
