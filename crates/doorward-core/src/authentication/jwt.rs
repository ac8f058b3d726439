//! [`JwtAuthentication`] and [`JwtStatelessUserAuthentication`]: JSON web tokens.

use std::sync::Arc;

use doorward_django::jwt::{Claims, TokenError, TokenType, UserIdClaim};
use doorward_django::timestamp::Timestamp;
use http::HeaderValue;
use serde_json::{Value, json};

use super::Authenticator;
use super::presented::PresentedToken;
use crate::answer::Answer;
use crate::context::Context;
use crate::door::Door;
use crate::exceptions::{ApiException, Result};
use crate::identity::{Auth, Identity};
use crate::stores::TokenHolder;
use crate::tokens::{self, Bearer};
use crate::user::{TokenUser, User, UserId};

/// A JSON web token whose user is looked up
/// (`rest_framework_simplejwt.authentication.JWTAuthentication`).
#[derive(Clone, Copy, Debug, Default)]
pub struct JwtAuthentication;

/// A JSON web token that is believed without a look at the database: the user is what its claims say
/// (`JWTStatelessUserAuthentication`).
#[derive(Clone, Copy, Debug, Default)]
pub struct JwtStatelessUserAuthentication;

impl Authenticator for JwtAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        match PresentedToken::of(cx) {
            Err(refused) => Answer::ready(Err(refused)),
            Ok(None) => Answer::ready(Ok(None)),
            Ok(Some(token)) => Answer::pending(async move {
                let found = looked_up(cx, token.as_bytes()).await;
                token.settle(cx, found).await
            }),
        }
    }

    fn challenge(&self, door: &Door) -> Option<HeaderValue> {
        Some(door.tokens().challenge().clone())
    }
}

impl Authenticator for JwtStatelessUserAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        match PresentedToken::of(cx) {
            Err(refused) => Answer::ready(Err(refused)),
            Ok(None) => Answer::ready(Ok(None)),
            Ok(Some(token)) => Answer::pending(async move {
                let found = believed(cx, token.as_bytes()).await;
                token.settle(cx, found).await
            }),
        }
    }

    fn challenge(&self, door: &Door) -> Option<HeaderValue> {
        Some(door.tokens().challenge().clone())
    }
}

async fn looked_up(cx: &Context<'_>, token: &[u8]) -> Result<Identity> {
    let (token_type, claims) = validated(cx.door(), token, cx.now()).await?;
    let user = user(cx.door(), &claims).await?;
    Ok(identity(user, token_type, claims))
}

async fn believed(cx: &Context<'_>, token: &[u8]) -> Result<Identity> {
    let (token_type, claims) = validated(cx.door(), token, cx.now()).await?;
    let user = token_user(cx.door(), &claims)?;
    Ok(identity(user.into(), token_type, claims))
}

fn identity(user: User, token_type: TokenType, claims: Claims) -> Identity {
    Identity {
        user,
        auth: Auth::Jwt(token_type, Arc::new(claims)),
    }
}

/// The token as the first of the kinds that open the API (`get_validated_token`).
pub(crate) async fn validated(door: &Door, token: &[u8], now: Timestamp) -> Result<(TokenType, Claims)> {
    let (mut messages, mut first) = (Vec::new(), None);
    for token_type in door.tokens().classes() {
        match tokens::judge(door, *token_type, token, now).await? {
            Ok(claims) => return Ok((*token_type, claims)),
            Err(refused) => {
                messages.push(message(*token_type, &refused));
                first.get_or_insert(refused);
            }
        }
    }
    let first = first.unwrap_or(TokenError::Invalid);
    let body = json!({
        "detail": "Given token not valid for any token type",
        "code": "token_not_valid",
        "messages": messages,
    });
    let refused = tokens::invalid_token("Given token not valid for any token type").with_detail(body);
    Err(tokens::explained(refused, door, token, &first, now))
}

fn message(token_type: TokenType, refused: &TokenError) -> Value {
    json!({
        "token_class": token_type.class_name(),
        "token_type": token_type.name(),
        "message": refused.to_string(),
    })
}

/// The token's user, as it is in the database now (`JWTAuthentication.get_user`).
pub(crate) async fn user(door: &Door, claims: &Claims) -> Result<User> {
    let TokenHolder { user, not_before } = match tokens::bearer(door, claims).await? {
        Bearer::Unnamed | Bearer::Misspelt => return Err(unrecognizable()),
        Bearer::Unknown => return Err(tokens::refused("User not found", "user_not_found")),
        Bearer::User(holder) => holder,
    };
    if door.tokens().checks_user_is_active() && !user.is_active {
        return Err(tokens::refused("User is inactive", "user_inactive"));
    }
    if !tokens::is_current(door, claims, &user) {
        return Err(tokens::password_changed());
    }
    if tokens::is_revoked(claims, not_before) {
        return Err(tokens::invalid_token("Token is revoked"));
    }
    Ok(user.into())
}

fn unrecognizable() -> ApiException {
    tokens::invalid_token("Token contained no recognizable user identification")
}

/// What the claims say of the user (`rest_framework_simplejwt.models.TokenUser`). A flag counts where it is `true`.
fn token_user(door: &Door, claims: &Claims) -> Result<TokenUser> {
    Ok(token_user_of(token_user_id(door, claims)?, claims))
}

pub(super) fn token_user_of(id: UserId, claims: &Claims) -> TokenUser {
    let flag = |name| claims.get(name) == Some(&Value::Bool(true));
    let username = claims.get("username").and_then(Value::as_str);
    TokenUser {
        id,
        username: username.unwrap_or_default().to_owned(),
        is_staff: flag("is_staff"),
        is_superuser: flag("is_superuser"),
    }
}

/// The user claim with its JSON type: a number stays one, a text too.
fn token_user_id(door: &Door, claims: &Claims) -> Result<UserId> {
    let Ok(Some(claim)) = claims.user_id(door.jwt()) else {
        return Err(unrecognizable());
    };
    let is_text = claims
        .get(&door.jwt().user_id_claim)
        .is_some_and(Value::is_string);
    match (&claim, claim.text()) {
        (UserIdClaim::Integer(number), _) if !is_text => Ok(UserId::Int(*number)),
        (_, Some(text)) if !tokens::is_misspelt(door, &claim) => Ok(UserId::Text(text.as_ref().into())),
        _ => Err(unrecognizable()),
    }
}
