//! Taking a refresh token back (`TokenBlacklistSerializer`).

use doorward_core::door::Door;
use doorward_core::exceptions::Result;
use doorward_core::stores::Blacklisting;
use doorward_django::jwt::{TokenError, TokenType};
use doorward_django::secret::Secret;

use super::{Bearer, bearer, events, invalid_token, issue, judge};

/// Takes a refresh token back; exactly one of any number of concurrent calls succeeds.
///
/// # Errors
/// 401 with SimpleJWT's sentence and code, also for a token that was taken back before. What the stores say.
pub async fn blacklist(door: &Door, token: &Secret<String>) -> Result {
    let now = door.now();
    let claims = judge::demand(door, TokenType::Refresh, token.expose(), now).await?;
    let user = match bearer(door, &claims).await? {
        Bearer::User(holder) => Some(holder.user),
        Bearer::Unnamed | Bearer::Misspelt | Bearer::Unknown => None,
    };
    let id = user.as_ref().map(|user| &user.id);
    let row = issue::outstanding(door, &claims, token, id, now);
    let row = row.ok_or_else(|| invalid_token(TokenError::NoId))?;
    match door.stores().outstanding_tokens.blacklist(row, now).await? {
        Blacklisting::Done => {
            events::revoked(door, &claims, user.as_deref()).await;
            Ok(())
        }
        Blacklisting::Already => Err(invalid_token(TokenError::Blacklisted)),
    }
}
