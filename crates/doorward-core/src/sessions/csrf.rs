//! [`CsrfCookie`]: the secret that forms and scripts of this site repeat (`django.middleware.csrf`).

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use doorward_django::csrf::{self, CsrfSecret};
use doorward_django::secret::Secret;
use http::HeaderMap;

use crate::cookies::{Attributes, Cookies, Lifetime, SetCookie, vary_on};
use crate::door::Door;

/// The CSRF cookie of one exchange. All clones are one cookie.
#[derive(Clone)]
pub struct CsrfCookie(Arc<Inner>);

struct Inner {
    door: Door,
    /// The cookie's text as it came, for the check.
    received: Option<Secret<String>>,
    state: Mutex<State>,
}

struct State {
    secret: Option<CsrfSecret>,
    needs_update: bool,
}

impl CsrfCookie {
    /// The request's cookie; one that can hold no secret is replaced.
    pub(crate) fn from_cookies(door: &Door, cookies: &Cookies) -> Self {
        let received = cookies.value(&door.settings().csrf.cookie_name).map(Secret::new);
        let parsed = received.as_ref().map(|text| CsrfSecret::parse(text.expose()));
        let state = match parsed {
            Some(Err(_)) => State::renewed(door),
            known => State {
                secret: known.and_then(Result::ok),
                needs_update: false,
            },
        };
        Self(Arc::new(Inner {
            door: door.clone(),
            received,
            state: Mutex::new(state),
        }))
    }

    /// A token for a form's field `csrfmiddlewaretoken`, or for the header; another text each time.
    ///
    /// Asking for it sets the cookie, or renews it, with this answer (`django.middleware.csrf.get_token`).
    #[must_use]
    pub fn token(&self) -> String {
        let door = &self.0.door;
        let mut state = self.state();
        state.needs_update = true;
        let secret = state
            .secret
            .get_or_insert_with(|| CsrfSecret::generate(&door.random()));
        secret.mask(&door.random())
    }

    /// Puts a new secret in place of the one that may have been planted; every login does
    /// (`django.middleware.csrf.rotate_token`).
    pub fn rotate(&self) {
        *self.state() = State::renewed(&self.0.door);
    }

    pub(crate) fn received(&self) -> Option<&str> {
        self.0.received.as_ref().map(|text| text.expose().as_str())
    }

    /// Adds the cookie to an answer that needs it.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let settings = &self.0.door.settings().csrf;
        let state = self.state();
        let Some(secret) = state.secret.as_ref().filter(|_| state.needs_update) else {
            return;
        };
        let age = i64::try_from(settings.cookie_age.duration().as_secs()).unwrap_or(i64::MAX);
        let cookie = SetCookie {
            name: &settings.cookie_name,
            value: secret.as_str(),
            lifetime: Lifetime::Seconds(age, self.0.door.now()),
            attributes: Attributes::of_csrf(settings),
        };
        cookie.append_to(headers);
        vary_on(headers, "Cookie");
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn renewed(door: &Door) -> Self {
        Self {
            secret: Some(csrf::rotate_token(&door.random())),
            needs_update: true,
        }
    }
}

impl fmt::Debug for CsrfCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfCookie(…)")
    }
}
