//! What a token is worth now, told to another service (RFC 7662).

use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::identity::Auth;
use doorward_core::stores::AuthToken;
use doorward_core::user::User;
use doorward_django::json::Object;
use doorward_django::jwt::{Claims, TokenType};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use super::{JwtDoorExt, is_current, judge, owner, user, validated};
use crate::authtoken::{self, auth_tokens};

/// What the service believes a token to be (`token_type_hint`, RFC 7662 §2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenHint {
    /// What opens the API: a JSON web token of the configured kinds, or an opaque token.
    Access,
    /// A refresh token.
    Refresh,
}

/// What a token says, with `active`, `sub`, `username` and `token_type` beside its own claims; `None` for one that is
/// worth nothing, whatever the reason.
///
/// A refresh token is told of only where the hint asks for one: a service that lets in whoever has an active token
/// must not take it for a key to the API.
///
/// # Errors
/// What the stores say.
pub async fn introspect(door: &Door, token: &Secret<String>, hint: TokenHint) -> Result<Option<Object>> {
    let now = door.now();
    let told = match hint {
        TokenHint::Refresh => refresh(door, token, now).await,
        TokenHint::Access => access(door, token, now).await,
    };
    match told {
        Ok(told) => Ok(Some(told)),
        Err(refused) if refused.status().is_client_error() => {
            tracing::debug!(reason = %refused.reason(), "a service was told that a token is worth nothing");
            Ok(None)
        }
        Err(failed) => Err(failed),
    }
}

async fn access(door: &Door, token: &Secret<String>, now: Timestamp) -> Result<Object> {
    match validated(door, token.expose().as_bytes(), now).await {
        Ok((_, claims)) => {
            let user = user(door, &claims).await?;
            let scheme = door
                .tokens()
                .header_types()
                .first()
                .map_or("Bearer", String::as_str);
            Ok(told(door, &user, Some(scheme), &claims))
        }
        Err(refused) if refused.status().is_client_error() => {
            tracing::debug!(reason = %refused.reason(), "no JSON web token that opens the API");
            opaque(door, token, now).await
        }
        Err(failed) => Err(failed),
    }
}

async fn opaque(door: &Door, token: &Secret<String>, now: Timestamp) -> Result<Object> {
    let identity = authtoken::identify(door, token.expose(), now).await?;
    let Auth::Token(row) = &identity.auth else {
        return Err(ApiException::not_authenticated());
    };
    let keyword = &auth_tokens(door).keyword;
    Ok(told(door, &identity.user, Some(keyword), &times(door, row)))
}

/// When an opaque token was made, and when it ends.
fn times(door: &Door, token: &AuthToken) -> Claims {
    let mut claims = Claims::new();
    claims.set_iat(token.created);
    if let Some(age) = auth_tokens(door).max_age {
        claims.set_exp("exp", age, token.created);
    }
    claims
}

async fn refresh(door: &Door, token: &Secret<String>, now: Timestamp) -> Result<Object> {
    let claims = judge::demand(door, TokenType::Refresh, token.expose(), now).await?;
    let holder = owner::active_owner(door, &claims).await?;
    let user = holder.map(|holder| holder.user);
    let user = user.filter(|user| is_current(door, &claims, user));
    let user = User::from(user.ok_or_else(ApiException::not_authenticated)?);
    Ok(told(door, &user, None, &claims))
}

fn told(door: &Door, user: &User, scheme: Option<&str>, claims: &Claims) -> Object {
    let mut told = Object::new();
    told.insert("active".to_owned(), true.into());
    told.insert("sub".to_owned(), user.id().to_string().into());
    told.insert("username".to_owned(), user.username().into());
    if let Some(scheme) = scheme {
        told.insert("token_type".to_owned(), scheme.into());
    }
    let kind = door.jwt().token_type_claim.as_deref();
    for (name, value) in claims.as_object() {
        if Some(name.as_str()) != kind && !told.contains_key(name) {
            told.insert(name.clone(), value.clone());
        }
    }
    told
}
