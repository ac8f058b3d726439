//! The session that is its own cookie (`django.contrib.sessions.backends.signed_cookies`).

use std::time::Duration;

use super::{SessionData, SessionExpiry, read, write};
use crate::bounds::MAX_COOKIE;
use crate::secret::{SecretKey, SecretKeys};
use crate::signing::{Signed, SigningError};
use crate::time_zone::TimeZone;
use crate::timestamp::Timestamp;

/// The salt of such cookies, which is no other engine's.
const SALT: &str = "django.contrib.sessions.backends.signed_cookies";

/// The cookie that holds `data`: `SessionStore._get_session_key()`. It may be longer than browsers keep.
///
/// ```
/// use std::time::Duration;
/// use doorward_django::{secret::{SecretKey, SecretKeys}, sessions, timestamp::Timestamp};
///
/// let (now, age) = (Timestamp::from_secs(1_700_000_000), Duration::from_secs(60));
/// let keys = SecretKeys::new(SecretKey::new("secret"));
/// let data = sessions::SessionData::from_iter([("cart", 7)]);
/// let cookie = sessions::encode_cookie(&data, now, &keys.current);
/// assert_eq!(sessions::decode_cookie(&cookie, age, None, now, &keys), Ok(data));
/// ```
#[must_use]
pub fn encode_cookie(data: &SessionData, now: Timestamp, key: &SecretKey) -> String {
    write(data, now, SALT, key)
}

/// What such a cookie holds at `now`, if it was signed no longer than `cookie_age` (`SESSION_COOKIE_AGE`) ago:
/// `SessionStore.load()`.
///
/// A session that says itself when it ends, ends then. Django leaves that to the browser (its ticket 19201). `zone` is that of
/// local times ([`SessionExpiry::of_local`]).
///
/// # Errors
///
/// [`SigningError::BadSignature`] where none of `keys` signed it, or it is longer than [`MAX_COOKIE`];
/// [`SigningError::SignatureExpired`] where it is too old; [`SigningError::Malformed`] where what was signed is no JSON
/// object.
pub fn decode_cookie(
    cookie: &str,
    cookie_age: Duration,
    zone: Option<&TimeZone>,
    now: Timestamp,
    keys: &SecretKeys,
) -> Result<SessionData, SigningError> {
    if cookie.len() > MAX_COOKIE {
        return Err(SigningError::BadSignature);
    }
    let session = read(cookie, SALT, keys)?;
    let ends_at = own_end(&session, cookie_age, zone);
    let data = session.within(cookie_age, now)?;
    match ends_at.is_some_and(|end| end <= now) {
        true => Err(SigningError::SignatureExpired),
        false => Ok(data),
    }
}

/// When it ends, where its data says so.
fn own_end(
    session: &Signed<SessionData>,
    cookie_age: Duration,
    zone: Option<&TimeZone>,
) -> Option<Timestamp> {
    match SessionExpiry::of_local(&session.value, zone) {
        SessionExpiry::Policy | SessionExpiry::BrowserClose => None,
        own => Some(own.date(cookie_age, session.signed_at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;
    use crate::signing;
    use proptest::prelude::*;

    const AGE: Duration = Duration::from_secs(1_209_600);

    fn keys() -> SecretKeys {
        SecretKeys::new(SecretKey::new("secret"))
    }

    fn after(seconds: u64) -> Timestamp {
        golden::now().saturating_add(Duration::from_secs(seconds))
    }

    fn cookie(data: &SessionData) -> String {
        encode_cookie(data, golden::now(), &keys().current)
    }

    #[test]
    fn cookies_are_django_s() {
        for case in golden::session_engines("signed_cookies") {
            let text = case["cookie"].as_str().unwrap();
            let data = case["data"].as_object().unwrap();
            let read = decode_cookie(text, AGE, None, golden::now(), &golden::keys());
            assert_eq!(read.as_ref(), Ok(data), "{case}");
            let written = encode_cookie(data, golden::now(), &golden::keys().current);
            // Compressed, the bytes are another zlib's.
            let is_compressed = written.starts_with('.') || text.starts_with('.');
            assert!(is_compressed || written == text, "{case}");
            let back = decode_cookie(&written, AGE, None, golden::now(), &golden::keys());
            assert_eq!(back.as_ref(), Ok(data), "{case}");
        }
    }

    #[test]
    fn a_cookie_ends_when_it_is_too_old() {
        let text = cookie(&SessionData::from_iter([("a", 1)]));
        assert!(decode_cookie(&text, AGE, None, after(1_209_600), &keys()).is_ok());
        let late = decode_cookie(&text, AGE, None, after(1_209_601), &keys());
        assert_eq!(late, Err(SigningError::SignatureExpired));
    }

    #[test]
    fn a_cookie_ends_when_its_own_data_says_so() {
        let mut data = SessionData::from_iter([("a", 1)]);
        SessionExpiry::After(60_000_000).set(&mut data);
        let text = cookie(&data);
        assert!(decode_cookie(&text, AGE, None, after(59), &keys()).is_ok());
        let late = decode_cookie(&text, AGE, None, after(60), &keys());
        assert_eq!(late, Err(SigningError::SignatureExpired));
    }

    #[test]
    fn the_text_of_a_row_is_no_cookie() {
        let row = super::super::encode(
            &SessionData::from_iter([("a", 1)]),
            golden::now(),
            &keys().current,
        );
        let read = decode_cookie(&row, AGE, None, golden::now(), &keys());
        assert_eq!(read, Err(SigningError::BadSignature));
    }

    #[test]
    fn what_no_browser_keeps_is_not_looked_at() {
        let long = SessionData::from_iter([("a", "é1b".repeat(2000))]);
        let text = signing::dumps(
            &crate::json::Value::Object(long),
            signing::Compression::Never,
            golden::now(),
            SALT,
            &keys().current,
        );
        assert!(text.len() > MAX_COOKIE);
        let read = decode_cookie(&text, AGE, None, golden::now(), &keys());
        assert_eq!(read, Err(SigningError::BadSignature));
    }

    proptest! {
        #[test]
        fn any_text_is_refused(text: String) {
            prop_assert!(decode_cookie(&text, AGE, None, golden::now(), &keys()).is_err());
        }
    }
}
