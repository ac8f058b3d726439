use super::{Credentials, credentials};

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
/// assert_eq!(token, "401f7ac8");
/// ```
///
/// # Errors
///
/// The [`TokenHeaderError`] that DRF would tell.
pub fn header_token<'header>(
    header: &'header [u8],
    keyword: &str,
) -> Result<Option<&'header str>, TokenHeaderError> {
    match credentials(header, |scheme| scheme.eq_ignore_ascii_case(keyword.as_bytes())) {
        None => Ok(None),
        Some(Credentials::None) => Err(TokenHeaderError::NoCredentials),
        Some(Credentials::Several) => Err(TokenHeaderError::Spaces),
        Some(Credentials::One(word)) => match str::from_utf8(word) {
            Ok(token) => Ok(Some(token)),
            Err(_) => Err(TokenHeaderError::InvalidCharacters),
        },
    }
}
