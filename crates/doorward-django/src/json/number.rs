//! [`Number`]: a number as Python has them.

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};

use super::float;
use crate::bounds::MAX_INTEGER_DIGITS;

/// An integer of any size, or a floating point number: Python's `int` and `float`.
///
/// An integer and a float are never equal, so that what was read as `1.0` is not written as `1`.
///
/// ```
/// use doorward_django::json::Number;
///
/// let large = Number::from_digits("123456789012345678901234567890").unwrap();
/// assert_eq!(large.as_i64(), None);
/// assert_eq!(large.as_i128(), Some(123_456_789_012_345_678_901_234_567_890));
/// assert_eq!(large.to_string(), "123456789012345678901234567890");
/// assert_eq!(Number::from(1e16).to_string(), "1e+16");
/// ```
#[derive(Clone, PartialEq)]
pub struct Number(Repr);

#[derive(Clone, PartialEq)]
enum Repr {
    Integer(i64),
    /// The canonical decimal digits of an integer that is no `i64`.
    Big(Box<str>),
    Float(f64),
}

/// A number, taken apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind<'n> {
    Integer(i64),
    Big(&'n str),
    Float(f64),
}

impl Number {
    /// The integer of these decimal digits, which a minus may stand before; needless zeros are dropped.
    ///
    /// `None` for anything else, and past [`MAX_INTEGER_DIGITS`], where Python's `int` refuses as well.
    #[must_use]
    pub fn from_digits(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_integer = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_integer || digits.len() > MAX_INTEGER_DIGITS {
            return None;
        }
        if let Ok(integer) = text.parse() {
            return Some(Self(Repr::Integer(integer)));
        }
        let sign = if digits.len() < text.len() { "-" } else { "" };
        let digits = digits.trim_start_matches('0');
        Some(Self(Repr::Big(format!("{sign}{digits}").into())))
    }

    /// Whether it is an integer.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        !self.is_float()
    }

    /// Whether it is a floating point number: one that was written with a point or an exponent.
    #[must_use]
    pub fn is_float(&self) -> bool {
        matches!(self.0, Repr::Float(_))
    }

    /// The integer, where it is one of this size.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self.0 {
            Repr::Integer(integer) => Some(integer),
            Repr::Big(_) | Repr::Float(_) => None,
        }
    }

    /// The integer, where it is one of this size.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        self.as_u128().and_then(|integer| integer.try_into().ok())
    }

    /// The integer, where it is one of this size.
    #[must_use]
    pub fn as_i128(&self) -> Option<i128> {
        match &self.0 {
            Repr::Integer(integer) => Some((*integer).into()),
            Repr::Big(digits) => digits.parse().ok(),
            Repr::Float(_) => None,
        }
    }

    /// The integer, where it is one of this size.
    #[must_use]
    pub fn as_u128(&self) -> Option<u128> {
        match &self.0 {
            Repr::Integer(integer) => (*integer).try_into().ok(),
            Repr::Big(digits) => digits.parse().ok(),
            Repr::Float(_) => None,
        }
    }

    /// The float that is nearest; `None` for an integer that is beyond all of them.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match &self.0 {
            Repr::Integer(integer) => Some(*integer as f64),
            Repr::Big(digits) => digits.parse().ok().filter(|float: &f64| float.is_finite()),
            Repr::Float(float) => Some(*float),
        }
    }

    /// Which of two integers is the larger one; `None` where one of them is a float.
    #[must_use]
    pub fn compare_integers(&self, other: &Self) -> Option<Ordering> {
        match (&self.0, &other.0) {
            (Repr::Float(_), _) | (_, Repr::Float(_)) => None,
            (Repr::Integer(one), Repr::Integer(two)) => Some(one.cmp(two)),
            (Repr::Integer(_), Repr::Big(digits)) => Some(compare_to_zero(digits).reverse()),
            (Repr::Big(digits), Repr::Integer(_)) => Some(compare_to_zero(digits)),
            (Repr::Big(one), Repr::Big(two)) => Some(compare_digits(one, two)),
        }
    }

    pub(super) const fn python_type(&self) -> &'static str {
        match self.0 {
            Repr::Integer(_) | Repr::Big(_) => "int",
            Repr::Float(_) => "float",
        }
    }

    pub(super) fn kind(&self) -> Kind<'_> {
        match &self.0 {
            Repr::Integer(integer) => Kind::Integer(*integer),
            Repr::Big(digits) => Kind::Big(digits),
            Repr::Float(float) => Kind::Float(*float),
        }
    }
}

