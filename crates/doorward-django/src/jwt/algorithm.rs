//! The names of the signature algorithms: [`Algorithm`].

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// An algorithm that signs tokens, by its name in RFC 7518 §3.1, RFC 8037 §3.1 and RFC 8812 §3.2.
///
/// Those that sign with a key pair need the feature `asymmetric`, which is on by default.
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
    /// RSA with PKCS #1 v1.5 padding and SHA-256.
    Rs256,
    /// RSA with PKCS #1 v1.5 padding and SHA-384.
    Rs384,
    /// RSA with PKCS #1 v1.5 padding and SHA-512.
    Rs512,
    /// RSA with PSS padding and SHA-256.
    Ps256,
    /// RSA with PSS padding and SHA-384.
    Ps384,
    /// RSA with PSS padding and SHA-512.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// ECDSA on secp256k1 with SHA-256.
    Es256k,
    /// EdDSA on edwards25519.
    EdDsa,
}

/// Why a name is not that of a usable algorithm.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum AlgorithmError {
    /// No algorithm that SimpleJWT knows. Source: `TokenBackend._validate_algorithm`.
    #[error("Unrecognized algorithm type '{0}'")]
    Unrecognized(String),
    /// PyJWT's old name for another one, which only old versions of it understand.
    #[error("Algorithm type 'ES521' is an old name of ES512: use that")]
    Renamed,
    /// One that this build leaves out.
    #[error("Algorithm type '{0}' is not in this build: switch on the feature `asymmetric`")]
    NotInThisBuild(Algorithm),
}

impl Algorithm {
    /// Every algorithm of this build, the default first.
    pub const ALL: &'static [Self] = if cfg!(feature = "asymmetric") {
        &EVERY
    } else {
        EVERY.split_at(3).0
    };

    /// The value of `alg` in a token's header. It is compared letter by letter: `hs256` is another name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::Es256k => "ES256K",
            Self::EdDsa => "EdDSA",
        }
    }

    /// Whether one secret both signs and verifies; the others have a private and a public key.
    #[must_use]
    pub const fn is_hmac(self) -> bool {
        matches!(self, Self::Hs256 | Self::Hs384 | Self::Hs512)
    }

    /// The header of our own tokens, `{"alg":"…","typ":"JWT"}` as PyJWT sorts it, in base64url.
    pub(super) const fn header_segment(self) -> &'static str {
        match self {
            Self::Hs256 => "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
            Self::Hs384 => "eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9",
            Self::Hs512 => "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9",
            Self::Rs256 => "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9",
            Self::Rs384 => "eyJhbGciOiJSUzM4NCIsInR5cCI6IkpXVCJ9",
            Self::Rs512 => "eyJhbGciOiJSUzUxMiIsInR5cCI6IkpXVCJ9",
            Self::Ps256 => "eyJhbGciOiJQUzI1NiIsInR5cCI6IkpXVCJ9",
            Self::Ps384 => "eyJhbGciOiJQUzM4NCIsInR5cCI6IkpXVCJ9",
            Self::Ps512 => "eyJhbGciOiJQUzUxMiIsInR5cCI6IkpXVCJ9",
            Self::Es256 => "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9",
            Self::Es384 => "eyJhbGciOiJFUzM4NCIsInR5cCI6IkpXVCJ9",
            Self::Es512 => "eyJhbGciOiJFUzUxMiIsInR5cCI6IkpXVCJ9",
            Self::Es256k => "eyJhbGciOiJFUzI1NksiLCJ0eXAiOiJKV1QifQ",
            Self::EdDsa => "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9",
        }
    }
}

/// Those with HMAC first: a build may have them alone.
const EVERY: [Algorithm; 14] = [
    Algorithm::Hs256,
    Algorithm::Hs384,
    Algorithm::Hs512,
    Algorithm::Rs256,
    Algorithm::Rs384,
    Algorithm::Rs512,
    Algorithm::Ps256,
    Algorithm::Ps384,
    Algorithm::Ps512,
    Algorithm::Es256,
    Algorithm::Es384,
    Algorithm::Es512,
    Algorithm::Es256k,
    Algorithm::EdDsa,
];

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = AlgorithmError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let known = EVERY.into_iter().find(|algorithm| algorithm.name() == name);
        match known {
            Some(algorithm) if Self::ALL.contains(&algorithm) => Ok(algorithm),
            Some(algorithm) => Err(AlgorithmError::NotInThisBuild(algorithm)),
            None if name == "ES521" => Err(AlgorithmError::Renamed),
            None => Err(AlgorithmError::Unrecognized(name.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    #[test]
    fn header_segments_say_their_algorithm() {
        for algorithm in EVERY {
            let json = format!(r#"{{"alg":"{algorithm}","typ":"JWT"}}"#);
            assert_eq!(algorithm.header_segment(), URL_SAFE_NO_PAD.encode(json));
        }
    }

    #[test]
    fn names_are_exact() {
        for name in ["", "none", "hs256", "HS256 ", "HS1", "ＨＳ256", "EDDSA", "Es256"] {
            let refused = AlgorithmError::Unrecognized(name.to_owned());
            assert_eq!(name.parse::<Algorithm>(), Err(refused), "{name}");
        }
        assert_eq!("ES521".parse::<Algorithm>(), Err(AlgorithmError::Renamed));
    }

    #[test]
    fn a_build_knows_what_it_was_built_with() {
        for algorithm in EVERY {
            let read = algorithm.name().parse();
            let known = algorithm.is_hmac() || cfg!(feature = "asymmetric");
            let missing = AlgorithmError::NotInThisBuild(algorithm);
            assert_eq!(read, if known { Ok(algorithm) } else { Err(missing) });
        }
    }
}
