//! The key of an opaque token: `rest_framework.authtoken`.

use crate::hex;
use crate::secret::Secret;

/// The random bytes that [`TokenKey::generate`] takes.
pub const TOKEN_KEY_RANDOM_BYTES: usize = 20;

/// The width of the `key` column.
const LONGEST: usize = 40;

/// The key of a row of `authtoken_token`: whoever presents it is the row's user.
///
/// ```
/// use doorward_django::token_key::TokenKey;
///
/// let key = TokenKey::generate(&[0xab; 20]);
/// assert_eq!(key.as_str(), "abababababababababababababababababababab");
/// ```
#[derive(Clone, Debug)]
pub struct TokenKey(Secret<String>);

impl TokenKey {
    /// A new key of 40 lowercase hexadecimal digits (`rest_framework.authtoken.models.Token.generate_key`).
    #[must_use]
    pub fn generate(random: &[u8; TOKEN_KEY_RANDOM_BYTES]) -> Self {
        Self(Secret::new(hex::encode(random)))
    }

    /// The key with this text, if it [can be one](Self::can_be).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::can_be(text).then(|| Self(Secret::new(text.to_owned())))
    }

    /// Whether the column can hold this text: 1 to 40 visible ASCII characters.
    ///
    /// DRF makes hexadecimal digits only, but looks up what it is given, and projects make their own keys.
    /// What can be no key is an unknown token, which needs no look-up.
    #[must_use]
    pub fn can_be(text: &str) -> bool {
        // All of them are looked at, whatever the first is: several at once.
        let are_visible = |text: &str| text.bytes().fold(true, |all, byte| all & byte.is_ascii_graphic());
        (1..=LONGEST).contains(&text.len()) && are_visible(text)
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
    fn only_what_the_column_can_hold_is_a_key() {
        for text in ["", "a b", "a\0", "é", "a\n", "٣"] {
            assert!(TokenKey::parse(text).is_none(), "{text}");
        }
        assert!(TokenKey::parse(&"a".repeat(41)).is_none());
        assert_eq!(TokenKey::parse("my-own-key").unwrap().as_str(), "my-own-key");
    }

    proptest! {
        #[test]
        fn generated_keys_are_keys(random: [u8; TOKEN_KEY_RANDOM_BYTES]) {
            let key = TokenKey::generate(&random);
            prop_assert_eq!(key.as_str().len(), 40);
            prop_assert!(TokenKey::parse(key.as_str()).is_some());
            let shown = format!("{key:?}");
            prop_assert!(!shown.contains(key.as_str()));
        }

        #[test]
        fn any_text_has_an_answer(text: String) {
            let _ = TokenKey::parse(&text);
        }
    }
}
