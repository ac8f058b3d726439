//! A hash found in the database, read by its algorithm.

use super::hashers::Update;
use super::{Algorithm, Caps, Parameters, argon2, bcrypt, legacy, pbkdf2, scrypt};
use crate::crypto::constant_time_eq;

/// The characters of a salt of 128 bits: `ceil(128 / log2(62))`.
pub(super) const SALT_CHARS: usize = 22;

/// A hash whose form and parameters make sense; what one may ask of it, cheapest first.
///
/// To add an algorithm: a file with a type that implements this, its `parse` and its `encode`, and a line
/// in [`parse`] and in `Hashers::encode`.
pub(super) trait Stored {
    /// Whether it costs no more than `caps`; asked before anything is spent on it.
    fn is_within(&self, caps: &Caps) -> bool;

    /// Whether a hash with `own` parameters should take its place (`must_update`).
    fn must_update(&self, own: &Parameters) -> Update;

    /// Whether it is the hash of `password`. False too where there is not the memory to find out.
    fn verify(&self, password: &[u8]) -> bool;

    /// Spends what a hash with `own` parameters costs more than this one (`harden_runtime`).
    fn harden(&self, password: &[u8], own: &Parameters);
}

/// Reads a hash that claims to be of `algorithm`; None where it is malformed.
pub(super) fn parse<'a>(encoded: &'a str, algorithm: Algorithm) -> Option<Box<dyn Stored + 'a>> {
    Some(match algorithm {
        Algorithm::Pbkdf2Sha256 | Algorithm::Pbkdf2Sha1 => {
            Box::new(pbkdf2::Pbkdf2::parse(encoded, algorithm)?)
        }
        Algorithm::Argon2 => Box::new(argon2::Argon2::parse(encoded)?),
        Algorithm::BcryptSha256 | Algorithm::Bcrypt => Box::new(bcrypt::Bcrypt::parse(encoded, algorithm)?),
        Algorithm::Scrypt => Box::new(scrypt::Scrypt::parse(encoded)?),
        Algorithm::Md5 => Box::new(legacy::Md5::parse(encoded)?),
    })
}

/// [`Update::Needed`] where parameters differ or the salt has too few characters (`must_update_salt`).
pub(super) const fn update_if(parameters_differ: bool, salt_chars: usize) -> Update {
    if parameters_differ || salt_chars < SALT_CHARS {
        return Update::Needed;
    }
    Update::None
}

/// A number as Python's `%d` writes it: digits alone, no zero ahead. Another spelling never compares equal.
///
/// One that does not fit is the greatest that does, which no cap lets through.
pub(super) fn decimal(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = digits && (text == "0" || !text.starts_with('0'));
    canonical.then(|| text.parse().unwrap_or(u64::MAX))
}

/// [`decimal`] for the parameters that fit 32 bits.
pub(super) fn decimal_u32(text: &str) -> Option<u32> {
    decimal(text).map(|number| u32::try_from(number).unwrap_or(u32::MAX))
}

/// Whether a hash is the text that encoding the password again gives.
pub(super) fn is_same(encoded: &str, again: &str) -> bool {
    constant_time_eq(encoded.as_bytes(), again.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_canonical() {
        assert_eq!(decimal("0"), Some(0));
        assert_eq!(decimal_u32("4294967295"), Some(u32::MAX));
        assert_eq!(decimal_u32("4294967296"), Some(u32::MAX));
        assert_eq!(decimal("99999999999999999999999"), Some(u64::MAX));
        for text in ["", "+1", "-1", "01", " 1", "1_0", "１", "x"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    #[test]
    fn a_salt_of_128_bits_has_22_characters() {
        assert_eq!(update_if(false, 22), Update::None);
        assert_eq!(update_if(false, 21), Update::Needed);
        assert_eq!(update_if(true, 22), Update::Needed);
    }
}
