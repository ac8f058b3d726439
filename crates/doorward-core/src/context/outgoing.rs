//! [`Outgoing`]: what an answer gets besides what its handler says.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::cookies::{SetCookie, vary_on};

/// Cookies and headers for the answer to a request, unless that is a failure of ours (5xx).
#[derive(Default)]
pub(crate) struct Outgoing(Mutex<List>);

#[derive(Default)]
struct List {
    cookies: Vec<(String, HeaderValue)>,
    varies_on_cookie: bool,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl List {
    fn is_empty(&self) -> bool {
        self.cookies.is_empty() && !self.varies_on_cookie && self.headers.is_empty()
    }
}

impl Outgoing {
    /// Sets a cookie; of several of one name the last one is set.
    pub(crate) fn set_cookie(&self, cookie: SetCookie<'_>) {
        let Some(value) = cookie.header_value() else {
            return;
        };
        let cookies = &mut self.list().cookies;
        cookies.retain(|(name, _)| name != cookie.name);
        cookies.push((cookie.name.to_owned(), value));
    }

    /// Says that the answer depends on the request's cookies.
    pub(crate) fn vary_on_cookie(&self) {
        self.list().varies_on_cookie = true;
    }

    /// Sets a header, whatever the handler says of it.
    pub(crate) fn insert(&self, name: HeaderName, value: HeaderValue) {
        self.list().headers.push((name, value));
    }

    /// Writes all of it into an answer.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let mut list = self.list();
        if list.is_empty() {
            return;
        }
        let list = std::mem::take(&mut *list);
        for (_, cookie) in list.cookies {
            headers.append(SET_COOKIE, cookie);
        }
        if list.varies_on_cookie {
            vary_on(headers, "Cookie");
        }
        for (name, value) in list.headers {
            headers.insert(name, value);
        }
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outgoing(…)")
    }
}
