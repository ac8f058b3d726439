use super::{Credentials, credentials};

/// The header's scheme is a JWT's, but not exactly one word follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Authorization header must contain two space-delimited values")]
pub struct BadAuthorizationHeader;

impl BadAuthorizationHeader {
    /// The code beside the text in SimpleJWT's answer.
    pub const CODE: &'static str = "bad_authorization_header";
}

/// The raw JWT in an `Authorization` header; `Ok(None)` where its scheme is none of `header_types`.
///
/// A scheme's case does not matter (RFC 9110 §11.1), though it does to SimpleJWT.
/// Source: `rest_framework_simplejwt.authentication.JWTAuthentication.get_raw_token`.
///
/// ```
/// use doorward_django::authorization::bearer_token;
///
/// assert_eq!(bearer_token(b"bearer a.b.c", &["Bearer", "JWT"]), Ok(Some(b"a.b.c".as_slice())));
/// assert_eq!(bearer_token(b"Basic YTpi", &["Bearer", "JWT"]), Ok(None));
/// ```
///
/// # Errors
///
/// [`BadAuthorizationHeader`] where nothing, or more than one word, follows the scheme.
pub fn bearer_token<'header>(
    header: &'header [u8],
    header_types: &[impl AsRef<str>],
) -> Result<Option<&'header [u8]>, BadAuthorizationHeader> {
    let is_own = |scheme: &[u8]| {
        header_types
            .iter()
            .any(|header_type| header_type.as_ref().as_bytes().eq_ignore_ascii_case(scheme))
    };
    match credentials(header, is_own) {
        None => Ok(None),
        Some(Credentials::One(word)) => Ok(Some(word)),
        Some(Credentials::None | Credentials::Several) => Err(BadAuthorizationHeader),
    }
}
