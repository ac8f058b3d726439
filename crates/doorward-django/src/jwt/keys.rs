//! The keys that sign and verify: [`Keys`].

use serde_json::Value;

use super::{Algorithm, HmacKey, KeyError, SignError};
#[cfg(feature = "asymmetric")]
use super::{PrivateKey, PublicKey};

/// The key that signs and the one that verifies, ready for use.
///
/// Where SimpleJWT has `TokenBackend(algorithm, signing_key, verifying_key)`.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Signs the tokens we issue.
    pub signing: SigningKey,
    /// Verifies the tokens we are shown.
    pub verifying: VerifyingKey,
}

impl Keys {
    /// The keys of `algorithm`.
    ///
    /// With HMAC the signing key is a secret that verifies too, and `verifying_key` is not read. A weak secret
    /// is taken, so that what Django signed can be read; a server asks
    /// [`check_strength`](super::check_strength) at its start.
    ///
    /// With the others both are PEM: a private key (PKCS #8, PKCS #1 or SEC 1) and its public half. A public key
    /// that is left empty is derived from the private one; without a private key tokens are only verified.
    ///
    /// # Errors
    /// None with HMAC, which takes any bytes; keys of other algorithms can be missing, malformed, weak, of the
    /// wrong kind or not each other's.
    pub fn new(algorithm: Algorithm, signing_key: &[u8], verifying_key: &[u8]) -> Result<Self, KeyError> {
        match HmacKey::new(algorithm, signing_key) {
            Some(key) => Ok(Self::hmac(key)),
            None => Self::key_pair(algorithm, signing_key, verifying_key),
        }
    }

    /// The keys of HS256, SimpleJWT's default algorithm.
    #[must_use]
    pub fn hs256(secret: &[u8]) -> Self {
        Self::hmac(HmacKey::hs256(secret))
    }

    fn hmac(key: HmacKey) -> Self {
        Self {
            signing: SigningKey::Hmac(key.clone()),
            verifying: VerifyingKey::Hmac(key),
        }
    }

    #[cfg(not(feature = "asymmetric"))]
    fn key_pair(algorithm: Algorithm, _: &[u8], _: &[u8]) -> Result<Self, KeyError> {
        Err(KeyError::NotInThisBuild(algorithm))
    }

    #[cfg(feature = "asymmetric")]
    fn key_pair(algorithm: Algorithm, signing_key: &[u8], verifying_key: &[u8]) -> Result<Self, KeyError> {
        let private = given(signing_key)
            .map(|pem| PrivateKey::from_pem(algorithm, pem))
            .transpose()?;
        let public = given(verifying_key)
            .map(|pem| PublicKey::from_pem(algorithm, pem))
            .transpose()?;
        match (private, public) {
            (None, None) => Err(KeyError::Missing { algorithm }),
            (None, Some(public)) => Ok(Self::verifying_only(public)),
            (Some(private), Some(public)) if *private.public_key() != public => Err(KeyError::Mismatch),
            (Some(private), _) => Ok(Self::of_pair(private)),
        }
    }

    #[cfg(feature = "asymmetric")]
    fn of_pair(private: PrivateKey) -> Self {
        Self {
            verifying: VerifyingKey::Public(private.public_key().clone()),
            signing: SigningKey::Private(private),
        }
    }

    #[cfg(feature = "asymmetric")]
    fn verifying_only(public: PublicKey) -> Self {
        Self {
            signing: SigningKey::VerifiesOnly(public.algorithm()),
            verifying: VerifyingKey::Public(public),
        }
    }
}

/// The key, unless there is only white space, as a setting has it that was left empty.
#[cfg(feature = "asymmetric")]
fn given(key: &[u8]) -> Option<&[u8]> {
    Some(key).filter(|key| !key.trim_ascii().is_empty())
}

/// A key that signs; its `Debug` shows nothing secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[cfg_attr(
    not(feature = "asymmetric"),
    expect(
        clippy::large_enum_variant,
        reason = "there is one such key, and it is used for every token"
    )
)]
pub enum SigningKey {
    /// A shared secret.
    Hmac(HmacKey),
    /// The private key of a pair.
    #[cfg(feature = "asymmetric")]
    Private(PrivateKey),
    /// None: tokens of this algorithm are verified, and never issued.
    VerifiesOnly(Algorithm),
}

impl SigningKey {
    /// The algorithm it signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Hmac(key) => key.algorithm(),
            #[cfg(feature = "asymmetric")]
            Self::Private(key) => key.algorithm(),
            Self::VerifiesOnly(algorithm) => *algorithm,
        }
    }

    /// The signature of `message`.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        match self {
            Self::Hmac(key) => Ok(key.sign(message)),
            #[cfg(feature = "asymmetric")]
            Self::Private(key) => key.sign(message),
            Self::VerifiesOnly(algorithm) => Err(SignError::VerifiesOnly(*algorithm)),
        }
    }
}

/// A key that verifies; its `Debug` shows nothing secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum VerifyingKey {
    /// A shared secret.
    Hmac(HmacKey),
    /// The public key of a pair.
    #[cfg(feature = "asymmetric")]
    Public(PublicKey),
}

impl VerifyingKey {
    /// The one algorithm it accepts, whatever a token's header says (RFC 8725 §3.1).
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Hmac(key) => key.algorithm(),
            #[cfg(feature = "asymmetric")]
            Self::Public(key) => key.algorithm(),
        }
    }

    /// The JWK to publish (RFC 7517); `None` for a shared secret, which must never be.
    ///
    /// Its `kid` is the [`thumbprint`](Self::thumbprint).
    #[must_use]
    pub fn to_jwk(&self) -> Option<Value> {
        match self {
            Self::Hmac(_) => None,
            #[cfg(feature = "asymmetric")]
            Self::Public(key) => Some(key.to_jwk()),
        }
    }

    /// The RFC 7638 thumbprint with SHA-256, in base64url; `None` for a shared secret.
    #[must_use]
    pub fn thumbprint(&self) -> Option<String> {
        match self {
            Self::Hmac(_) => None,
            #[cfg(feature = "asymmetric")]
            Self::Public(key) => Some(key.thumbprint()),
        }
    }

    /// Whether `signature` is that of `message`; a shared secret compares in constant time.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Hmac(key) => key.verifies(message, signature),
            #[cfg(feature = "asymmetric")]
            Self::Public(key) => key.verifies(message, signature),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HMAC: [Algorithm; 3] = [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512];

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", Keys::hs256(b"canary-canary"));
        assert!(
            !shown.contains("canary") && shown.contains("HmacKey(HS256, …)"),
            "{shown}"
        );
    }

    #[test]
    fn a_signature_verifies_whole_or_not_at_all() {
        for algorithm in HMAC {
            let keys = Keys::new(algorithm, b"", b"ignored").unwrap();
            let signature = keys.signing.sign(b"message").unwrap();
            assert!(keys.verifying.verifies(b"message", &signature));
            assert!(!keys.verifying.verifies(b"messagf", &signature));
            assert!(!keys.verifying.verifies(b"message", &signature[1..]));
            assert!(
                !keys
                    .verifying
                    .verifies(b"message", &[signature.as_slice(), b"\0"].concat())
            );
            assert!(!keys.verifying.verifies(b"message", b""));
        }
    }

    #[test]
    fn a_shared_secret_is_never_published() {
        for algorithm in HMAC {
            let keys = Keys::new(algorithm, b"secret", b"").unwrap();
            assert_eq!(keys.verifying.to_jwk(), None);
            assert_eq!(keys.verifying.thumbprint(), None);
        }
    }
}
