//! What authenticators ask of a request: a header, a cookie, the user that a credential stands for.

use std::borrow::Cow;

use doorward_django::authorization::header_token;
use doorward_django::secret::Secret;
use http::HeaderName;
use http::header::AUTHORIZATION;

use super::Context;
use crate::answer::Answer;
use crate::exceptions::{ApiException, Result};
use crate::headers::joined;
use crate::stores::UserField;
use crate::user::User;

impl<'r> Context<'r> {
    /// The word after that keyword in the Authorization header, as `TokenAuthentication` reads it; `None` where the scheme is
    /// another one. Several headers are joined by a comma, and judged as one.
    ///
    /// ```
    /// use doorward_core::{Context, Result};
    ///
    /// fn key<'r>(cx: &Context<'r>) -> Result<Option<std::borrow::Cow<'r, str>>> {
    ///     cx.authorization("Api-Key") // Authorization: Api-Key 3f2a…
    /// }
    /// ```
    ///
    /// # Errors
    /// 401 with DRF's sentences where nothing follows the keyword, more than one word, or no text.
    pub fn authorization(&self, keyword: &str) -> Result<Option<Cow<'r, str>>> {
        let word = match joined(self.headers(), &AUTHORIZATION) {
            None => return Ok(None),
            Some(Cow::Borrowed(header)) => header_token(header, keyword).map(|word| word.map(Cow::Borrowed)),
            Some(Cow::Owned(header)) => {
                header_token(&header, keyword).map(|word| word.map(|word| Cow::Owned(word.to_owned())))
            }
        };
        word.map_err(|refused| ApiException::authentication_failed(refused.to_string()))
    }

    /// The header of that name as text, each byte a character (PEP 3333). Several of one name are joined by a comma and
    /// judged as one: nobody hides a second one behind the first.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<Cow<'r, str>> {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        let bytes = joined(self.headers(), &name)?;
        Some(match bytes {
            Cow::Borrowed(bytes) if bytes.is_ascii() => String::from_utf8_lossy(bytes),
            bytes => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
        })
    }

    /// The one cookie of that name, which may be a secret. Two of a name count as none: one may have been planted by a site
    /// beside ours. An empty one counts as none, too. The answer then varies with the cookies.
    #[must_use]
    pub fn sole_cookie(&self, name: &str) -> Option<Secret<String>> {
        self.vary_on_cookie();
        let mut texts = self.cookies_named(name).into_iter();
        let text = texts.next().filter(|text| !text.is_empty())?;
        if texts.next().is_some() {
            tracing::warn!(
                cookie.name = name,
                "two cookies of that name came, and neither counts"
            );
            return None;
        }
        Some(Secret::new(text))
    }

    /// The user whose column holds exactly that text, as it was within `cache.max_staleness`: at once where that is
    /// remembered.
    ///
    /// # Errors
    /// 401 `User inactive or deleted.`; 503 or 500 where the store cannot say.
    pub fn active_user(&self, field: UserField, text: &str) -> Answer<'r, Result<User>> {
        let found = self.door().principals().person(field, text);
        found.map(|found| match found? {
            Some(person) if person.user.is_active => Ok(person.user.into()),
            _ => Err(ApiException::authentication_failed("User inactive or deleted.")),
        })
    }
}
