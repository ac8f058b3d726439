//! [`SessionAuthentication`]: whoever logged in with a browser.

use std::sync::Arc;

use doorward_core::answer::Answer;
use doorward_core::authentication::Authenticator;
use doorward_core::context::Context;
use doorward_core::csrf;
use doorward_core::door::Door;
use doorward_core::exceptions::Result;
use doorward_core::identity::{Auth, Identity};
use doorward_core::user::UserRow;
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
            false => accounts::session_user(cx.session()).then(move |user| match user {
                Ok(Some(user)) if user.is_active => identified(cx, user),
                Ok(_) => Answer::ready(Ok(None)),
                Err(failed) => Answer::ready(Err(failed)),
            }),
        }
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}

/// The user, unless another site's page made the browser send the session.
fn identified<'a>(cx: &'a Context<'a>, user: Arc<UserRow>) -> Answer<'a, Result<Option<Identity>>> {
    let identity = Identity {
        user: user.into(),
        auth: Auth::Session,
    };
    csrf::enforce_csrf(cx).map(|meant| meant.map(|()| Some(identity)))
}
