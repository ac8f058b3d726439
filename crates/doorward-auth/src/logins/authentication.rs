//! [`SessionAuthentication`]: whoever logged in with a browser.

use doorward_core::answer::Answer;
use doorward_core::authentication::Authenticator;
use doorward_core::context::Context;
use doorward_core::csrf;
use doorward_core::door::Door;
use doorward_core::exceptions::Result;
use doorward_core::identity::{Auth, Identity};
use http::HeaderValue;

use crate::accounts;

/// The session's user (`rest_framework.authentication.SessionAuthentication`).
///
/// Browsers send the cookie whoever wrote the page, so methods that change something need a CSRF token: 403 without.
/// There is no challenge, so that a 401 becomes a 403 where this authenticator stands first.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionAuthentication;

impl Authenticator for SessionAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        match cx.brought_no_session() {
            true => Answer::ready(Ok(None)),
            false => Answer::pending(authenticate(cx)),
        }
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}

async fn authenticate(cx: &Context<'_>) -> Result<Option<Identity>> {
    let user = accounts::session_user(cx.session()).await?;
    let Some(user) = user.filter(|user| user.is_active) else {
        return Ok(None);
    };
    csrf::enforce_csrf(cx).await?;
    Ok(Some(Identity {
        user: user.into(),
        auth: Auth::Session,
    }))
}