/// On which side of zero an integer lies.
fn compare_to_zero(digits: &str) -> Ordering {
    match digits.starts_with('-') {
        true => Ordering::Less,
        false => Ordering::Greater,
    }
}

/// By sign, then by length, then digit by digit.
fn compare_digits(one: &str, two: &str) -> Ordering {
    let by_size = || one.len().cmp(&two.len()).then_with(|| one.cmp(two));
    match (compare_to_zero(one), compare_to_zero(two)) {
        (Ordering::Less, Ordering::Less) => by_size().reverse(),
        (sign, other) if sign == other => by_size(),
        (sign, _) => sign,
    }
}

/// As Python's `str` writes it: `7`, `1.0`, `1e-05`, `inf`.
impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Integer(integer) => integer.fmt(f),
            Repr::Big(digits) => f.write_str(digits),
            Repr::Float(float) => f.write_str(&float::repr(*float)),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Number({self})")
    }
}

impl From<i64> for Number {
    fn from(integer: i64) -> Self {
        Self(Repr::Integer(integer))
    }
}

impl From<i128> for Number {
    fn from(integer: i128) -> Self {
        Self(match i64::try_from(integer) {
            Ok(integer) => Repr::Integer(integer),
            Err(_) => Repr::Big(integer.to_string().into()),
        })
    }
}

impl From<u128> for Number {
    fn from(integer: u128) -> Self {
        Self(match i64::try_from(integer) {
            Ok(integer) => Repr::Integer(integer),
            Err(_) => Repr::Big(integer.to_string().into()),
        })
    }
}

impl From<f64> for Number {
    fn from(float: f64) -> Self {
        Self(Repr::Float(float))
    }
}

impl From<f32> for Number {
    fn from(float: f32) -> Self {
        f64::from(float).into()
    }
}

/// What fits in a wider integer.
macro_rules! from_integers {
    ($($narrow:ty => $wide:ty),*) => {$(
        impl From<$narrow> for Number {
            fn from(integer: $narrow) -> Self {
                <$wide>::from(integer).into()
            }
        }
    )*};
}

from_integers!(i8 => i64, i16 => i64, i32 => i64, u8 => i64, u16 => i64, u32 => i64, u64 => i128);

impl From<usize> for Number {
    fn from(integer: usize) -> Self {
        (integer as u64).into()
    }
}

impl From<isize> for Number {
    fn from(integer: isize) -> Self {
        (integer as i64).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn integer(text: &str) -> Number {
        Number::from_digits(text).unwrap()
    }

    #[test]
    fn digits_are_kept_in_their_canonical_form() {
        for (text, canonical) in [
            ("0", "0"),
            ("-0", "0"),
            ("007", "7"),
            ("-007", "-7"),
            ("9223372036854775807", "9223372036854775807"),
            ("9223372036854775808", "9223372036854775808"),
            ("-009223372036854775809", "-9223372036854775809"),
        ] {
            assert_eq!(integer(text).to_string(), canonical);
        }
        assert_eq!(
            Number::from_digits(&"9".repeat(4300)).unwrap().to_string().len(),
            4300
        );
        let too_long = "9".repeat(4301);
        for text in ["", "-", "+1", " 1", "1_0", "1.0", "１", "--1", too_long.as_str()] {
            assert_eq!(Number::from_digits(text), None, "{text}");
        }
    }

    #[test]
    fn sizes_are_told_apart() {
        let large = integer("18446744073709551616");
        assert_eq!((large.as_i64(), large.as_u64()), (None, None));
        assert_eq!(large.as_f64(), Some(18_446_744_073_709_551_616.0));
        assert_eq!(integer(&"9".repeat(400)).as_f64(), None);
        assert_eq!(Number::from(u64::MAX).as_u64(), Some(u64::MAX));
        assert_ne!(Number::from(1), Number::from(1.0));
        assert_eq!(integer("1").as_f64(), Some(1.0));
    }

    proptest! {
        #[test]
        fn integers_read_back_and_compare(one: i128, two: i128, small: i64) {
            prop_assert_eq!(Number::from(one), integer(&one.to_string()));
            for (one, two) in [(one, two), (one, small.into()), (small.into(), two)] {
                let compared = Number::from(one).compare_integers(&Number::from(two));
                prop_assert_eq!(compared, Some(one.cmp(&two)));
            }
            prop_assert_eq!(Number::from(one).as_i128(), Some(one));
        }
    }
}
