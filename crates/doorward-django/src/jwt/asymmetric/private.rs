//! The key that signs: [`PrivateKey`].

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::error::{KeyRejected, Unspecified};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RsaKeyPair, RsaSignatureEncoding,
};

use super::der::{CONTEXT_0, Der, INTEGER, OCTET_STRING};
use super::kind::{Kind, wrong_kind};
use super::numbers::{Numbers, check_size};
use super::pem::Pem;
use super::{PublicKey, scheme};
use crate::jwt::{Algorithm, KeyError, KeyRole, SignError};

/// The private key of a pair, for one algorithm; its `Debug` shows the public half only.
#[derive(Clone)]
pub struct PrivateKey {
    pair: Arc<Pair>,
    public: PublicKey,
}

enum Pair {
    Rsa(RsaKeyPair, &'static RsaSignatureEncoding),
    Ec(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl PrivateKey {
    /// Reads a key in PEM: `PRIVATE KEY` (RFC 5208), `RSA PRIVATE KEY` (RFC 8017 §A.1.2) or `EC PRIVATE KEY`
    /// (RFC 5915).
    ///
    /// # Errors
    /// [`KeyError`] for what is not PEM, encrypted, public, a certificate, of another kind than the algorithm's,
    /// weak or damaged.
    pub fn from_pem(algorithm: Algorithm, pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        let pem = Pem::read(pem.as_ref(), ROLE)?;
        let form = match pem.label {
            "PRIVATE KEY" => Form::Pkcs8,
            "RSA PRIVATE KEY" => Form::Pkcs1,
            "EC PRIVATE KEY" => Form::Sec1,
            label if label.ends_with("PUBLIC KEY") => return Err(KeyError::NotPrivate),
            label => return Err(wrong_kind(algorithm, ROLE, &format_args!("labelled `{label}`"))),
        };
        form.check(algorithm, &pem.der)?;
        let pair = form.parse(algorithm, &pem.der).ok_or(KeyError::Malformed(ROLE))?;
        Self::new(algorithm, pair)
    }

    fn new(algorithm: Algorithm, pair: Pair) -> Result<Self, KeyError> {
        let numbers = pair.numbers().ok_or(KeyError::Malformed(ROLE))?;
        Ok(Self {
            public: PublicKey::new(algorithm, numbers, ROLE)?,
            pair: Arc::new(pair),
        })
    }

    /// The algorithm it signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.public.algorithm()
    }

    /// Its public half.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The signature of `message`, as RFC 7518 §3 writes it.
    pub(in crate::jwt) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        self.pair
            .sign(message)
            .map_err(|Unspecified| SignError::Failed(self.algorithm()))
    }
}

const ROLE: KeyRole = KeyRole::Signing;

impl Pair {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &random, message, &mut signature)?;
                Ok(signature)
            }
            Self::Ec(pair) => Ok(pair.sign(&random, message)?.as_ref().to_vec()),
            Self::Ed25519(pair) => Ok(pair.try_sign(message)?.as_ref().to_vec()),
        }
    }

    fn numbers(&self) -> Option<Numbers> {
        match self {
            Self::Rsa(pair, _) => Numbers::of_pkcs1(pair.public_key().as_ref()),
            Self::Ec(pair) => Some(Numbers::Ec {
                point: pair.public_key().as_ref().to_vec(),
            }),
            Self::Ed25519(pair) => Some(Numbers::Ed25519 {
                point: pair.public_key().as_ref().to_vec(),
            }),
        }
    }
}

/// How the key is written.
#[derive(Clone, Copy)]
enum Form {
    Pkcs8,
    Pkcs1,
    Sec1,
}

impl Form {
    /// Tells a key of the wrong kind or size from one that is damaged; the library says only that it is refused.
    fn check(self, algorithm: Algorithm, der: &[u8]) -> Result<(), KeyError> {
        let kind = self.kind(der).ok_or(KeyError::Malformed(ROLE))?;
        // Without parameters the key is on the curve that it is tried on.
        if !(matches!(self, Self::Sec1) && kind == Kind::EcElsewhere && scheme::ecdsa(algorithm).is_some()) {
            kind.check(algorithm, ROLE)?;
        }
        if kind != Kind::Rsa {
            return Ok(());
        }
        let modulus = self.modulus(der).ok_or(KeyError::Malformed(ROLE))?;
        check_size(modulus, ROLE)
    }

    fn kind(self, der: &[u8]) -> Option<Kind> {
        match self {
            Self::Pkcs8 => Kind::of(Pkcs8::split(der)?.identifier),
            Self::Pkcs1 => Some(Kind::Rsa),
            Self::Sec1 => sec1_kind(der),
        }
    }

    fn modulus(self, der: &[u8]) -> Option<&[u8]> {
        match self {
            Self::Pkcs8 => pkcs1_modulus(Pkcs8::split(der)?.key),
            _ => pkcs1_modulus(der),
        }
    }

    fn parse(self, algorithm: Algorithm, der: &[u8]) -> Option<Pair> {
        if let Some((encoding, _)) = scheme::rsa(algorithm) {
            return Some(Pair::Rsa(self.rsa(der).ok()?, encoding));
        }
        if let Some((signing, _)) = scheme::ecdsa(algorithm) {
            return self.ecdsa(signing, der).ok().map(Pair::Ec);
        }
        Ed25519KeyPair::from_pkcs8(der).ok().map(Pair::Ed25519)
    }

    fn rsa(self, der: &[u8]) -> Result<RsaKeyPair, KeyRejected> {
        match self {
            Self::Pkcs8 => RsaKeyPair::from_pkcs8(der),
            Self::Pkcs1 | Self::Sec1 => RsaKeyPair::from_der(der),
        }
    }

    fn ecdsa(
        self,
        algorithm: &'static EcdsaSigningAlgorithm,
        der: &[u8],
    ) -> Result<EcdsaKeyPair, KeyRejected> {
        match self {
            Self::Pkcs8 => EcdsaKeyPair::from_pkcs8(algorithm, der),
            Self::Pkcs1 | Self::Sec1 => EcdsaKeyPair::from_private_key_der(algorithm, der),
        }
    }
}

/// `PrivateKeyInfo` (RFC 5208 §5).
struct Pkcs8<'a> {
    identifier: Der<'a>,
    key: &'a [u8],
}

impl<'a> Pkcs8<'a> {
    fn split(der: &'a [u8]) -> Option<Self> {
        let mut info = Der::of_sequence(der)?;
        info.next(INTEGER)?;
        Some(Self {
            identifier: info.sequence()?,
            key: info.next(OCTET_STRING)?,
        })
    }
}

fn pkcs1_modulus(der: &[u8]) -> Option<&[u8]> {
    let mut key = Der::of_sequence(der)?;
    key.next(INTEGER)?;
    key.positive()
}

fn sec1_kind(der: &[u8]) -> Option<Kind> {
    let mut key = Der::of_sequence(der)?;
    key.next(INTEGER)?;
    key.next(OCTET_STRING)?;
    Some(Kind::on_curve(Der::new(key.next(CONTEXT_0).unwrap_or_default())))
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey(of {:?})", self.public)
    }
}
