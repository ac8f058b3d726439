//! Tokens of one's own table: several for a user, with an end, revoked one by one, read-only or not, and a last use that is
//! written once an hour at most.

use std::sync::OnceLock;
use std::time::Duration;

use axum::http::HeaderValue;
use doorward::Door;
use doorward::authentication::Authenticator;
use doorward::database::Row;
use doorward::django::crypto::sha256_hex;
use doorward::django::timestamp::Timestamp;
use doorward::prelude::*;
use doorward::stores::UserField;

/// `Authorization: Token …`
#[derive(Debug)]
struct ApiTokenAuthentication;

impl Authenticator for ApiTokenAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        Answer::pending(async move {
            let Some(key) = cx.authorization("Token")? else {
                return Ok(None);
            };
            let token = ApiToken::find(cx, &key).await?;
            let user = cx.active_user(UserField::Id, &token.user_id.to_string()).await?;
            token.note_use(cx).await;
            let _ = cx.note::<OnceLock<ApiToken>>().set(token);
            Ok(Some(Identity {
                user,
                auth: Auth::Other("ApiToken"),
            }))
        })
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        Some(HeaderValue::from_static("Token"))
    }
}

/// A row of `keys_token`. Of the key only a digest is kept, so that who reads the table has no key.
struct ApiToken {
    id: i64,
    user_id: i64,
    may_write: bool,
    last_used: Option<Timestamp>,
}

/// How often a use is written.
const USE: Duration = Duration::from_secs(3_600);

impl ApiToken {
    /// The token of that key, if it is good: as it is stored now, so that a revocation counts at once.
    async fn find(cx: &Context<'_>, key: &str) -> Result<Self> {
        let sql = "SELECT id, user_id, expires_at, revoked, write_enabled, last_used FROM keys_token WHERE digest = ?";
        let digest = sha256_hex(key.as_bytes());
        let refused = |why: &str| ApiException::authentication_failed(why);
        let row = cx.door().database()?.fetch_optional(sql, [digest.into()]).await?;
        let row = row.ok_or_else(|| refused("Invalid token."))?;
        if row.read("revoked")? {
            return Err(refused("Token has been revoked."));
        }
        let expires_at: Option<Timestamp> = row.read("expires_at")?;
        match expires_at.is_some_and(|end| end <= cx.now()) {
            true => Err(refused("Token has expired.")),
            false => Self::read(&row),
        }
    }

    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.read("id")?,
            user_id: row.read("user_id")?,
            may_write: row.read("write_enabled")?,
            last_used: row.read("last_used")?,
        })
    }

    /// Written where an hour has passed, once whoever asks at the same time. A request does not fail by it.
    async fn note_use(&self, cx: &Context<'_>) {
        let before = cx.now().saturating_sub(USE);
        if self.last_used.is_some_and(|used| used > before) {
            return;
        }
        let sql =
            "UPDATE keys_token SET last_used = ? WHERE id = ? AND (last_used IS NULL OR last_used <= ?)";
        let values = [cx.now().into(), self.id.into(), before.into()];
        let Ok(database) = cx.door().database() else {
            return;
        };
        if let Err(error) = database.execute(sql, values).await {
            tracing::warn!(error.cause = %error, "a token's use was not written");
        }
    }
}

/// Tokens that are read-only change nothing.
#[derive(Debug)]
struct TokenMayWrite;

impl Permission for TokenMayWrite {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<bool>> {
        let token = cx.noted::<OnceLock<ApiToken>>().and_then(OnceLock::get);
        Answer::ready(Ok(
            cx.is_safe_method() || token.is_some_and(|token| token.may_write)
        ))
    }
}

pub(crate) fn policy() -> Policy {
    Policy::from(TokenMayWrite).authenticate(ApiTokenAuthentication)
}
