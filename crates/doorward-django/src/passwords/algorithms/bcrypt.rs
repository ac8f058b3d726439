//! bcrypt: `bcrypt_sha256$$2b$12$salt+hash`, and `bcrypt$…` of the password itself.
//!
//! bcrypt reads 72 bytes at most. The plain kind cuts longer passwords there, as the hashes that older
//! Djangos stored were made; Django with bcrypt 5 answers them with an error instead.
//! Source: `django.contrib.auth.hashers.BCryptSHA256PasswordHasher`, `BCryptPasswordHasher`.

use std::hint::black_box;

use base64::Engine;
use bcrypt::{BASE_64, Version, hash_with_salt};
use sha2::{Digest, Sha256};

use super::hashers::Update;
use super::reading::is_same;
use super::stored::Stored;
use super::{Algorithm, Caps, Parameters};

/// The characters of a salt in bcrypt's own base64.
const SALT_CHARS: usize = 22;

/// Makes a hash of `password`; None for a cost that bcrypt does not have.
pub(super) fn encode(password: &[u8], salt: [u8; 16], cost: u32, algorithm: Algorithm) -> Option<String> {
    digest(password, salt, cost, Version::TwoB, algorithm)
}

/// A bcrypt hash that was read.
pub(super) struct Bcrypt<'a> {
    encoded: &'a str,
    algorithm: Algorithm,
    version: Version,
    cost: u32,
    salt: [u8; 16],
}

impl<'a> Bcrypt<'a> {
    /// Reads the version, cost and salt. What comes after the salt is compared, and never read.
    pub(super) fn parse(encoded: &'a str, algorithm: Algorithm) -> Option<Self> {
        let parts: Vec<_> = encoded.split('$').collect();
        let [_, "", version, cost, rest] = parts.as_slice() else {
            return None;
        };
        let stored = Self {
            encoded,
            algorithm,
            version: read_version(version)?,
            cost: read_cost(cost)?,
            salt: read_salt(rest)?,
        };
        Some(stored)
    }
}

impl Stored for Bcrypt<'_> {
    fn is_within(&self, caps: &Caps) -> bool {
        self.cost <= caps.bcrypt
    }

    /// The cost alone is looked at: every bcrypt salt has 128 bits.
    fn must_update(&self, own: &Parameters) -> Update {
        if self.cost == own.bcrypt {
            return Update::None;
        }
        Update::Needed
    }

    fn verify(&self, password: &[u8]) -> bool {
        digest(
            password,
            self.salt,
            self.cost,
            self.version.clone(),
            self.algorithm,
        )
        .is_some_and(|again| is_same(self.encoded, &again))
    }

    fn harden(&self, password: &[u8], own: &Parameters) {
        // Each step of the cost doubles the work; so many hashes of the old cost are one of the new.
        let steps = own.bcrypt.saturating_sub(self.cost);
        let extra = 1_u64.checked_shl(steps).unwrap_or(u64::MAX) - 1;
        for _ in 0..extra {
            black_box(encode(password, self.salt, self.cost, self.algorithm));
        }
    }
}

fn read_version(text: &str) -> Option<Version> {
    match text {
        "2a" => Some(Version::TwoA),
        "2b" => Some(Version::TwoB),
        "2x" => Some(Version::TwoX),
        "2y" => Some(Version::TwoY),
        _ => None,
    }
}

/// Two digits, from 04 to 31. Another spelling never compares equal.
fn read_cost(text: &str) -> Option<u32> {
    let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let cost = digits.then(|| text.parse().ok()).flatten()?;
    (4..=31).contains(&cost).then_some(cost)
}

/// The first 22 characters; a salt with left-over bits set is refused, as by Python's bcrypt.
fn read_salt(text: &str) -> Option<[u8; 16]> {
    let salt = BASE_64.decode(text.get(..SALT_CHARS)?).ok()?;
    salt.try_into().ok()
}

fn digest(
    password: &[u8],
    salt: [u8; 16],
    cost: u32,
    version: Version,
    algorithm: Algorithm,
) -> Option<String> {
    let hash = match algorithm {
        Algorithm::BcryptSha256 => hash_with_salt(crate::hex::encode(&Sha256::digest(password)), cost, salt),
        _ => hash_with_salt(password, cost, salt),
    };
    Some(format!("{algorithm}${}", hash.ok()?.format_for_version(version)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: &str = "abcdefghijklmnopqrstuu";

    #[test]
    fn django_s_known_answers() {
        for (algorithm, rest) in [
            (Algorithm::BcryptSha256, "pf0RNFrwMVFQpVJ8Ec/lKp8FVyyV3Lu"),
            (Algorithm::Bcrypt, "nYdhHrPrQsWwVD7FJZar2U048CuDd2m"),
        ] {
            let encoded = encode(b"pw", read_salt(SALT).unwrap(), 12, algorithm);
            assert_eq!(encoded, Some(format!("{algorithm}$$2b$12${SALT}{rest}")));
        }
    }

    #[test]
    fn plain_bcrypt_reads_72_bytes_and_with_sha256_all() {
        let salt = read_salt(SALT).unwrap();
        let hash = |length, algorithm| encode(&vec![b'a'; length], salt, 4, algorithm);
        assert_eq!(hash(72, Algorithm::Bcrypt), hash(73, Algorithm::Bcrypt));
        assert_ne!(hash(71, Algorithm::Bcrypt), hash(72, Algorithm::Bcrypt));
        assert_ne!(
            hash(72, Algorithm::BcryptSha256),
            hash(73, Algorithm::BcryptSha256)
        );
    }

    #[test]
    fn what_makes_no_sense_is_not_read() {
        for rest in [
            "",
            "2b$04$abcdefghijklmnopqrstuu",
            "$2$04$abcdefghijklmnopqrstuu",
            "$2b$4$abcdefghijklmnopqrstuu",
            "$2b$03$abcdefghijklmnopqrstuu",
            "$2b$32$abcdefghijklmnopqrstuu",
            "$2b$04$abcdefghijklmnopqrstu",
            "$2b$04$abcdefghijklmnopqrstuv",
            "$2b$04$abcdefghijklmnopqrstué",
            "$2b$04$abcdefghijklmnopqrstuu$",
        ] {
            assert!(
                Bcrypt::parse(&format!("bcrypt${rest}"), Algorithm::Bcrypt).is_none(),
                "{rest}"
            );
        }
    }
}
