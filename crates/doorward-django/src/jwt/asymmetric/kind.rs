//! What kind of key it is, by its object identifiers (RFC 3279, RFC 5480, RFC 8410).

use std::fmt;

use super::der::{Der, OBJECT_IDENTIFIER};
use crate::jwt::{Algorithm, KeyError, KeyRole};

/// A curve of RFC 7518 §6.2.1.1 or RFC 8812 §3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Curve {
    P256,
    P384,
    P521,
    Secp256k1,
}

/// A kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Rsa,
    /// RSA, for PSS alone.
    RsaPss,
    Ec(Curve),
    /// On a curve of another name, or of none.
    EcElsewhere,
    Ed25519,
    Ed448,
    Unknown,
}

impl Kind {
    /// The kind that an `AlgorithmIdentifier` names (RFC 5280 §4.1.1.2).
    pub(super) fn of(mut identifier: Der<'_>) -> Option<Self> {
        Some(match identifier.next(OBJECT_IDENTIFIER)? {
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" => Self::Rsa,
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a" => Self::RsaPss,
            b"\x2a\x86\x48\xce\x3d\x02\x01" => Self::on_curve(identifier),
            b"\x2b\x65\x70" => Self::Ed25519,
            b"\x2b\x65\x71" => Self::Ed448,
            _ => Self::Unknown,
        })
    }

    /// An EC key, with its parameters (RFC 5480 §2.1.1).
    pub(super) fn on_curve(mut parameters: Der<'_>) -> Self {
        match parameters.next(OBJECT_IDENTIFIER) {
            Some(b"\x2a\x86\x48\xce\x3d\x03\x01\x07") => Self::Ec(Curve::P256),
            Some(b"\x2b\x81\x04\x00\x22") => Self::Ec(Curve::P384),
            Some(b"\x2b\x81\x04\x00\x23") => Self::Ec(Curve::P521),
            Some(b"\x2b\x81\x04\x00\x0a") => Self::Ec(Curve::Secp256k1),
            _ => Self::EcElsewhere,
        }
    }

    /// Refuses a key that is not of the algorithm's kind.
    pub(super) fn check(self, algorithm: Algorithm, role: KeyRole) -> Result<(), KeyError> {
        if Self::needed(algorithm) == Some(self) {
            return Ok(());
        }
        Err(wrong_kind(algorithm, role, &self))
    }

    fn needed(algorithm: Algorithm) -> Option<Self> {
        match algorithm {
            Algorithm::Hs256 | Algorithm::Hs384 | Algorithm::Hs512 => None,
            Algorithm::Es256 => Some(Self::Ec(Curve::P256)),
            Algorithm::Es384 => Some(Self::Ec(Curve::P384)),
            Algorithm::Es512 => Some(Self::Ec(Curve::P521)),
            Algorithm::Es256k => Some(Self::Ec(Curve::Secp256k1)),
            Algorithm::EdDsa => Some(Self::Ed25519),
            _ => Some(Self::Rsa),
        }
    }
}

/// The refusal of a key that is `found`; none with a key pair can be a secret.
pub(super) fn wrong_kind(algorithm: Algorithm, role: KeyRole, found: &dyn fmt::Display) -> KeyError {
    if algorithm.is_hmac() {
        return KeyError::NotASecret;
    }
    KeyError::WrongKind {
        role,
        algorithm,
        found: found.to_string(),
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa => f.write_str("an RSA key"),
            Self::RsaPss => f.write_str("an RSA key bound to PSS (id-RSASSA-PSS)"),
            Self::Ec(curve) => write!(f, "an EC key on {}", curve.name()),
            Self::EcElsewhere => f.write_str("an EC key on another curve"),
            Self::Ed25519 => f.write_str("an Ed25519 key"),
            Self::Ed448 => f.write_str("an Ed448 key"),
            Self::Unknown => f.write_str("of another kind"),
        }
    }
}

impl Curve {
    /// The value of `crv` in a JWK.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Secp256k1 => "secp256k1",
        }
    }

    /// The length of a coordinate in bytes.
    pub(super) const fn size(self) -> usize {
        match self {
            Self::P256 | Self::Secp256k1 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    pub(super) fn of(algorithm: Algorithm) -> Option<Self> {
        match Kind::needed(algorithm) {
            Some(Kind::Ec(curve)) => Some(curve),
            _ => None,
        }
    }
}
