//! Opaque tokens, one for each user (`rest_framework.authtoken`): whose one is, a new one, its end.

mod authentication;
mod endpoint;

use std::sync::Arc;
use std::time::Duration;

use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use doorward_django::token_key::TokenKey;

pub use authentication::TokenAuthentication;
pub use endpoint::obtain_auth_token as endpoint;

use crate::answer::Answer;
use crate::door::Door;
use crate::exceptions::{ApiException, Result};
use crate::identity::{Auth, Identity};
use crate::settings::{Period, TokenSettings};
use crate::signals::{Event, Subscriber, SubscriberError, TokenName};
use crate::stores::{AuthToken, StoreAnswer};
use crate::user::{UserId, UserRow};

/// What the settings say of opaque tokens (`[token]`).
#[derive(Debug)]
pub(crate) struct AuthTokenRules {
    /// The word before the key in the Authorization header.
    pub(crate) keyword: String,
    /// How long a token is good for; `None` for ever.
    pub(crate) max_age: Option<Duration>,
}

impl AuthTokenRules {
    pub(crate) fn new(settings: &TokenSettings) -> Self {
        Self {
            keyword: settings.keyword.clone(),
            max_age: settings.max_age.map(Period::duration),
        }
    }
}

impl Door {
    /// What the settings say of opaque tokens.
    pub(crate) fn auth_tokens(&self) -> &AuthTokenRules {
        self.required_slot()
    }
}

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
        return Err(ApiException::no_active_account());
    }
    let new = new_token(door, &user.id);
    let store = &door.stores().auth_tokens;
    let mut token = store.get_or_create(new.clone()).await?;
    if token.is_past(door.auth_tokens().max_age, new.created) {
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

/// Gives each new user a token, as the tutorials' receiver of `post_save` does (`[token] auto_create`).
pub(crate) struct AutoCreate;

impl Subscriber for AutoCreate {
    fn receive<'a>(&'a self, door: &'a Door, event: &'a Event) -> Answer<'a, Result<(), SubscriberError>> {
        match event {
            Event::UserCreated { user } => Answer::pending(async {
                if let Some(user) = door.stores().users.by_id(&user.id).await? {
                    obtain_auth_token(door, &user).await?;
                }
                Ok(())
            }),
            _ => Answer::ready(Ok(())),
        }
    }
}

/// A token and its user.
type Found = (AuthToken, Arc<UserRow>);

/// Source: `TokenAuthentication.authenticate_credentials`.
pub(crate) fn identify<'a>(door: &'a Door, token: &'a str, now: Timestamp) -> Answer<'a, Result<Identity>> {
    find(door, token).map(move |found| identified(door, found?, now))
}

fn identified(door: &Door, found: Option<Found>, now: Timestamp) -> Result<Identity> {
    let (token, user) = found.ok_or_else(|| invalid().with_reason("no such token is stored"))?;
    if token.is_past(door.auth_tokens().max_age, now) {
        return Err(invalid().with_reason("the token is older than `token.max_age`"));
    }
    if !user.is_active {
        return Err(ApiException::authentication_failed("User inactive or deleted."));
    }
    Ok(Identity {
        user: user.into(),
        auth: Auth::Token(Arc::new(token)),
    })
}

/// What no key can be is not looked up.
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
