//! A credential from a cookie: DRF's token, in the HttpOnly cookie `auth_token`.

use axum::http::HeaderValue;
use doorward::Door;
use doorward::authentication::Authenticator;
use doorward::csrf::{enforce_csrf, refuse_foreign_use};
use doorward::prelude::*;

/// The token in the cookie. Browsers send it whoever wrote the page, so that something else has to say who did.
#[derive(Debug)]
enum CookieTokenAuthentication {
    /// A CSRF token, as `SessionAuthentication` wants it.
    WithCsrf,
    /// The browser itself (`Sec-Fetch-Site`, `Origin`): for pages that send no CSRF token.
    CsrfExempt,
}

impl Authenticator for CookieTokenAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        let Some(key) = cx.sole_cookie("auth_token") else {
            return Answer::ready(Ok(None)); // not my scheme
        };
        Answer::pending(async move {
            let identity = TokenAuthentication::authenticate_credentials(cx, key.expose()).await?;
            match self {
                Self::WithCsrf => enforce_csrf(cx).await?,
                Self::CsrfExempt => refuse_foreign_use(cx)?,
            }
            Ok(Some(identity))
        })
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}

/// A cookie comes by itself: a bad one means anonymous, as a session that has ended does.
pub(crate) fn with_csrf() -> Policy {
    Policy::new().authenticate(CookieTokenAuthentication::WithCsrf.or_anonymous())
}

pub(crate) fn csrf_exempt() -> Policy {
    Policy::new().authenticate(CookieTokenAuthentication::CsrfExempt.or_anonymous())
}
