//! What `django.utils.crypto` offers: salted HMAC, constant-time comparison, random text.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::secret::SecretKey;

/// HMAC-SHA256 of `value` under a key derived from `salt` and `secret`.
///
/// The derived key is `sha256(salt + secret)`, so that each salt is a key of its own.
/// Source: `django.utils.crypto.salted_hmac(…, algorithm="sha256")`.
#[must_use]
pub fn salted_hmac(salt: &str, value: &[u8], secret: &SecretKey) -> [u8; 32] {
    let key = Sha256::new()
        .chain_update(salt)
        .chain_update(secret.as_bytes())
        .finalize();
    hmac_sha256(&key, value)
}

/// HMAC-SHA1 of `value` under the key `sha1(salt + secret)`.
///
/// Source: `django.utils.crypto.salted_hmac(…)`, whose default algorithm is `sha1`.
#[must_use]
pub fn salted_hmac_sha1(salt: &str, value: &[u8], secret: &SecretKey) -> [u8; 20] {
    let key = Sha1::new()
        .chain_update(salt)
        .chain_update(secret.as_bytes())
        .finalize();
    let mac = Hmac::<Sha1>::new_from_slice(&key).expect("HMAC takes a key of any length");
    mac.chain_update(value).finalize().into_bytes().into()
}

/// SHA-256 (FIPS 180-4) in lower-case hexadecimal: `hashlib.sha256(value).hexdigest()`.
///
/// ```
/// use doorward_django::crypto::sha256_hex;
///
/// assert_eq!(sha256_hex(b"abc").get(..8), Some("ba7816bf"));
/// ```
#[must_use]
pub fn sha256_hex(value: &[u8]) -> String {
    crate::hex::encode(&Sha256::digest(value))
}

/// Whether two byte strings are equal, in a time that does not depend on where they differ.
///
/// Their lengths are not secret. Source: `django.utils.crypto.constant_time_compare`.
#[must_use]
pub fn constant_time_eq(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

/// Text of one character of `alphabet` for every four bytes of `bytes`; left-over bytes are not used.
///
/// Four bytes choose among at most 256 characters, so no character is favoured by more than 2⁻²⁴.
/// The alphabet is read as Latin-1; from an empty one comes an empty text.
/// Stands where Django has `django.utils.crypto.get_random_string`.
///
/// ```
/// use doorward_django::crypto::random_string;
///
/// assert_eq!(random_string(&[0, 0, 0, 0, 1, 0, 0, 0, 9], b"ab"), "ab");
/// ```
#[must_use]
pub fn random_string(bytes: &[u8], alphabet: &[u8]) -> String {
    let (quads, _) = bytes.as_chunks::<4>();
    quads.iter().filter_map(|quad| pick(*quad, alphabet)).collect()
}

/// HMAC-SHA256 (RFC 2104) under a key of any length: `hmac.digest(key, value, "sha256")`.
#[must_use]
pub fn hmac_sha256(key: &[u8], value: &[u8]) -> [u8; 32] {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.chain_update(value).finalize().into_bytes().into()
}

fn pick(quad: [u8; 4], alphabet: &[u8]) -> Option<char> {
    let index = u32::from_le_bytes(quad).checked_rem(u32::try_from(alphabet.len()).ok()?)?;
    alphabet.get(index as usize).map(|byte| char::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn salted_hmac_is_django_s() {
        // salted_hmac("s", "v", secret="k", algorithm="sha256").hexdigest() in Django 5.2.
        let digest = salted_hmac("s", b"v", &SecretKey::new("k"));
        assert_eq!(
            crate::hex::encode(&digest),
            "de1116ea8310f146acd6526cce1ab66b438f91abb9adb186b2e85fb8500b9d27"
        );
    }

    #[test]
    fn comparison_sees_length_and_every_byte() {
        assert!(constant_time_eq(b"", b""));
        assert!(constant_time_eq(b"abc", b"abc"));
        assert!(!constant_time_eq(b"abc", b"abd"));
        assert!(!constant_time_eq(b"abc", b"ab"));
    }

    proptest! {
        #[test]
        fn random_text_has_its_length_and_alphabet(bytes: Vec<u8>) {
            let text = random_string(&bytes, b"xyz");
            prop_assert_eq!(text.len(), bytes.len() / 4);
            prop_assert!(text.bytes().all(|byte| b"xyz".contains(&byte)));
            prop_assert_eq!(random_string(&bytes, b""), "");
        }
    }
}
