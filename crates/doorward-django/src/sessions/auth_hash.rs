use crate::crypto::{constant_time_eq, salted_hmac};
use crate::hex;
use crate::secret::{SecretKey, SecretKeys};

const KEY_SALT: &str = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash";

/// Which key proved a session's hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifiedBy {
    /// `SECRET_KEY`: all is well.
    Current,
    /// One of `SECRET_KEY_FALLBACKS`: Django then cycles the session key and writes the hash anew.
    Fallback,
}

/// What a login puts under [`HASH_SESSION_KEY`](super::HASH_SESSION_KEY): a MAC of the encoded password.
///
/// `password` is the column's text, not what the user types.
/// Source: `AbstractBaseUser.get_session_auth_hash`.
#[must_use]
pub fn session_auth_hash(password: &str, key: &SecretKey) -> String {
    hex::encode(&salted_hmac(KEY_SALT, password.as_bytes(), key))
}

/// Which of `keys` made the `stored` hash for this encoded password; `None` where none did.
///
/// `None` means that the password has changed since the login, or that the session is forged: flush it.
/// Source: `django.contrib.auth.get_user`.
#[must_use]
pub fn verify_session_auth_hash(stored: &str, password: &str, keys: &SecretKeys) -> Option<VerifiedBy> {
    let made_by =
        |key: &SecretKey| constant_time_eq(stored.as_bytes(), session_auth_hash(password, key).as_bytes());
    if made_by(&keys.current) {
        return Some(VerifiedBy::Current);
    }
    keys.fallbacks.iter().any(made_by).then_some(VerifiedBy::Fallback)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;

    #[test]
    fn the_key_that_proved_it_is_told() {
        let keys = SecretKeys {
            current: SecretKey::new("new"),
            fallbacks: vec![SecretKey::new("old")],
        };
        let verify = |stored: &str| verify_session_auth_hash(stored, "encoded", &keys);
        assert_eq!(
            verify(&session_auth_hash("encoded", &keys.current)),
            Some(VerifiedBy::Current)
        );
        assert_eq!(
            verify(&session_auth_hash("encoded", &SecretKey::new("old"))),
            Some(VerifiedBy::Fallback)
        );
        assert_eq!(verify(&session_auth_hash("changed", &keys.current)), None);
        assert_eq!(
            verify(&session_auth_hash("encoded", &SecretKey::new("other"))),
            None
        );
        assert_eq!(verify(""), None);
    }
    #[test]
    fn hashes_are_django_s() {
        let keys = golden::keys();
        for case in golden::cases("session_auth_hashes") {
            let password = case["password"].as_str().unwrap();
            let verify = |stored: &str| verify_session_auth_hash(stored, password, &keys);
            assert_eq!(session_auth_hash(password, &keys.current), case["current"]);
            assert_eq!(
                verify(case["current"].as_str().unwrap()),
                Some(VerifiedBy::Current)
            );
            for stored in golden::texts(&case["fallbacks"]) {
                assert_eq!(verify(stored), Some(VerifiedBy::Fallback));
            }
        }
        let case = golden::formats("session_auth_hash");
        let key = golden::format_keys().current;
        assert_eq!(
            session_auth_hash(case["password"].as_str().unwrap(), &key),
            case["hash"]
        );
    }
}
