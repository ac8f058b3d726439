use crate::crypto::{constant_time_eq, random_string};
use crate::secret::Secret;

/// The random bytes that [`CsrfSecret::generate`] and [`CsrfSecret::mask`] take.
pub const CSRF_RANDOM_BYTES: usize = 4 * CSRF_SECRET_LENGTH;

const CSRF_SECRET_LENGTH: usize = 32;
const CSRF_TOKEN_LENGTH: usize = 2 * CSRF_SECRET_LENGTH;
/// Small letters, capitals, digits: another order than that of the signing alphabet.
const CSRF_ALLOWED_CHARS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Why a text can be neither a secret nor a token; it completes a sentence such as "CSRF cookie …".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTokenFormat {
    /// Not 32 or 64 characters.
    #[error("has incorrect length")]
    IncorrectLength,
    /// Not only ASCII letters and digits.
    #[error("has invalid characters")]
    InvalidCharacters,
}

/// The secret that a form or a header must repeat: 32 letters and digits.
///
/// ```
/// use doorward_django::csrf::CsrfSecret;
///
/// let secret = CsrfSecret::parse("abcdefghijklmnopqrstuvwxyzABCDEF").unwrap();
/// let token = secret.mask(&[7; 128]);
/// assert_ne!(&token[32..], secret.as_str());
/// assert_eq!(secret.does_token_match(&token), Ok(true));
/// ```
#[derive(Clone, Debug)]
pub struct CsrfSecret(Secret<String>);

impl CsrfSecret {
    /// A new secret.
    #[must_use]
    pub fn generate(random: &[u8; CSRF_RANDOM_BYTES]) -> Self {
        Self(Secret::new(random_string(random, CSRF_ALLOWED_CHARS)))
    }

    /// The secret in a cookie or a session: bare, or masked, as Django before 4.0 stored it.
    ///
    /// # Errors
    ///
    /// [`InvalidTokenFormat`], as `django.middleware.csrf._check_token_format` finds it.
    pub fn parse(text: &str) -> Result<Self, InvalidTokenFormat> {
        match text.chars().count() {
            CSRF_SECRET_LENGTH => {
                positions(text)?;
                Ok(Self(Secret::new(text.to_owned())))
            }
            CSRF_TOKEN_LENGTH => Ok(Self(Secret::new(unmask(&positions(text)?)))),
            _ => Err(InvalidTokenFormat::IncorrectLength),
        }
    }

    /// The secret as the cookie carries it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.expose()
    }

    /// A token for a page: a mask and the secret under it, another text each time, so that compression
    /// tells nothing about the secret (`_mask_cipher_secret`).
    #[must_use]
    pub fn mask(&self, random: &[u8; CSRF_RANDOM_BYTES]) -> String {
        let mask = random_string(random, CSRF_ALLOWED_CHARS);
        let pairs = self.as_str().bytes().zip(mask.bytes());
        let cipher: String = pairs
            .filter_map(|(secret, mask)| Some(character(position(secret)? + position(mask)?)))
            .collect();
        mask + &cipher
    }

    /// Whether `token`, masked or not, repeats this secret (`_does_token_match`).
    ///
    /// # Errors
    ///
    /// [`InvalidTokenFormat`] where it can be no token.
    pub fn does_token_match(&self, token: &str) -> Result<bool, InvalidTokenFormat> {
        let repeated = Self::parse(token)?;
        Ok(constant_time_eq(
            repeated.as_str().as_bytes(),
            self.as_str().as_bytes(),
        ))
    }
}

/// The secret that replaces the old one at a login, which may have been planted
/// (`django.middleware.csrf.rotate_token`).
#[must_use]
pub fn rotate_token(random: &[u8; CSRF_RANDOM_BYTES]) -> CsrfSecret {
    CsrfSecret::generate(random)
}

fn unmask(token: &[usize]) -> String {
    let (mask, cipher) = token.split_at_checked(CSRF_SECRET_LENGTH).unwrap_or_default();
    let unshift = |(cipher, mask): (&usize, &usize)| character(cipher + CSRF_ALLOWED_CHARS.len() - mask);
    cipher.iter().zip(mask).map(unshift).collect()
}

fn positions(text: &str) -> Result<Vec<usize>, InvalidTokenFormat> {
    text.bytes()
        .map(|byte| position(byte).ok_or(InvalidTokenFormat::InvalidCharacters))
        .collect()
}

/// The position of a character in the alphabet, always below its length.
fn position(byte: u8) -> Option<usize> {
    CSRF_ALLOWED_CHARS.iter().position(|allowed| *allowed == byte)
}

fn character(position: usize) -> char {
    let byte = CSRF_ALLOWED_CHARS.get(position % CSRF_ALLOWED_CHARS.len());
    char::from(*byte.expect("a remainder is less than the length it was taken by"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;
    use proptest::prelude::*;

    #[test]
    fn length_is_judged_before_characters() {
        let cases = [
            ("", InvalidTokenFormat::IncorrectLength),
            ("***", InvalidTokenFormat::IncorrectLength),
            (
                "abcdefghijklmnopqrstuvwxyzABCDE-",
                InvalidTokenFormat::InvalidCharacters,
            ),
            (
                "abcdefghijklmnopqrstuvwxyzABCDEé",
                InvalidTokenFormat::InvalidCharacters,
            ),
            (
                "abcdefghijklmnopqrstuvwxyzABCDé",
                InvalidTokenFormat::IncorrectLength,
            ),
        ];
        for (text, error) in cases {
            assert_eq!(CsrfSecret::parse(text).unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn masks_are_django_s() {
        for case in golden::formats("csrf").as_array().unwrap() {
            let secret = CsrfSecret::parse(case["masked"].as_str().unwrap()).unwrap();
            assert_eq!(secret.as_str(), case["unmask"]);
        }
        let answers = golden::file("known_answers.txt");
        let token = answers
            .lines()
            .find_map(|line| line.strip_prefix("csrf mask "))
            .unwrap();
        let secret = CsrfSecret::parse("abcdefghijklmnopqrstuvwxyz012345").unwrap();
        let mask: Vec<u8> = (token.bytes().take(32))
            .flat_map(|byte| (position(byte).unwrap() as u32).to_le_bytes())
            .collect();
        assert_eq!(secret.mask(&mask.try_into().unwrap()), token);
    }

    proptest! {
        #[test]
        fn any_mask_comes_off(
            seed in prop::array::uniform32(any::<u32>()),
            mask in prop::array::uniform32(any::<u32>()),
        ) {
            let [seed, mask]: [[u8; CSRF_RANDOM_BYTES]; 2] = [seed, mask]
                .map(|words| words.map(u32::to_le_bytes).as_flattened().try_into().unwrap());
            let secret = CsrfSecret::generate(&seed);
            let token = secret.mask(&mask);
            prop_assert_eq!(token.len(), 64);
            let unmasked = CsrfSecret::parse(&token).unwrap();
            prop_assert_eq!(unmasked.as_str(), secret.as_str());
            prop_assert_eq!(secret.does_token_match(&token), Ok(true));
            prop_assert_eq!(secret.does_token_match(secret.as_str()), Ok(true));
            let shown = format!("{secret:?}");
            prop_assert!(!shown.contains(secret.as_str()));
        }

        #[test]
        fn any_text_has_an_answer(text: String, tokens in "[a-zA-Z0-9é]{32}|[a-zA-Z0-9]{64}") {
            let _ = CsrfSecret::parse(&text);
            let _ = CsrfSecret::parse(&tokens);
        }
    }
}
