//! [`JwtAuthentication`] and [`JwtStatelessUserAuthentication`]: JSON web tokens.

use std::borrow::Cow;
use std::sync::Arc;

use doorward_core::answer::Answer;
use doorward_core::authentication::Authenticator;
use doorward_core::context::Context;
use doorward_core::door::Door;
use doorward_core::exceptions::Result;
use doorward_core::identity::{Auth, Identity};
use doorward_core::user::{TokenUser, User, UserId};
use doorward_django::json::Value;
use doorward_django::jwt::{Claims, TokenType, UserIdClaim};
use http::HeaderValue;

use super::presented::PresentedToken;
use crate::jwt::{self, JwtDoorExt};

/// A JSON web token whose user is looked up
/// (`rest_framework_simplejwt.authentication.JWTAuthentication`).
#[derive(Clone, Copy, Debug, Default)]
pub struct JwtAuthentication;

/// A JSON web token that is believed without a look at the database: the user is what its claims say
/// (`JWTStatelessUserAuthentication`).
#[derive(Clone, Copy, Debug, Default)]
pub struct JwtStatelessUserAuthentication;

impl JwtAuthentication {
    /// Whom that token stands for, wherever it came from: for an authenticator of one's own that finds it in a query, say.
    /// Tokens in cookies come by themselves with `[jwt.cookie]`.
    ///
    /// # Errors
    /// 401 with SimpleJWT's bodies; 503 or 500 where a store, or who has the keys, cannot say.
    pub fn authenticate_credentials<'a>(
        cx: &'a Context<'_>,
        token: &'a [u8],
    ) -> Answer<'a, Result<Identity>> {
        looked_up(cx, token)
    }
}

impl Authenticator for JwtAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        match PresentedToken::of(cx) {
            Err(refused) => Answer::ready(Err(refused)),
            Ok(None) => Answer::ready(Ok(None)),
            Ok(Some(PresentedToken::Header(Cow::Borrowed(token)))) => {
                looked_up(cx, token).map(|found| found.map(Some))
            }
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
            Ok(Some(PresentedToken::Header(Cow::Borrowed(token)))) => {
                believed(cx, token).map(|found| found.map(Some))
            }
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

/// At once where the token and its user are remembered.
fn looked_up<'a>(cx: &'a Context<'_>, token: &'a [u8]) -> Answer<'a, Result<Identity>> {
    let door = cx.door();
    jwt::validated(door, token, cx.now()).then(move |validated| match validated {
        Ok((token_type, claims)) => {
            jwt::user(door, &claims).map(move |user| Ok(identity(user?, token_type, claims)))
        }
        Err(refused) => Answer::ready(Err(refused)),
    })
}

fn believed<'a>(cx: &'a Context<'_>, token: &'a [u8]) -> Answer<'a, Result<Identity>> {
    let door = cx.door();
    jwt::validated(door, token, cx.now()).map(move |validated| {
        let (token_type, claims) = validated?;
        let user = token_user(door, &claims)?;
        Ok(identity(user.into(), token_type, claims))
    })
}

fn identity(user: User, token_type: TokenType, claims: Arc<Claims>) -> Identity {
    Identity {
        user,
        auth: Auth::Jwt(token_type, claims),
    }
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
        return Err(jwt::unrecognizable());
    };
    let is_text = claims
        .get(&door.jwt().user_id_claim)
        .is_some_and(Value::is_string);
    match (&claim, claim.text()) {
        (UserIdClaim::Integer(number), _) if !is_text => Ok(UserId::Int(*number)),
        (_, Some(text)) if !jwt::is_misspelt(door, &claim) => Ok(UserId::Text(text.as_ref().into())),
        _ => Err(jwt::unrecognizable()),
    }
}
