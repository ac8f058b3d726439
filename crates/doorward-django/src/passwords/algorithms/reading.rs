//! What the algorithms share in reading a stored hash.

use super::hashers::Update;
use super::stored::SALT_CHARS;
use crate::crypto::constant_time_eq;

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
