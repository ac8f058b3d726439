//! [`TokenIntrospection`]: tokens that another service vouches for (RFC 7662).

mod cache;
mod client;
mod flights;
mod kind;

use std::sync::Arc;

use doorward_core::answer::Answer;
use doorward_core::authentication::Authenticator;
use doorward_core::context::Context;
use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::identity::{Auth, Identity};
use doorward_core::user::{TokenUser, UserId};
use doorward_django::json::Value;
use doorward_django::jwt::{Claims, TokenError, TokenType};
use http::HeaderValue;

pub(crate) use client::IntrospectionClient;
use client::introspection;

use super::presented::PresentedToken;
use crate::jwt::{JwtDoorExt, invalid_token};

/// A bearer token, of whatever form, that the service at `jwt.introspection.url` calls active (RFC 7662).
///
/// For a service that cannot verify tokens itself, or must know at once when one is revoked. An answer is believed for
/// `jwt.introspection.cache`; requests with one token at once ask once. The user is what the answer says: `sub`, else
/// the user claim; `username`. Where `jwt.audience` or `jwt.issuer` is set, the answer has to name it. A token that is
/// said to be no access token is refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenIntrospection;

impl Authenticator for TokenIntrospection {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        match PresentedToken::of(cx) {
            Err(refused) => Answer::ready(Err(refused)),
            Ok(None) => Answer::ready(Ok(None)),
            Ok(Some(token)) => Answer::pending(async move {
                let found = vouched_for(cx, token.as_bytes()).await;
                token.settle(cx, found).await
            }),
        }
    }

    fn challenge(&self, door: &Door) -> Option<HeaderValue> {
        Some(door.tokens().challenge().clone())
    }
}

async fn vouched_for(cx: &Context<'_>, token: &[u8]) -> Result<Identity> {
    let claims = active(cx, token).await?;
    let user = user(cx.door(), &claims).ok_or_else(refused)?;
    Ok(Identity {
        user: user.into(),
        auth: Auth::Jwt(TokenType::Access, claims),
    })
}

/// What the service says of a token that is good.
async fn active(cx: &Context<'_>, token: &[u8]) -> Result<Arc<Claims>> {
    let (door, now) = (cx.door(), cx.now());
    let Some(client) = introspection(door) else {
        return Err(ApiException::server_error("`jwt.introspection.url` is not set"));
    };
    let token = std::str::from_utf8(token).map_err(|_| refused())?;
    let claims = client.claims(token, now).await?.ok_or_else(refused)?;
    claims.check_registered(door.jwt(), now).map_err(invalid_token)?;
    Ok(claims)
}

fn refused() -> ApiException {
    invalid_token(TokenError::Invalid)
}

fn user(door: &Door, claims: &Claims) -> Option<TokenUser> {
    let id = claims
        .get("sub")
        .or_else(|| claims.get(&door.jwt().user_id_claim))?;
    let id = match id {
        Value::Number(number) => UserId::Int(number.as_i64()?),
        Value::String(text) if !text.is_empty() => UserId::Text(text.as_str().into()),
        _ => return None,
    };
    Some(super::jwt::token_user_of(id, claims))
}
