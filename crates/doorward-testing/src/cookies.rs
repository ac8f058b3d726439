//! [`Cookies`]: what a browser keeps.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};

/// The cookies of one browser, which only ever talks to one site.
#[derive(Debug, Default)]
pub(crate) struct Cookies(Mutex<BTreeMap<String, String>>);

impl Cookies {
    /// Keeps what an answer sets, and forgets what it deletes.
    pub(crate) fn keep(&self, headers: &HeaderMap) {
        for line in headers.get_all(SET_COOKIE) {
            self.keep_one(&String::from_utf8_lossy(line.as_bytes()));
        }
    }

    fn keep_one(&self, line: &str) {
        let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
        let Some((name, value)) = pair.split_once('=') else {
            return;
        };
        let is_deleted = attributes
            .split(';')
            .any(|attribute| attribute.trim().eq_ignore_ascii_case("max-age=0"));
        match is_deleted {
            true => self.lock().remove(name.trim()),
            false => self
                .lock()
                .insert(name.trim().to_owned(), value.trim().to_owned()),
        };
    }

    /// The value of that cookie.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        self.lock().get(name).cloned()
    }

    /// The header `Cookie`; `None` where there is nothing to send.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let pairs: Vec<String> = self
            .lock()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        (!pairs.is_empty()).then(|| {
            let line = HeaderValue::from_str(&pairs.join("; "));
            line.expect("what came in a header fits into one")
        })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_kept_until_it_is_deleted() {
        let cookies = Cookies::default();
        assert_eq!(cookies.header(), None);
        cookies.keep_one("b=2; Path=/; HttpOnly");
        cookies.keep_one("a=1");
        assert_eq!(cookies.header().unwrap(), "a=1; b=2");
        cookies.keep_one(r#"b=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/"#);
        assert_eq!(cookies.header().unwrap(), "a=1");
        assert_eq!(cookies.value("b"), None);
    }
}
