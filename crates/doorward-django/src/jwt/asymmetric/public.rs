//! The key that verifies: [`PublicKey`].

use std::fmt;

use aws_lc_rs::signature::ParsedPublicKey;

use super::der::Der;
use super::kind::{Kind, wrong_kind};
use super::numbers::Numbers;
use super::pem::Pem;
use crate::jwt::{Algorithm, KeyError, KeyRole};

/// The public key of a pair, for one algorithm.
#[derive(Clone)]
pub struct PublicKey {
    algorithm: Algorithm,
    numbers: Numbers,
    parsed: ParsedPublicKey,
}

impl PublicKey {
    /// Reads a key in PEM: `PUBLIC KEY` (RFC 5280 §4.1.2.7) or `RSA PUBLIC KEY` (RFC 8017 §A.1.1).
    ///
    /// # Errors
    /// [`KeyError`] for what is not PEM, is private, a certificate, of another kind than the algorithm's, weak or
    /// damaged.
    pub fn from_pem(algorithm: Algorithm, pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        let pem = Pem::read(pem.as_ref(), ROLE)?;
        let numbers = match pem.label {
            "PUBLIC KEY" => of_info(algorithm, &pem.der)?,
            "RSA PUBLIC KEY" => of_pkcs1(algorithm, &pem.der)?,
            label if label.ends_with("PRIVATE KEY") => return Err(KeyError::NotPublic),
            label => return Err(wrong_kind(algorithm, ROLE, &format_args!("labelled `{label}`"))),
        };
        Self::new(algorithm, numbers, ROLE)
    }

    pub(super) fn new(algorithm: Algorithm, numbers: Numbers, role: KeyRole) -> Result<Self, KeyError> {
        let parsed = numbers.parse(algorithm, role)?;
        Ok(Self {
            algorithm,
            numbers,
            parsed,
        })
    }

    /// The algorithm it verifies.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(super) fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    /// Whether `signature` is one of `message` by the private half.
    pub(in crate::jwt) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.parsed.verify_sig(message, signature).is_ok()
    }
}

const ROLE: KeyRole = KeyRole::Verifying;

fn of_info(algorithm: Algorithm, der: &[u8]) -> Result<Numbers, KeyError> {
    let (kind, bits) = split_info(der).ok_or(KeyError::Malformed(ROLE))?;
    kind.check(algorithm, ROLE)?;
    Numbers::of_info(kind, bits).ok_or(KeyError::Malformed(ROLE))
}

fn split_info(der: &[u8]) -> Option<(Kind, &[u8])> {
    let mut info = Der::of_sequence(der)?;
    let (kind, bits) = (Kind::of(info.sequence()?)?, info.bit_string()?);
    info.is_empty().then_some((kind, bits))
}

fn of_pkcs1(algorithm: Algorithm, der: &[u8]) -> Result<Numbers, KeyError> {
    Kind::Rsa.check(algorithm, ROLE)?;
    Numbers::of_pkcs1(der).ok_or(KeyError::Malformed(ROLE))
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.algorithm == other.algorithm && self.numbers == other.numbers
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({}, {})", self.algorithm, self.thumbprint())
    }
}
