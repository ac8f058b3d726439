//! Why a key cannot be used: [`KeyError`], [`SignError`].

use std::fmt;

use thiserror::Error;

use super::Algorithm;

/// Why a key cannot be used, or should not; shown, it says what to do.
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
    /// The algorithm signs with a key pair, which this build cannot do.
    #[error("{0} is not in this build: switch on the feature `asymmetric`")]
    NotInThisBuild(Algorithm),
    /// Neither a key that signs nor one that verifies.
    #[error("{algorithm} needs a private key to sign with, or at least a public key to verify with. {}", advice(*algorithm))]
    Missing {
        /// What the key is for.
        algorithm: Algorithm,
    },
    /// No PEM (RFC 7468), or none that can be read.
    #[error(
        "the {0} key is not one key in PEM, the text from `-----BEGIN …-----` to `-----END …-----` (RFC 7468)"
    )]
    NotPem(KeyRole),
    /// PEM under a pass phrase.
    #[error("the {0} key is encrypted: decrypt it with: openssl pkey -in key.pem -out plain.pem")]
    Encrypted(KeyRole),
    /// A certificate, where a bare key is wanted.
    #[error(
        "the {0} key is a certificate: take the key out of it with: openssl x509 -in cert.pem -pubkey -noout"
    )]
    Certificate(KeyRole),
    /// A public key, where the private one is wanted.
    #[error("the signing key is a public key, which can only verify: give the private one")]
    NotPrivate,
    /// A private key, where the public one is wanted: who only verifies should not be able to sign.
    #[error(
        "the verifying key is a private key: leave it out, or give the public one: openssl pkey -in key.pem -pubout"
    )]
    NotPublic,
    /// A key of another kind than the algorithm's.
    #[error("{algorithm} needs {}, and the {role} key is {found}. {}", algorithm.needs(), advice(*algorithm))]
    WrongKind {
        /// Which key.
        role: KeyRole,
        /// What it is for.
        algorithm: Algorithm,
        /// What it is: `an EC key on P-384`.
        found: String,
    },
    /// An RSA key that is too short to be safe (RFC 7518 §3.3), or too long to be of use.
    #[error(
        "the {role} key is an RSA key of {bits} bits; from 2048 to 8192 are good. {}",
        advice(Algorithm::Rs256)
    )]
    RsaSize {
        /// Which key.
        role: KeyRole,
        /// The length of its modulus.
        bits: usize,
    },
    /// What should be the key has not the form of one, or its numbers are not those of a key.
    #[error("the {0} key is damaged, or has a form that is not known (compressed points, several primes)")]
    Malformed(KeyRole),
    /// Tokens signed with the one would be refused by the other.
    #[error("the verifying key is not the public half of the signing key: leave it out, and it is derived")]
    Mismatch,
}

/// Which of the two keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyRole {
    /// The one that signs.
    Signing,
    /// The one that verifies.
    Verifying,
}

/// Why a token could not be signed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// There is only a key that verifies.
    #[error("there is no key to sign {0} tokens with: they are only verified here")]
    VerifiesOnly(Algorithm),
    /// The library failed, as for want of memory.
    #[error("signing with {0} failed")]
    Failed(Algorithm),
}

impl KeyError {
    /// Which key is at fault; the signing key where both are.
    #[must_use]
    pub fn role(&self) -> KeyRole {
        match self {
            Self::NotPem(role) | Self::Encrypted(role) | Self::Certificate(role) | Self::Malformed(role) => {
                *role
            }
            Self::WrongKind { role, .. } | Self::RsaSize { role, .. } => *role,
            Self::NotPublic | Self::Mismatch => KeyRole::Verifying,
            _ => KeyRole::Signing,
        }
    }
}

impl fmt::Display for KeyRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Signing => "signing",
            Self::Verifying => "verifying",
        })
    }
}

impl Algorithm {
    const fn needs(self) -> &'static str {
        match self {
            Self::Hs256 | Self::Hs384 | Self::Hs512 => "a secret",
            Self::Rs256 | Self::Rs384 | Self::Rs512 | Self::Ps256 | Self::Ps384 | Self::Ps512 => "an RSA key",
            Self::Es256 => "an EC key on P-256",
            Self::Es384 => "an EC key on P-384",
            Self::Es512 => "an EC key on P-521",
            Self::Es256k => "an EC key on secp256k1",
            Self::EdDsa => "an Ed25519 key",
        }
    }
}

/// How to make a key for that algorithm.
const fn advice(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Hs256 | Algorithm::Hs384 | Algorithm::Hs512 => "Make one with: openssl rand -base64 48",
        Algorithm::Es256 => "Make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
        Algorithm::Es384 => "Make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384",
        Algorithm::Es512 => "Make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521",
        Algorithm::Es256k => {
            "Make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1"
        }
        Algorithm::EdDsa => "Make one with: openssl genpkey -algorithm ED25519",
        _ => "Make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072",
    }
}
