//! The numbers of a public key, and where they stand in DER.

use aws_lc_rs::signature::{ED25519, ParsedPublicKey, RsaPublicKeyComponents};

use super::der::Der;
use super::kind::{Curve, Kind};
use super::scheme;
use crate::jwt::{Algorithm, KeyError, KeyRole};

/// What is public of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Numbers {
    /// Modulus and exponent, in big-endian bytes without zeros before them.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// A point: 4, x, y, each as long as the curve's field (SEC 1 §2.3.3).
    Ec { point: Vec<u8> },
    /// A point, as RFC 8032 §5.1.2 writes it.
    Ed25519 { point: Vec<u8> },
}

impl Numbers {
    /// Reads `RSAPublicKey` (RFC 8017 §A.1.1).
    pub(super) fn of_pkcs1(der: &[u8]) -> Option<Self> {
        let mut key = Der::of_sequence(der)?;
        let (n, e) = (key.positive()?.to_vec(), key.positive()?.to_vec());
        key.is_empty().then_some(Self::Rsa { n, e })
    }

    /// Reads the bits of a `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7).
    pub(super) fn of_info(kind: Kind, bits: &[u8]) -> Option<Self> {
        let point = bits.to_vec();
        match kind {
            Kind::Rsa => Self::of_pkcs1(bits),
            Kind::Ec(_) => Some(Self::Ec { point }),
            Kind::Ed25519 => Some(Self::Ed25519 { point }),
            _ => None,
        }
    }

    /// The key that the library verifies with, if these are the numbers of one.
    pub(super) fn parse(&self, algorithm: Algorithm, role: KeyRole) -> Result<ParsedPublicKey, KeyError> {
        if let Self::Rsa { n, e } = self {
            check_size(n, role)?;
            if !is_exponent(e) || n.last().is_none_or(|last| last % 2 == 0) {
                return Err(KeyError::Malformed(role));
            }
        }
        self.key(algorithm).ok_or(KeyError::Malformed(role))
    }

    fn key(&self, algorithm: Algorithm) -> Option<ParsedPublicKey> {
        match self {
            Self::Rsa { n, e } => {
                let (_, parameters) = scheme::rsa(algorithm)?;
                RsaPublicKeyComponents { n, e }
                    .to_parsed_public_key(parameters)
                    .ok()
            }
            Self::Ec { point } => {
                let (_, verification) = scheme::ecdsa(algorithm)?;
                let whole = 1 + 2 * Curve::of(algorithm)?.size();
                if point.first() != Some(&4) || point.len() != whole {
                    return None;
                }
                ParsedPublicKey::new(verification, point).ok()
            }
            Self::Ed25519 { point } if algorithm == Algorithm::EdDsa && point.len() == 32 => {
                ParsedPublicKey::new(&ED25519, point).ok()
            }
            Self::Ed25519 { .. } => None,
        }
    }
}

/// Refuses a modulus that is too short or too long.
pub(super) fn check_size(modulus: &[u8], role: KeyRole) -> Result<(), KeyError> {
    let zeros = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
    let bits = (modulus.len() * 8).saturating_sub(zeros);
    if (2048..=8192).contains(&bits) {
        return Ok(());
    }
    Err(KeyError::RsaSize { role, bits })
}

/// Odd, above one, of at most 33 bits: what the library verifies with.
fn is_exponent(e: &[u8]) -> bool {
    let is_odd = e.last().is_some_and(|last| last % 2 == 1);
    let is_short = match e {
        [first, _, _, _, _] => *first == 1,
        _ => e.len() < 5,
    };
    is_odd && is_short && e != [1]
}
