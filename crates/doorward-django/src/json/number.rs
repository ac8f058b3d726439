//! [`Number`]: a number as Python has them.

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};

use super::float;
use crate::integer::Integer;

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
    Integer(Integer),
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
    /// The integer of these decimal digits; see [`Integer::from_digits`].
    #[must_use]
    pub fn from_digits(text: &str) -> Option<Self> {
        Integer::from_digits(text).map(Self::from)
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

    /// The integer, where it is one.
    #[must_use]
    pub const fn as_integer(&self) -> Option<&Integer> {
        match &self.0 {
            Repr::Integer(integer) => Some(integer),
            Repr::Float(_) => None,
        }
    }

    /// The integer, where it is one of this size.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.as_integer().and_then(Integer::as_i64)
    }

    /// The integer, where it is one of this size.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        self.as_u128().and_then(|integer| integer.try_into().ok())
    }

    /// The integer, where it is one of this size.
    #[must_use]
    pub fn as_i128(&self) -> Option<i128> {
        self.as_integer().and_then(Integer::as_i128)
    }

    /// The integer, where it is one of this size.
    #[must_use]
    pub fn as_u128(&self) -> Option<u128> {
        self.as_integer().and_then(Integer::as_u128)
    }

    /// The float that is nearest; `None` for an integer that is beyond all of them.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match &self.0 {
            Repr::Integer(integer) => Some(integer.to_f64()).filter(|float| float.is_finite()),
            Repr::Float(float) => Some(*float),
        }
    }

    /// Which of two integers is the larger one; `None` where one of them is a float.
    #[must_use]
    pub fn compare_integers(&self, other: &Self) -> Option<Ordering> {
        Some(self.as_integer()?.cmp(other.as_integer()?))
    }

    pub(super) const fn python_type(&self) -> &'static str {
        match self.0 {
            Repr::Integer(_) => "int",
            Repr::Float(_) => "float",
        }
    }

    pub(super) fn kind(&self) -> Kind<'_> {
        match &self.0 {
            Repr::Integer(integer) => integer.parts().map_or_else(Kind::Big, Kind::Integer),
            Repr::Float(float) => Kind::Float(*float),
        }
    }
}

/// As Python's `str` writes it: `7`, `1.0`, `1e-05`, `inf`.
impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Integer(integer) => integer.fmt(f),
            Repr::Float(float) => f.write_str(&float::repr(*float)),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Number({self})")
    }
}

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Number {
            fn from(integer: $integer) -> Self {
                Self(Repr::Integer(integer.into()))
            }
        }
    )*};
}

from_integers!(
    Integer, i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize
);

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
