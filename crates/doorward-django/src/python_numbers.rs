//! Numbers in text as Python's `int`, `float` and `Decimal` read them: white space around them, underscores between
//! digits, digits of any script.

use std::borrow::Cow;

use crate::python_text::is_space;

/// The text without white space around it, its digits as ASCII (`_PyUnicode_TransformDecimalAndSpaceToASCII`).
pub(crate) fn ascii(text: &str) -> Cow<'_, str> {
    ascii_digits(text.trim_matches(is_space))
}

/// The text with the digits of all scripts as ASCII.
pub(crate) fn ascii_digits(text: &str) -> Cow<'_, str> {
    match text.is_ascii() {
        true => Cow::Borrowed(text),
        false => text.chars().map(ascii_digit).collect(),
    }
}

/// Whether it is a decimal digit of any script (`\d`, `str.isdecimal()`).
pub(crate) fn is_decimal_digit(character: char) -> bool {
    ascii_digit(character).is_ascii_digit()
}

fn ascii_digit(character: char) -> char {
    let code = u32::from(character);
    let zeros = ZEROS.partition_point(|zero| *zero <= code);
    let zero = zeros.checked_sub(1).and_then(|position| ZEROS.get(position));
    let digit = zero.and_then(|zero| char::from_digit(code - zero, 10));
    digit.unwrap_or(character)
}

/// The digits without underscores; each of those stands between two digits.
pub(crate) fn without_underscores(digits: &str) -> Option<Cow<'_, str>> {
    if !digits.contains('_') {
        return Some(Cow::Borrowed(digits));
    }
    let parts: Vec<_> = digits.split('_').collect();
    let borders = parts.windows(2).all(|pair| match pair {
        [before, after] => ends_in_digit(before) && starts_with_digit(after),
        _ => true,
    });
    borders.then(|| Cow::Owned(parts.concat()))
}

fn ends_in_digit(text: &str) -> bool {
    text.bytes().next_back().is_some_and(|byte| byte.is_ascii_digit())
}

fn starts_with_digit(text: &str) -> bool {
    text.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
}

/// What Python's `float(text)` gives, infinities and NaN too; `None` for a `ValueError`.
///
/// ```
/// use doorward_django::python_numbers::float;
///
/// assert_eq!(float(" 1_000.5 "), Some(1000.5));
/// assert_eq!(float("١e2"), Some(100.0));
/// assert_eq!(float("1__0"), None);
/// ```
#[must_use]
pub fn float(text: &str) -> Option<f64> {
    let text = ascii(text);
    let text = without_underscores(&text)?;
    let is_named = text
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || b"+-".contains(&byte));
    let is_number = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    (is_named || is_number).then(|| text.parse().ok()).flatten()
}

/// What Python's `int(text, 16)` gives, where it is not negative and fits: white space around it, a plus, `0x`,
/// underscores between digits.
#[must_use]
pub fn hexadecimal(text: &str) -> Option<u128> {
    let text = ascii(text);
    let text = text.strip_prefix('+').unwrap_or(&text);
    let unprefixed = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let digits = match unprefixed {
        Some(digits) => digits.strip_prefix('_').unwrap_or(digits),
        None => text,
    };
    let parts: Vec<_> = digits.split('_').collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    parts
        .iter()
        .all(is_number)
        .then(|| u128::from_str_radix(&parts.concat(), 16).ok())
        .flatten()
}

/// The zeros of all scripts that have decimal digits, in Unicode 14, which Python 3.11 has; nine digits follow each.
#[rustfmt::skip]
const ZEROS: [u32; 66] = [
    0x0030, 0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6,
    0x0d66, 0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80,
    0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
    0xff10, 0x1_04a0, 0x1_0d30, 0x1_1066, 0x1_10f0, 0x1_1136, 0x1_11d0, 0x1_12f0, 0x1_1450,
    0x1_14d0, 0x1_1650, 0x1_16c0, 0x1_1730, 0x1_18e0, 0x1_1950, 0x1_1c50, 0x1_1d50, 0x1_1da0,
    0x1_6a60, 0x1_6ac0, 0x1_6b50, 0x1_d7ce, 0x1_d7d8, 0x1_d7e2, 0x1_d7ec, 0x1_d7f6, 0x1_e140,
    0x1_e2f0, 0x1_e950, 0x1_fbf0,
];
