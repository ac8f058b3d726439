//! [`TokenAuthentication`]: an opaque token, kept in the database.

use std::borrow::Cow;
use std::fmt;

use doorward_core::answer::Answer;
use doorward_core::authentication::Authenticator;
use doorward_core::context::Context;
use doorward_core::door::Door;
use doorward_core::exceptions::Result;
use doorward_core::identity::Identity;
use http::HeaderValue;

use crate::authtoken::{self, auth_tokens};

/// The opaque token of a user, after a keyword (`rest_framework.authentication.TokenAuthentication`).
///
/// The keyword is the settings' (`[token] keyword`), `Token` unless set there, or one of its own:
///
/// ```
/// use doorward_auth::schemes::TokenAuthentication;
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

    /// Whom that key stands for, wherever it came from: for an authenticator of one's own that finds it in a cookie, say.
    ///
    /// # Errors
    /// 401 `Invalid token.`, 401 `User inactive or deleted.`; 503 or 500 where the store cannot say.
    pub fn authenticate_credentials<'a>(cx: &'a Context<'_>, key: &'a str) -> Answer<'a, Result<Identity>> {
        authtoken::identify(cx.door(), key, cx.now())
    }

    fn keyword_at<'k>(&'k self, door: &'k Door) -> &'k str {
        self.keyword.as_deref().unwrap_or(&auth_tokens(door).keyword)
    }
}

impl Authenticator for TokenAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        match cx.authorization(self.keyword_at(cx.door())) {
            Ok(None) => Answer::ready(Ok(None)),
            Ok(Some(Cow::Borrowed(key))) => {
                Self::authenticate_credentials(cx, key).map(|found| found.map(Some))
            }
            Ok(Some(Cow::Owned(key))) => {
                Answer::pending(async move { Self::authenticate_credentials(cx, &key).await.map(Some) })
            }
            Err(refused) => Answer::ready(Err(refused)),
        }
    }

    fn challenge(&self, door: &Door) -> Option<HeaderValue> {
        HeaderValue::from_str(self.keyword_at(door)).ok()
    }
}
