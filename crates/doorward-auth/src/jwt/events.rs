//! What subscribers hear of tokens, and what the log tells of rotated ones that were shown again; the rows beside it
//! are the store's.

use doorward_core::door::Door;
use doorward_core::signals::{Event, TokenName};
use doorward_core::stores::ReuseKind;
use doorward_core::user::UserRow;
use doorward_django::jwt::{Claims, TokenType};

use super::JwtDoorExt;
use crate::revocation::tell_revoked;

/// Tells of a refresh or sliding token that was recorded for that user.
pub(super) async fn issued(door: &Door, claims: &Claims, user: &UserRow) {
    let event = Event::TokenIssued {
        user: user.into(),
        token: name(door, claims),
    };
    door.emit(&event).await;
}

/// Tells of a refresh or sliding token that was taken back.
pub(super) async fn revoked(door: &Door, claims: &Claims, user: Option<&UserRow>) {
    tell_revoked(door, name(door, claims), user).await;
}

fn name(door: &Door, claims: &Claims) -> TokenName {
    let types = [TokenType::Access, TokenType::Refresh, TokenType::Sliding];
    let claim = claims.token_type(door.jwt());
    let known = types.into_iter().find(|known| Some(known.name()) == claim);
    TokenName::Jwt {
        token_type: known.unwrap_or(TokenType::Untyped),
        jti: claims.jti(door.jwt()).map(str::to_owned),
    }
}

pub(super) fn replayed(jti: &str, user: Option<&UserRow>) {
    let user = user.map(|user| user.id.to_string());
    tracing::info!(
        token.id = jti,
        user.id = user.as_deref(),
        "a refresh token was shown again within the grace: it got the same successor"
    );
}

pub(super) fn refused(jti: &str, kind: ReuseKind, revoked: u64) {
    match kind {
        ReuseKind::OtherClient => tracing::warn!(
            token.id = jti,
            tokens.revoked = revoked,
            "a refresh token was shown again by another client: one of the two has stolen it"
        ),
        ReuseKind::Replayed | ReuseKind::Reused => tracing::warn!(
            token.id = jti,
            tokens.revoked = revoked,
            "a refresh token was used again: its family is revoked"
        ),
    }
}
