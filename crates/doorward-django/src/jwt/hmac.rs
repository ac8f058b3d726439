//! Signatures with a shared secret: [`HmacKey`].

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha384, Sha512};

use super::Algorithm;

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
    /// The key of HS256, HS384 or HS512; `None` for other algorithms.
    pub(super) fn new(algorithm: Algorithm, secret: &[u8]) -> Option<Self> {
        match algorithm {
            Algorithm::Hs256 => Some(Self(State::Sha256(keyed(secret)))),
            Algorithm::Hs384 => Some(Self(State::Sha384(keyed(secret)))),
            Algorithm::Hs512 => Some(Self(State::Sha512(keyed(secret)))),
            _ => None,
        }
    }

    pub(super) fn hs256(secret: &[u8]) -> Self {
        Self(State::Sha256(keyed(secret)))
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        match self.0 {
            State::Sha256(_) => Algorithm::Hs256,
            State::Sha384(_) => Algorithm::Hs384,
            State::Sha512(_) => Algorithm::Hs512,
        }
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.0 {
            State::Sha256(mac) => sign(mac, message),
            State::Sha384(mac) => sign(mac, message),
            State::Sha512(mac) => sign(mac, message),
        }
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
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
