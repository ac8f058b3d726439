//! Opaque tokens, one for each user (`rest_framework.authtoken`): whose one is, a new one, its end.

mod app;
mod authentication;
mod auto_create;
#[cfg(feature = "commands")]
mod command;
mod endpoint;
mod settings;

use std::sync::Arc;

use doorward_core::answer::Answer;
use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::identity::{Auth, Identity};
use doorward_core::signals::{Event, TokenName};
use doorward_core::stores::{AuthToken, StoreAnswer};
use doorward_core::user::{UserId, UserRow};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use doorward_django::token_key::TokenKey;

use crate::accounts::credentials::no_active_account;

pub(crate) use app::AuthTokens;
pub(crate) use app::auth_tokens;
pub use authentication::TokenAuthentication;
pub use endpoint::obtain_auth_token as endpoint;
pub use settings::TokenSettings;

/// The user's token, or a new one where there is none, or only one past its age (`Token.objects.get_or_create`).
///
/// Whoever has another password by now than `user` has gets none: it was changed since that row was read, and the token
/// may be another's.
///
/// # Errors
/// 401 where the password was changed meanwhile. What the stores say.
pub async fn obtain_auth_token(door: &Door, user: &UserRow) -> Result<AuthToken> {
    let present = door.stores().users.by_id(&user.id).await?;
    if present.is_some_and(|present| !present.has_same_password(user)) {
        return Err(no_active_account());
    }
    let new = new_token(door, &user.id);
    let store = &door.stores().auth_tokens;
    let mut token = store.get_or_create(new.clone()).await?;
    if token.is_past(auth_tokens(door).max_age, new.created) {
        token = store.renew(&token, new.clone()).await?;
    }
    if token.key.expose() == new.key.expose() {
        let event = Event::TokenIssued {
            user: user.into(),
            token: TokenName::Opaque,
        };
        door.emit(&event).await;
    }
    Ok(token)
}

/// Deletes the user's token, tells the subscribers, and whether there was one.
///
/// # Errors
/// What the store says.
pub async fn revoke_auth_token(door: &Door, user: &UserRow) -> Result<bool> {
    let deleted = door.stores().auth_tokens.delete(&user.id).await?;
    if deleted {
        let event = Event::TokenRevoked {
            user: Some(user.into()),
            token: TokenName::Opaque,
        };
        door.emit(&event).await;
    }
    Ok(deleted)
}

/// A token and its user.
type Found = (Arc<AuthToken>, Arc<UserRow>);

/// Source: `TokenAuthentication.authenticate_credentials`.
pub(crate) fn identify<'a>(door: &'a Door, token: &'a str, now: Timestamp) -> Answer<'a, Result<Identity>> {
    // What no key can be is not looked up.
    let found = match TokenKey::can_be(token) {
        true => door.principals().token(token),
        false => Answer::ready(Ok(None)),
    };
    found.map(move |found| identified(door, found?, now))
}

fn identified(door: &Door, found: Option<Found>, now: Timestamp) -> Result<Identity> {
    let (token, user) = found.ok_or_else(|| invalid().with_reason("no such token is stored"))?;
    if token.is_past(auth_tokens(door).max_age, now) {
        return Err(invalid().with_reason("the token is older than `token.max_age`"));
    }
    if !user.is_active {
        return Err(ApiException::authentication_failed("User inactive or deleted."));
    }
    Ok(Identity {
        user: user.into(),
        auth: Auth::Token(token),
    })
}

/// As it is stored now, for who does more than let a request pass.
pub(crate) fn find<'a>(door: &'a Door, token: &'a str) -> StoreAnswer<'a, Option<Found>> {
    match TokenKey::can_be(token) {
        true => door.stores().auth_tokens.by_key(token),
        false => Answer::ready(Ok(None)),
    }
}

fn invalid() -> ApiException {
    ApiException::authentication_failed("Invalid token.")
}

fn new_token(door: &Door, user: &UserId) -> AuthToken {
    AuthToken {
        key: Secret::new(TokenKey::generate(&door.random()).as_str().to_owned()),
        user: user.clone(),
        created: door.now(),
    }
}
