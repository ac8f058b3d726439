use super::{Credentials, split};
use crate::secret::Secret;

/// Why a token header is refused; its text is DRF's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenHeaderError {
    /// The keyword stands alone.
    #[error("Invalid token header. No credentials provided.")]
    NoCredentials,
    /// More than one word follows the keyword.
    #[error("Invalid token header. Token string should not contain spaces.")]
    Spaces,
    /// The word is not UTF-8.
    #[error("Invalid token header. Token string should not contain invalid characters.")]
    InvalidCharacters,
}

/// The token in an `Authorization` header; `Ok(None)` where its scheme is not `keyword`, in any case.
///
/// Source: `rest_framework.authentication.TokenAuthentication.authenticate`.
///
/// ```
/// use doorward_django::authorization::header_token;
///
/// let token = header_token(b"token 401f7ac8", "Token").unwrap().unwrap();
/// assert_eq!(token.expose(), "401f7ac8");
/// ```
///
/// # Errors
///
/// The [`TokenHeaderError`] that DRF would tell.
pub fn header_token(header: &[u8], keyword: &str) -> Result<Option<Secret<String>>, TokenHeaderError> {
    match split(header) {
        Some((scheme, credentials)) if scheme.eq_ignore_ascii_case(keyword.as_bytes()) => match credentials {
            Credentials::None => Err(TokenHeaderError::NoCredentials),
            Credentials::Several => Err(TokenHeaderError::Spaces),
            Credentials::One(word) => decode(word).map(Some),
        },
        _ => Ok(None),
    }
}

fn decode(word: &[u8]) -> Result<Secret<String>, TokenHeaderError> {
    let text = str::from_utf8(word).map_err(|_| TokenHeaderError::InvalidCharacters)?;
    Ok(Secret::new(text.to_owned()))
}
