//! Signatures with key pairs: [`PrivateKey`] signs, [`PublicKey`] verifies.
//!
//! The arithmetic is AWS-LC's; what is read here is the text around the numbers, so that a wrong key is told
//! from a damaged one, and the public numbers can be published. A private key draws random bytes inside the
//! library where its algorithm does (PSS, ECDSA): the one chance that this crate takes.

mod der;
mod generate;
mod jwk;
mod kind;
mod numbers;
mod pem;
mod private;
mod public;
mod scheme;
#[cfg(test)]
mod wycheproof;

pub use generate::generate_pem;
pub use private::PrivateKey;
pub use public::PublicKey;
