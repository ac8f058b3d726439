use std::fmt;

use super::InvalidTokenFormat;

/// Why a request is rejected; its text is Django's, which DRF puts after `CSRF Failed: `.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RejectReason {
    /// The Origin is neither this site nor a trusted one.
    #[error("Origin checking failed - {0} does not match any trusted origins.")]
    BadOrigin(String),
    /// Over HTTPS, with neither Origin nor Referer.
    #[error("Referer checking failed - no Referer.")]
    NoReferer,
    /// The Referer is no address with scheme and host.
    #[error("Referer checking failed - Referer is malformed.")]
    MalformedReferer,
    /// The Referer is not HTTPS, but the request is.
    #[error("Referer checking failed - Referer is insecure while host is secure.")]
    InsecureReferer,
    /// The Referer is neither this site nor a trusted one.
    #[error("Referer checking failed - {0} does not match any trusted origins.")]
    BadReferer(String),
    /// The browser says that another site's page asks, and not which one.
    #[error("Sec-Fetch-Site checking failed - the request comes from another site.")]
    CrossSite,
    /// There is no secret to compare with.
    #[error("CSRF cookie not set.")]
    NoCookie,
    /// The cookie can hold no secret.
    #[error("CSRF cookie {0}.")]
    BadCookie(InvalidTokenFormat),
    /// Neither the form nor the header repeats the secret.
    #[error("CSRF token missing.")]
    TokenMissing,
    /// What the form or the header holds does not repeat the secret.
    #[error("CSRF token from {from} {problem}.")]
    BadToken {
        /// Where the token was found.
        from: TokenSource,
        /// What is wrong with it.
        problem: TokenProblem,
    },
}

/// Where a token was found; it completes the sentence "CSRF token from …".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenSource {
    /// The field of a posted form.
    Post,
    /// The header of this name.
    Header(String),
}

impl fmt::Display for TokenSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Post => formatter.write_str("POST"),
            Self::Header(name) => write!(formatter, "the '{}' HTTP header", title(name)),
        }
    }
}

/// What is wrong with a token; it completes the sentence "CSRF token from POST …".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenProblem {
    /// It can be no token.
    #[error(transparent)]
    Format(#[from] InvalidTokenFormat),
    /// It repeats another secret.
    #[error("incorrect")]
    Incorrect,
}

/// Python's `str.title`, which Django shows header names in: `X-Csrftoken`.
fn title(name: &str) -> String {
    let mut is_inside_word = false;
    let titled = name.chars().map(|character| {
        let cased = if is_inside_word {
            character.to_ascii_lowercase()
        } else {
            character.to_ascii_uppercase()
        };
        is_inside_word = character.is_ascii_alphabetic();
        cased
    });
    titled.collect()
}
