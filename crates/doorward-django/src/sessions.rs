//! Sessions as Django keeps them: `django.contrib.sessions` and the session half of `django.contrib.auth`.
//!
//! A session is a JSON object, signed and written to the `session_data` column under a random
//! [`SessionKey`]. A login puts three members into it, one of which, the [`session_auth_hash`], ends the
//! session when the password changes.

mod auth_hash;
mod cached;
mod expiry;
mod key;
mod signed_cookie;

pub use auth_hash::{SessionAuthAlgorithm, SessionAuthHash, VerifiedBy, session_auth_hash};
pub use cached::{CacheEngine, CacheFormat, CacheFormatError, Compressor, MAX_CACHED, Serializer};
pub use expiry::{SESSION_EXPIRY_KEY, SessionExpiry};
pub use key::{SESSION_KEY_RANDOM_BYTES, SessionKey};
pub use signed_cookie::{decode_cookie, encode_cookie};

use crate::json::{self, Object, Value};
use crate::secret::{SecretKey, SecretKeys};
use crate::signing::{self, Compression, Signed, SigningError};
use crate::timestamp::Timestamp;

/// What a session holds: a JSON object, its members in the order of insertion.
pub type SessionData = Object;

/// The member that holds the user's id as text (`django.contrib.auth.SESSION_KEY`).
pub const SESSION_KEY: &str = "_auth_user_id";
/// The member that names the backend that logged the user in (`BACKEND_SESSION_KEY`).
pub const BACKEND_SESSION_KEY: &str = "_auth_user_backend";
/// The member that holds the [`session_auth_hash`] (`HASH_SESSION_KEY`).
pub const HASH_SESSION_KEY: &str = "_auth_user_hash";
/// The backend that Django's own login names, which any Django project has.
pub const MODEL_BACKEND: &str = "django.contrib.auth.backends.ModelBackend";

/// The salt of every server-side session store (`SessionBase.key_salt`).
const KEY_SALT: &str = "django.contrib.sessions.SessionStore";

/// The text of the `session_data` column: `SessionStore().encode(data)`.
///
/// ```
/// use doorward_django::{secret::{SecretKey, SecretKeys}, sessions, timestamp::Timestamp};
///
/// let keys = SecretKeys::new(SecretKey::new("secret"));
/// let data = sessions::SessionData::from_iter([("cart", 7)]);
/// let text = sessions::encode(&data, Timestamp::from_secs(1_700_000_000), &keys.current);
/// assert_eq!(sessions::decode(&text, &keys), Ok(data));
/// ```
#[must_use]
pub fn encode(data: &SessionData, now: Timestamp, key: &SecretKey) -> String {
    write(data, now, KEY_SALT, key)
}

/// What the text of a `session_data` column holds: `SessionStore().decode(session_data)`.
///
/// The age of the signature does not matter; the row's `expire_date` governs. Where Django takes a session
/// that it cannot read for an empty one, the caller learns why, and decides.
///
/// # Errors
///
/// [`SigningError::BadSignature`] where none of `keys` signed it (also for the format before Django 3.1);
/// [`SigningError::Malformed`] where what was signed is no JSON object.
pub fn decode(session_data: &str, keys: &SecretKeys) -> Result<SessionData, SigningError> {
    Ok(read(session_data, KEY_SALT, keys)?.value)
}

/// `signing.dumps` as engines of sessions call it.
fn write(data: &SessionData, now: Timestamp, salt: &str, key: &SecretKey) -> String {
    signing::dumps_text(
        &json::dumps_object(data),
        Compression::WhereShorter,
        now,
        salt,
        key,
    )
}

/// `signing.loads` as they call it: nothing but a JSON object is a session.
fn read(text: &str, salt: &str, keys: &SecretKeys) -> Result<Signed<SessionData>, SigningError> {
    let Signed { value, signed_at } = signing::loads(text, salt, keys)?;
    match value {
        Value::Object(value) => Ok(Signed { value, signed_at }),
        _ => Err(SigningError::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;
    use proptest::prelude::*;

    fn keys() -> SecretKeys {
        SecretKeys::new(SecretKey::new("secret"))
    }

    #[test]
    fn only_an_object_is_a_session() {
        let now = Timestamp::from_secs(0);
        let list = signing::dumps(
            &golden::json!([1]),
            Compression::Never,
            now,
            KEY_SALT,
            &keys().current,
        );
        assert_eq!(decode(&list, &keys()), Err(SigningError::Malformed));
    }

    #[test]
    fn sessions_are_django_s() {
        for case in golden::cases("sessions") {
            let session_data = case["session_data"].as_str().unwrap();
            let data = case["data"].as_object().unwrap();
            assert_eq!(decode(session_data, &golden::keys()).as_ref(), Ok(data));
            let key = SecretKey::new(case["key"].as_str().unwrap());
            let written = encode(data, golden::now(), &key);
            assert_eq!(written.starts_with('.'), session_data.starts_with('.'));
            assert!(written.starts_with('.') || written == session_data, "{case}");
            assert_eq!(decode(&written, &golden::keys()).as_ref(), Ok(data));
        }
        for case in golden::formats("session_data").as_array().unwrap() {
            let data = decode(case["session_data"].as_str().unwrap(), &golden::format_keys());
            assert_eq!(data.as_ref().ok(), case["obj"].as_object());
        }
    }

    #[test]
    fn the_known_answers_hold() {
        let keys = SecretKeys::new(SecretKey::new("x".repeat(60)));
        let answers = golden::file("known_answers.txt");
        let answer = |name: &str| answers.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        let small = encode(&SessionData::from_iter([("a", 1)]), golden::now(), &keys.current);
        assert_eq!(small, answer("session small "));
        let auth = decode(answer("session auth "), &keys).unwrap();
        assert_eq!(auth[SESSION_KEY], "7");
        assert_eq!(auth[BACKEND_SESSION_KEY], MODEL_BACKEND);
        assert_eq!(
            auth[HASH_SESSION_KEY],
            session_auth_hash("pbkdf2_sha256$1$s$h", &keys.current)
        );
        assert!(answer("SECRET_KEY='x'*60; session_auth_hash ").eq(auth[HASH_SESSION_KEY].as_str().unwrap()));
    }

    #[test]
    fn what_django_takes_for_empty_is_refused() {
        for text in golden::texts(&golden::django_formats("unreadable_sessions")) {
            assert!(decode(text, &golden::keys()).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn sessions_read_back(
            members in prop::collection::vec((".*", ".*"), 0..6),
            seconds in -4_000_000_000_i64..4_000_000_000,
        ) {
            let data: SessionData = members.into_iter().collect();
            let text = encode(&data, Timestamp::from_secs(seconds), &keys().current);
            prop_assert_eq!(decode(&text, &keys()), Ok(data));
        }

        #[test]
        fn any_text_is_refused_without_panic(text: String) {
            prop_assert!(decode(&text, &keys()).is_err());
        }
    }
}
