//! What the log tells of rotated tokens that were shown again; the rows beside it are the store's.

use crate::stores::ReuseKind;
use crate::user::UserRow;

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
            "a refresh token was shown again within the grace by another client: refused"
        ),
        ReuseKind::Replayed | ReuseKind::Reused => tracing::warn!(
            token.id = jti,
            tokens.revoked = revoked,
            "a refresh token was used again: its family is revoked"
        ),
    }
}
