//! Whole numbers as short text: base 62 for signing's timestamps, base 36 for reset links.
//!
//! Sources: `django.core.signing.b62_encode`, `django.utils.http.int_to_base36`.

/// Digits, capitals, small letters: the order of `django.core.signing.BASE62_ALPHABET`.
const BASE62_ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE36_ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// Django reads no longer base 36 text than any 64-bit number needs.
const BASE36_LONGEST: usize = 13;

/// `number` in base 62, with a leading `-` below zero.
///
/// ```
/// assert_eq!(doorward_django::baseconv::base62_encode(1_700_000_000), "1r31eq");
/// ```
#[must_use]
pub fn base62_encode(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    encode(number.unsigned_abs(), BASE62_ALPHABET, sign)
}

/// The number that base 62 `text` stands for; `None` where it is none, or does not fit.
#[must_use]
pub fn base62_decode(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let number = decode(
        digits,
        |byte| BASE62_ALPHABET.iter().position(|digit| *digit == byte),
        62,
    )?;
    i64::try_from(sign * i128::from(number)).ok()
}

/// `number` in base 36, in small letters.
///
/// ```
/// assert_eq!(doorward_django::baseconv::base36_encode(800_000_000), "d8ary8");
/// ```
#[must_use]
pub fn base36_encode(number: u64) -> String {
    encode(number, BASE36_ALPHABET, "")
}

/// The number that base 36 `text` stands for, in either case; `None` where it is none, or does not fit.
///
/// Signs, spaces and underscores, which Python's `int` lets pass, are refused.
#[must_use]
pub fn base36_decode(text: &str) -> Option<u64> {
    if text.len() > BASE36_LONGEST {
        return None;
    }
    decode(
        text,
        |byte| char::from(byte).to_digit(36).map(|digit| digit as usize),
        36,
    )
}

fn encode(mut number: u64, alphabet: &[u8], sign: &str) -> String {
    let base = alphabet.len() as u64;
    let mut reversed = Vec::new();
    loop {
        reversed.extend(
            alphabet
                .get((number % base) as usize)
                .map(|byte| char::from(*byte)),
        );
        number /= base;
        if number == 0 {
            break sign.chars().chain(reversed.into_iter().rev()).collect();
        }
    }
}

fn decode(digits: &str, value: impl Fn(u8) -> Option<usize>, base: u64) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.bytes().try_fold(0_u64, |number, byte| {
        number.checked_mul(base)?.checked_add(value(byte)? as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;
    use proptest::prelude::*;

    #[test]
    fn known_numbers() {
        assert_eq!(base62_encode(0), "0");
        assert_eq!(base62_encode(61), "z");
        assert_eq!(base62_encode(-62), "-10");
        assert_eq!(base62_decode("1r31eq"), Some(1_700_000_000));
        assert_eq!(base36_encode(0), "0");
        assert_eq!(base36_decode("D8ARY8"), Some(800_000_000));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", "--1", "a_b", "a b", "é", "zzzzzzzzzzzz"] {
            assert_eq!(base62_decode(text), None, "{text}");
        }
        for text in [
            "",
            "-1",
            "+1",
            " 1",
            "1_0",
            "é",
            "zzzzzzzzzzzzz",
            "00000000000001",
        ] {
            assert_eq!(base36_decode(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_django_s() {
        for case in golden::cases("numbers") {
            let number = case["number"].as_i64().unwrap();
            assert_eq!(base62_encode(number), case["base62"]);
            assert_eq!(base62_encode(-number), case["minus"]);
            assert_eq!(base36_encode(number.unsigned_abs()), case["base36"]);
        }
    }

    proptest! {
        #[test]
        fn numbers_read_back(signed: i64, unsigned: u64) {
            prop_assert_eq!(base62_decode(&base62_encode(signed)), Some(signed));
            prop_assert_eq!(base36_decode(&base36_encode(unsigned)), Some(unsigned));
        }

        #[test]
        fn any_text_has_an_answer(text: String) {
            let _ = (base62_decode(&text), base36_decode(&text));
        }
    }
}
