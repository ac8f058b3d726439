//! New key pairs: [`generate_pem`].

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::scheme;
use crate::jwt::Algorithm;
use crate::secret::Secret;

/// A new private key for that algorithm, as `PRIVATE KEY` in PEM (RFC 5208); RSA gets 3072 bits.
///
/// Its random bytes are the library's own. `None` for HMAC, whose secrets need no library, and where the library
/// fails, as for want of memory.
#[must_use]
pub fn generate_pem(algorithm: Algorithm) -> Option<Secret<String>> {
    let der = generate(algorithm)?.ok()?;
    let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
    let body = Zeroizing::new(STANDARD.encode(&*der));
    for line in body.as_bytes().chunks(LINE) {
        pem.extend(line.iter().copied().map(char::from));
        pem.push('\n');
    }
    pem.push_str("-----END PRIVATE KEY-----\n");
    Some(Secret::new(pem))
}

/// The length of a line (RFC 7468 §2).
const LINE: usize = 64;

type Der = Zeroizing<Vec<u8>>;

fn generate(algorithm: Algorithm) -> Option<Result<Der, Unspecified>> {
    if scheme::rsa(algorithm).is_some() {
        return Some(rsa());
    }
    if let Some((signing, _)) = scheme::ecdsa(algorithm) {
        let pair = EcdsaKeyPair::generate(signing);
        return Some(pair.and_then(|pair| Ok(wiped(pair.to_pkcs8v1()?.as_ref()))));
    }
    (algorithm == Algorithm::EdDsa).then(ed25519)
}

fn rsa() -> Result<Der, Unspecified> {
    let pair = RsaKeyPair::generate(KeySize::Rsa3072)?;
    let der: Pkcs8V1Der<'_> = pair.as_der()?;
    Ok(wiped(der.as_ref()))
}

fn ed25519() -> Result<Der, Unspecified> {
    Ok(wiped(Ed25519KeyPair::generate()?.to_pkcs8v1()?.as_ref()))
}

fn wiped(bytes: &[u8]) -> Der {
    Zeroizing::new(bytes.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jwt::PrivateKey;

    #[test]
    fn new_keys_are_read_again_and_differ() {
        for algorithm in Algorithm::ALL.iter().copied() {
            let (one, other) = (generate_pem(algorithm), generate_pem(algorithm));
            if algorithm.is_hmac() {
                assert!(one.is_none());
                continue;
            }
            let [one, other] =
                [one, other].map(|pem| PrivateKey::from_pem(algorithm, pem.unwrap().expose()).unwrap());
            assert_ne!(one.public_key(), other.public_key(), "{algorithm}");
            assert!(one.sign(b"message").is_ok());
        }
    }
}
