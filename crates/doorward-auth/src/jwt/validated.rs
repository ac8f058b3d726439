//! A token that opens the API, and its user as it is now (`JWTAuthentication`).

use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::stores::TokenHolder;
use doorward_core::user::User;
use doorward_django::jwt::{Claims, TokenError, TokenType};
use doorward_django::timestamp::Timestamp;
use serde_json::{Value, json};

use super::{
    Bearer, JwtDoorExt, bearer, explained, invalid_token, is_current, is_revoked, judge, password_changed,
    refused,
};

/// The token as the first of the kinds that open the API (`get_validated_token`).
pub(crate) async fn validated(door: &Door, token: &[u8], now: Timestamp) -> Result<(TokenType, Claims)> {
    let (mut messages, mut first) = (Vec::new(), None);
    for token_type in door.tokens().classes() {
        match judge(door, *token_type, token, now).await? {
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
    let refused = invalid_token("Given token not valid for any token type").with_detail(body);
    Err(explained(refused, door, token, &first, now))
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
    let TokenHolder { user, not_before } = match bearer(door, claims).await? {
        Bearer::Unnamed | Bearer::Misspelt => return Err(unrecognizable()),
        Bearer::Unknown => return Err(refused("User not found", "user_not_found")),
        Bearer::User(holder) => holder,
    };
    if door.tokens().checks_user_is_active() && !user.is_active {
        return Err(refused("User is inactive", "user_inactive"));
    }
    if !is_current(door, claims, &user) {
        return Err(password_changed());
    }
    if is_revoked(claims, not_before) {
        return Err(invalid_token("Token is revoked"));
    }
    Ok(user.into())
}

/// 401 for a token that names nobody.
pub(crate) fn unrecognizable() -> ApiException {
    invalid_token("Token contained no recognizable user identification")
}
