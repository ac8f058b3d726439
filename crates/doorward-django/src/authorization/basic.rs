use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, PAD};
use zeroize::Zeroizing;

use super::{Credentials, credentials};
use crate::secret::Secret;

/// Junk is refused, where Python drops it; stray last bits are let pass, as they are there.
const BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, PAD.with_decode_allow_trailing_bits(true));

/// A name and a password, as RFC 7617 sends them.
///
/// ```
/// use doorward_django::authorization::BasicCredentials;
///
/// let credentials = BasicCredentials::parse(b"Basic YWxpY2U6aHVudGVyOjI=").unwrap().unwrap();
/// assert_eq!(credentials.username, "alice");
/// assert_eq!(credentials.password.expose(), "hunter:2");
/// assert!(BasicCredentials::parse(b"Token abc").unwrap().is_none());
/// ```
#[derive(Clone, Debug)]
pub struct BasicCredentials {
    /// All before the first colon.
    pub username: String,
    /// All after the first colon, colons included.
    pub password: Secret<String>,
}

/// Why a Basic header is refused; its text is DRF's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BasicHeaderError {
    /// The scheme stands alone.
    #[error("Invalid basic header. No credentials provided.")]
    NoCredentials,
    /// More than one word follows the scheme.
    #[error("Invalid basic header. Credentials string should not contain spaces.")]
    Spaces,
    /// The word is not padded base64, or there is no colon in it.
    #[error("Invalid basic header. Credentials not correctly base64 encoded.")]
    Encoding,
}

impl BasicCredentials {
    /// Reads an `Authorization` header; `Ok(None)` where its scheme is not Basic, in any case.
    ///
    /// The bytes are UTF-8, or else Latin-1. Source: `BasicAuthentication.authenticate`.
    ///
    /// # Errors
    ///
    /// The [`BasicHeaderError`] that DRF would tell.
    pub fn parse(header: &[u8]) -> Result<Option<Self>, BasicHeaderError> {
        match credentials(header, |scheme| scheme.eq_ignore_ascii_case(b"basic")) {
            None => Ok(None),
            Some(Credentials::None) => Err(BasicHeaderError::NoCredentials),
            Some(Credentials::Several) => Err(BasicHeaderError::Spaces),
            Some(Credentials::One(word)) => Self::decode(word).map(Some).ok_or(BasicHeaderError::Encoding),
        }
    }

    fn decode(word: &[u8]) -> Option<Self> {
        let bytes = Zeroizing::new(BASE64.decode(word).ok()?);
        let text = Zeroizing::new(match str::from_utf8(&bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
        });
        let (username, password) = text.split_once(':')?;
        Some(Self {
            username: username.to_owned(),
            password: Secret::new(password.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header(user_pass: &[u8]) -> Vec<u8> {
        format!("Basic {}", BASE64.encode(user_pass)).into_bytes()
    }

    #[test]
    fn debug_shows_no_password() {
        let credentials = BasicCredentials::parse(&header(b"alice:canary"))
            .unwrap()
            .unwrap();
        let shown = format!("{credentials:?}");
        assert!(shown.contains("alice") && !shown.contains("canary"), "{shown}");
    }

    #[test]
    fn junk_inside_the_base64_is_refused() {
        for word in [
            "YWJj*#",
            "YTpi*",
            "YTpi-_",
            "YTpi=",
            "YTpi====",
            "YQ==YTpi",
            "YTo",
            "YTo=\u{a0}",
        ] {
            let header = format!("Basic {word}");
            let error = BasicCredentials::parse(header.as_bytes()).unwrap_err();
            assert_eq!(error, BasicHeaderError::Encoding, "{word}");
        }
    }

    proptest! {
        #[test]
        fn credentials_read_back(username in "[^:]*", password: String) {
            let parsed = BasicCredentials::parse(&header(format!("{username}:{password}").as_bytes()));
            let credentials = parsed.unwrap().unwrap();
            prop_assert_eq!(credentials.username, username);
            prop_assert_eq!(credentials.password.expose(), &password);
        }

        #[test]
        fn any_decoded_bytes_have_an_answer(bytes: Vec<u8>) {
            let parsed = BasicCredentials::parse(&header(&bytes));
            prop_assert_eq!(parsed.is_ok(), bytes.contains(&b':'));
        }
    }
}
