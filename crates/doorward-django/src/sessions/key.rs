use crate::crypto::random_string;
use crate::secret::Secret;

/// The random bytes that [`SessionKey::generate`] takes.
pub const SESSION_KEY_RANDOM_BYTES: usize = 4 * LENGTH;

/// `django.contrib.sessions.backends.base.VALID_KEY_CHARS`.
const VALID_KEY_CHARS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const LENGTH: usize = 32;
/// Django's lower bound "for some minimal key security".
const SHORTEST: usize = 8;
/// The width of the `session_key` column.
const LONGEST: usize = 40;

/// The name under which a session is stored, and the whole secret of its cookie.
///
/// Django takes any text of eight characters or more; only what one of its stores can have made is
/// taken here, so that no other text reaches a database. The rest is an unknown session in either.
#[derive(Clone, Debug)]
pub struct SessionKey(Secret<String>);

impl SessionKey {
    /// The key with this text, if it can be one: 8 to 40 small letters and digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (SHORTEST..=LONGEST).contains(&text.len());
        // Those of `VALID_KEY_CHARS`.
        let valid = fits && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9'));
        valid.then(|| Self(Secret::new(text.to_owned())))
    }

    /// A new key of 32 characters (`SessionBase._get_new_session_key`).
    #[must_use]
    pub fn generate(random: &[u8; SESSION_KEY_RANDOM_BYTES]) -> Self {
        Self(Secret::new(random_string(random, VALID_KEY_CHARS)))
    }

    /// The key's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_what_a_store_makes_is_a_key() {
        for text in [
            "",
            "short",
            "1234567",
            "ABCDEFGH",
            "abcdefg\0",
            "abcdefgé",
            "abc defgh",
            "\"abcdefgh\"",
        ] {
            assert!(SessionKey::parse(text).is_none(), "{text}");
        }
        assert!(SessionKey::parse(&"a".repeat(41)).is_none());
        assert!(SessionKey::parse("abcdefg8").is_some());
        assert!(SessionKey::parse(&"0".repeat(40)).is_some());
    }

    proptest! {
        #[test]
        fn generated_keys_are_keys(random: [u8; SESSION_KEY_RANDOM_BYTES]) {
            let key = SessionKey::generate(&random);
            prop_assert_eq!(key.as_str().len(), 32);
            prop_assert!(SessionKey::parse(key.as_str()).is_some());
            let shown = format!("{key:?}");
            prop_assert!(!shown.contains(key.as_str()));
        }

        #[test]
        fn any_text_has_an_answer(text: String) {
            let _ = SessionKey::parse(&text);
        }
    }
}
