//! [`SessionAuthentication`] and [`CsrfExemptSessionAuthentication`]: whoever logged in with a browser.

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

/// The session's user, without a CSRF token: what projects write as a `SessionAuthentication` whose `enforce_csrf` does nothing,
/// for clients that keep the session and are no page of this site.
///
/// What another site's page makes a browser send is refused all the same, as far as the browser tells (`Sec-Fetch-Site`,
/// `Origin`, `Referer`): 403. Sites that `[cors]` or `csrf.trusted_origins` name may call.
#[derive(Clone, Copy, Debug, Default)]
pub struct CsrfExemptSessionAuthentication;

impl Authenticator for SessionAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        session_identity(cx).then(move |found| match found {
            Ok(Some(identity)) => csrf::enforce_csrf(cx).map(|meant| meant.map(|()| Some(identity))),
            nobody => Answer::ready(nobody),
        })
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}

impl Authenticator for CsrfExemptSessionAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        session_identity(cx).map(move |found| match found {
            Ok(Some(identity)) => csrf::refuse_foreign_use(cx).map(|()| Some(identity)),
            nobody => nobody,
        })
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}

/// The active user of the session, whoever made the browser send it.
fn session_identity<'a>(cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
    if cx.brought_no_session() {
        return Answer::ready(Ok(None));
    }
    accounts::session_user(cx.session()).map(|user| {
        let user = user?.filter(|user| user.is_active);
        Ok(user.map(|user| Identity {
            user: user.into(),
            auth: Auth::Session,
        }))
    })
}
