//! The keys that sign and verify: [`Keys`].

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha384, Sha512};
use thiserror::Error;

use super::Algorithm;

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

/// Why a key cannot be used, or should not.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// A secret shorter than 256 bits (RFC 7518 §3.2).
    #[error(
        "the signing key has {bytes} bytes; HMAC needs at least {minimum} (RFC 7518 §3.2). Make one with: openssl rand -base64 48"
    )]
    Weak {
        /// Its length.
        bytes: usize,
        /// The least that is enough.
        minimum: usize,
    },
    /// A PEM, SSH or JWK key, whose text must not serve as a secret: public keys are public.
    #[error(
        "the signing key is an asymmetric key, a certificate or a JWK, which must not be used as an HMAC secret"
    )]
    NotASecret,
}

impl Keys {
    /// The keys of `algorithm`: with HMAC the signing key verifies too, and `verifying_key` is not read.
    ///
    /// A weak secret is taken, so that what Django signed can be read; a server asks
    /// [`check_strength`](super::check_strength) at its start.
    ///
    /// # Errors
    /// None with HMAC, which takes any bytes; keys of other algorithms can be malformed.
    pub fn new(algorithm: Algorithm, signing_key: &[u8], verifying_key: &[u8]) -> Result<Self, KeyError> {
        let _ = verifying_key;
        Ok(Self::hmac(algorithm, signing_key))
    }

    /// The keys of HS256, SimpleJWT's default algorithm.
    #[must_use]
    pub fn hs256(secret: &[u8]) -> Self {
        Self::hmac(Algorithm::Hs256, secret)
    }

    fn hmac(algorithm: Algorithm, secret: &[u8]) -> Self {
        let key = HmacKey::new(algorithm, secret);
        Self {
            signing: SigningKey::Hmac(key.clone()),
            verifying: VerifyingKey::Hmac(key),
        }
    }
}

/// A key that signs; its `Debug` shows the algorithm only.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SigningKey {
    /// A shared secret.
    Hmac(HmacKey),
}

impl SigningKey {
    /// The algorithm it signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Hmac(key) => key.algorithm(),
        }
    }

    /// The signature of `message`.
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Hmac(key) => key.sign(message),
        }
    }
}

/// A key that verifies; its `Debug` shows the algorithm only.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum VerifyingKey {
    /// A shared secret.
    Hmac(HmacKey),
}

impl VerifyingKey {
    /// The one algorithm it accepts, whatever a token's header says (RFC 8725 §3.1).
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Hmac(key) => key.algorithm(),
        }
    }

    /// Whether `signature` is that of `message`, compared in constant time.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Hmac(key) => key.verifies(message, signature),
        }
    }
}

/// A secret in HMAC's keyed state, cloned for each use: the key is hashed once, and not kept.
#[derive(Clone)]
pub struct HmacKey(State);

#[derive(Clone)]
enum State {
    Sha256(Hmac<Sha256>),
    Sha384(Hmac<Sha384>),
    Sha512(Hmac<Sha512>),
}

impl HmacKey {
    fn new(algorithm: Algorithm, secret: &[u8]) -> Self {
        Self(match algorithm {
            Algorithm::Hs256 => State::Sha256(keyed(secret)),
            Algorithm::Hs384 => State::Sha384(keyed(secret)),
            Algorithm::Hs512 => State::Sha512(keyed(secret)),
        })
    }

    fn algorithm(&self) -> Algorithm {
        match self.0 {
            State::Sha256(_) => Algorithm::Hs256,
            State::Sha384(_) => Algorithm::Hs384,
            State::Sha512(_) => Algorithm::Hs512,
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.0 {
            State::Sha256(mac) => sign(mac, message),
            State::Sha384(mac) => sign(mac, message),
            State::Sha512(mac) => sign(mac, message),
        }
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            State::Sha256(mac) => verifies(mac, message, signature),
            State::Sha384(mac) => verifies(mac, message, signature),
            State::Sha512(mac) => verifies(mac, message, signature),
        }
    }
}

impl fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HmacKey({}, …)", self.algorithm())
    }
}

fn keyed<M: KeyInit>(secret: &[u8]) -> M {
    M::new_from_slice(secret).expect("HMAC takes a key of any length")
}

fn sign<M: Mac + Clone>(mac: &M, message: &[u8]) -> Vec<u8> {
    mac.clone().chain_update(message).finalize().into_bytes().to_vec()
}

fn verifies<M: Mac + Clone>(mac: &M, message: &[u8], signature: &[u8]) -> bool {
    mac.clone().chain_update(message).verify_slice(signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

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
        for algorithm in Algorithm::ALL {
            let keys = Keys::new(algorithm, b"", b"ignored").unwrap();
            let signature = keys.signing.sign(b"message");
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
}
