//! PBKDF2: `pbkdf2_sha256$iterations$salt$hash` (RFC 8018 §5.2).
//!
//! Source: `django.contrib.auth.hashers.PBKDF2PasswordHasher`, `PBKDF2SHA1PasswordHasher`.

use std::hint::black_box;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::Sha1;

use super::hashers::Update;
use super::pbkdf2_sha256::pbkdf2_sha256;
use super::reading::{decimal_u32, is_same, update_if};
use super::stored::Stored;
use super::{Algorithm, Caps, Parameters};

/// Makes a hash of `password`.
pub(super) fn encode(password: &[u8], salt: &str, iterations: u32, algorithm: Algorithm) -> String {
    let hash = digest(password, salt, iterations, algorithm);
    format!("{algorithm}${iterations}${salt}${hash}")
}

impl Parameters {
    /// The iterations of new PBKDF2 hashes.
    pub(super) const fn pbkdf2(&self, algorithm: Algorithm) -> u32 {
        match algorithm {
            Algorithm::Pbkdf2Sha1 => self.pbkdf2_sha1,
            _ => self.pbkdf2_sha256,
        }
    }
}

/// A PBKDF2 hash that was read.
pub(super) struct Pbkdf2<'a> {
    encoded: &'a str,
    algorithm: Algorithm,
    iterations: u32,
    salt: &'a str,
}

impl<'a> Pbkdf2<'a> {
    /// Reads the four parts. What is after the third `$` is compared, and never read.
    pub(super) fn parse(encoded: &'a str, algorithm: Algorithm) -> Option<Self> {
        let mut parts = encoded.splitn(4, '$').skip(1);
        let (iterations, salt, _hash) = (parts.next()?, parts.next()?, parts.next()?);
        let iterations = decimal_u32(iterations)?;
        let stored = Self {
            encoded,
            algorithm,
            iterations,
            salt,
        };
        (iterations > 0 && !salt.is_empty()).then_some(stored)
    }
}

impl Stored for Pbkdf2<'_> {
    fn is_within(&self, caps: &Caps) -> bool {
        self.iterations <= caps.pbkdf2
    }

    fn must_update(&self, own: &Parameters) -> Update {
        update_if(
            self.iterations != own.pbkdf2(self.algorithm),
            self.salt.chars().count(),
        )
    }

    fn verify(&self, password: &[u8]) -> bool {
        is_same(
            self.encoded,
            &encode(password, self.salt, self.iterations, self.algorithm),
        )
    }

    fn harden(&self, password: &[u8], own: &Parameters) {
        let extra = own.pbkdf2(self.algorithm).saturating_sub(self.iterations);
        if extra > 0 {
            black_box(digest(password, self.salt, extra, self.algorithm));
        }
    }
}

/// The key derived from `password`, as long as the digest is, in padded base64.
fn digest(password: &[u8], salt: &str, iterations: u32, algorithm: Algorithm) -> String {
    if algorithm == Algorithm::Pbkdf2Sha1 {
        let mut key = [0; 20];
        pbkdf2::pbkdf2_hmac::<Sha1>(password, salt.as_bytes(), iterations, &mut key);
        return STANDARD.encode(key);
    }
    STANDARD.encode(pbkdf2_sha256(password, salt.as_bytes(), iterations))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_not_read() {
        for encoded in [
            "pbkdf2_sha256",
            "pbkdf2_sha256$",
            "pbkdf2_sha256$1000$salt",
            "pbkdf2_sha256$0$salt$hash",
            "pbkdf2_sha256$-1$salt$hash",
            "pbkdf2_sha256$1_0$salt$hash",
            "pbkdf2_sha256$1000$$hash",
        ] {
            assert!(
                Pbkdf2::parse(encoded, Algorithm::Pbkdf2Sha256).is_none(),
                "{encoded}"
            );
        }
    }

    #[test]
    fn django_s_known_answers() {
        let salt = "saltsaltsaltsaltsaltsa";
        assert_eq!(
            encode(b"pw", salt, 1_000_000, Algorithm::Pbkdf2Sha256),
            "pbkdf2_sha256$1000000$saltsaltsaltsaltsaltsa$hWt8YFu4ilifR5wZaVYu9To96fVKo2ZqWCm6Ag3AOr0="
        );
        assert_eq!(
            encode(b"pw", salt, 1_000_000, Algorithm::Pbkdf2Sha1),
            "pbkdf2_sha1$1000000$saltsaltsaltsaltsaltsa$fupEMfrL3R9v2icHdl82axpCYbo="
        );
    }
}
