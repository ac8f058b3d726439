//! The names of the signature algorithms: [`Algorithm`].

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// An algorithm that signs tokens, by its name in RFC 7518 §3.1.
///
/// ```
/// use doorward_django::jwt::Algorithm;
///
/// assert_eq!("HS384".parse(), Ok(Algorithm::Hs384));
/// let refused = "none".parse::<Algorithm>().unwrap_err();
/// assert_eq!(refused.to_string(), "Unrecognized algorithm type 'none'");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-256: SimpleJWT's default.
    #[default]
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
}

/// Why a name is not that of a usable algorithm.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum AlgorithmError {
    /// No algorithm that SimpleJWT knows. Source: `TokenBackend._validate_algorithm`.
    #[error("Unrecognized algorithm type '{0}'")]
    Unrecognized(String),
    /// One that SimpleJWT knows and this crate does not sign with yet.
    #[error("Algorithm type '{0}' is not supported yet")]
    NotSupportedYet(String),
}

impl Algorithm {
    /// Every algorithm, the default first.
    pub const ALL: [Self; 3] = [Self::Hs256, Self::Hs384, Self::Hs512];

    /// The value of `alg` in a token's header. It is compared letter by letter: `hs256` is another name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
        }
    }

    /// The header of our own tokens, `{"alg":"…","typ":"JWT"}` as PyJWT sorts it, in base64url.
    pub(super) const fn header_segment(self) -> &'static str {
        match self {
            Self::Hs256 => "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
            Self::Hs384 => "eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9",
            Self::Hs512 => "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = AlgorithmError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match Self::ALL.into_iter().find(|algorithm| algorithm.name() == name) {
            Some(algorithm) => Ok(algorithm),
            None if WITH_KEY_PAIRS.contains(&name) => Err(AlgorithmError::NotSupportedYet(name.to_owned())),
            None => Err(AlgorithmError::Unrecognized(name.to_owned())),
        }
    }
}

/// What SimpleJWT allows besides: `jwt.algorithms.requires_cryptography`.
const WITH_KEY_PAIRS: [&str; 12] = [
    "RS256", "RS384", "RS512", "ES256", "ES256K", "ES384", "ES521", "ES512", "PS256", "PS384", "PS512",
    "EdDSA",
];

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    #[test]
    fn header_segments_say_their_algorithm() {
        for algorithm in Algorithm::ALL {
            let json = format!(r#"{{"alg":"{algorithm}","typ":"JWT"}}"#);
            assert_eq!(algorithm.header_segment(), URL_SAFE_NO_PAD.encode(json));
        }
    }

    #[test]
    fn names_are_exact() {
        for name in ["", "none", "hs256", "HS256 ", "HS1", "ＨＳ256"] {
            let refused = AlgorithmError::Unrecognized(name.to_owned());
            assert_eq!(name.parse::<Algorithm>(), Err(refused), "{name}");
        }
        let later = "RS256".parse::<Algorithm>().unwrap_err();
        assert_eq!(later.to_string(), "Algorithm type 'RS256' is not supported yet");
    }
}
