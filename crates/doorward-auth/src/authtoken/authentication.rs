//! [`TokenAuthentication`]: an opaque token, kept in the database.

use std::borrow::Cow;
use std::fmt;

use doorward_core::answer::Answer;
use doorward_core::authentication::Authenticator;
use doorward_core::context::Context;
use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::headers;
use doorward_core::identity::Identity;
use doorward_django::authorization::{TokenHeaderError, header_token};
use http::HeaderValue;
use http::header::AUTHORIZATION;

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

    fn keyword_at<'k>(&'k self, door: &'k Door) -> &'k str {
        self.keyword.as_deref().unwrap_or(&auth_tokens(door).keyword)
    }
}

impl Authenticator for TokenAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        let Some(header) = headers::joined(cx.headers(), &AUTHORIZATION) else {
            return Answer::ready(Ok(None));
        };
        let keyword = self.keyword_at(cx.door());
        let token = match header {
            Cow::Borrowed(header) => header_token(header, keyword),
            Cow::Owned(header) => return Answer::pending(authenticate_joined(cx, keyword, header)),
        };
        match token {
            Ok(None) => Answer::ready(Ok(None)),
            Ok(Some(token)) => authtoken::identify(cx.door(), token, cx.now()).map(|found| found.map(Some)),
            Err(refused) => Answer::ready(Err(malformed(refused))),
        }
    }

    fn challenge(&self, door: &Door) -> Option<HeaderValue> {
        HeaderValue::from_str(self.keyword_at(door)).ok()
    }
}

/// As the authenticator does, for several headers that were joined.
async fn authenticate_joined(cx: &Context<'_>, keyword: &str, header: Vec<u8>) -> Result<Option<Identity>> {
    match header_token(&header, keyword) {
        Ok(None) => Ok(None),
        Ok(Some(token)) => authtoken::identify(cx.door(), token, cx.now()).await.map(Some),
        Err(refused) => Err(malformed(refused)),
    }
}

fn malformed(refused: TokenHeaderError) -> ApiException {
    ApiException::authentication_failed(refused.to_string())
}
