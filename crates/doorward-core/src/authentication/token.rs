//! [`TokenAuthentication`]: an opaque token, kept in the database.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use doorward_django::authorization::header_token;
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use doorward_django::token_key::TokenKey;
use http::HeaderValue;
use http::header::AUTHORIZATION;

use super::Authenticator;
use crate::answer::Answer;
use crate::context::Context;
use crate::door::Door;
use crate::exceptions::{ApiException, Result};
use crate::headers;
use crate::identity::{Auth, Identity};
use crate::stores::AuthToken;
use crate::user::UserRow;

/// The opaque token of a user, after a keyword (`rest_framework.authentication.TokenAuthentication`).
///
/// The keyword is the settings' (`[token] keyword`), `Token` unless set there, or one of its own:
///
/// ```
/// use doorward_core::authentication::TokenAuthentication;
///
/// let bearer = TokenAuthentication::default().keyword("Bearer");
/// ```
#[derive(Clone, Default)]
pub struct TokenAuthentication {
    keyword: Option<Cow<'static, str>>,
}

/// Its name, and its keyword where it is its own.
impl fmt::Debug for TokenAuthentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.keyword {
            None => f.write_str("TokenAuthentication"),
            Some(keyword) => write!(f, "TokenAuthentication({keyword})"),
        }
    }
}

impl TokenAuthentication {
    /// The same with that keyword in the header, which is also its challenge; its case does not matter.
    #[must_use]
    pub fn keyword(self, keyword: impl Into<Cow<'static, str>>) -> Self {
        let keyword = Some(keyword.into());
        Self { keyword }
    }

    fn keyword_at<'k>(&'k self, door: &'k Door) -> &'k str {
        self.keyword.as_deref().unwrap_or(&door.settings().token.keyword)
    }

    fn token(&self, cx: &Context<'_>) -> Result<Option<Secret<String>>> {
        let Some(header) = headers::joined(cx.headers(), &AUTHORIZATION) else {
            return Ok(None);
        };
        header_token(&header, self.keyword_at(cx.door()))
            .map_err(|refused| ApiException::authentication_failed(refused.to_string()))
    }
}

impl Authenticator for TokenAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        match self.token(cx) {
            Err(refused) => Answer::ready(Err(refused)),
            Ok(None) => Answer::ready(Ok(None)),
            Ok(Some(token)) => {
                Answer::pending(async move { identify(cx.door(), &token, cx.now()).await.map(Some) })
            }
        }
    }

    fn challenge(&self, door: &Door) -> Option<HeaderValue> {
        HeaderValue::from_str(self.keyword_at(door)).ok()
    }
}

/// Source: `TokenAuthentication.authenticate_credentials`.
pub(crate) async fn identify(door: &Door, token: &Secret<String>, now: Timestamp) -> Result<Identity> {
    let found = find(door, token).await?;
    let (token, user) = found.ok_or_else(|| invalid().with_reason("no such token is stored"))?;
    if token.is_past(door.settings().token.max_age, now) {
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
pub(crate) async fn find(door: &Door, token: &Secret<String>) -> Result<Option<(AuthToken, Arc<UserRow>)>> {
    let Some(key) = TokenKey::parse(token.expose()) else {
        return Ok(None);
    };
    Ok(door.stores().auth_tokens.by_key(key.as_str()).await?)
}

fn invalid() -> ApiException {
    ApiException::authentication_failed("Invalid token.")
}
