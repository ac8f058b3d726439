//! [`Integer`]: an integer of any size, as Python's `int`.

use std::cmp::Ordering;
use std::fmt;

use crate::bounds::MAX_INTEGER_DIGITS;
use crate::python_numbers::{ascii, without_underscores};

/// An integer of any size, as Python's `int`.
///
/// ```
/// use doorward_django::integer::Integer;
///
/// assert_eq!(Integer::from_text(" +1_000 "), Some(Integer::from(1000)));
/// let large = Integer::from_text("123456789012345678901234567890").unwrap();
/// assert!(large > Integer::from(i64::MAX));
/// assert_eq!(large.to_string(), "123456789012345678901234567890");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Integer(Size);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Size {
    Small(i64),
    /// The canonical decimal digits of what is no `i64`.
    Large(Box<str>),
}

impl Integer {
    /// What Python's `int(text)` gives: white space around it, a sign, underscores between digits, digits of any
    /// script, at most [`MAX_INTEGER_DIGITS`] of them; `None` for a `ValueError`.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let text = ascii(text);
        let digits = text.strip_prefix(['-', '+']).unwrap_or(&text);
        let digits = without_underscores(digits)?;
        // One sign is enough.
        let is_unsigned = digits.bytes().all(|byte| byte.is_ascii_digit());
        let sign = if text.starts_with('-') { "-" } else { "" };
        let number = || Self::from_digits(&format!("{sign}{digits}"));
        is_unsigned.then(number).flatten()
    }

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
        if let Ok(small) = text.parse() {
            return Some(Self(Size::Small(small)));
        }
        let sign = if digits.len() < text.len() { "-" } else { "" };
        let digits = digits.trim_start_matches('0');
        Some(Self(Size::Large(format!("{sign}{digits}").into())))
    }

    /// The number, where it fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self.0 {
            Size::Small(small) => Some(small),
            Size::Large(_) => None,
        }
    }

    /// The number, where it fits.
    #[must_use]
    pub fn as_i128(&self) -> Option<i128> {
        match &self.0 {
            Size::Small(small) => Some((*small).into()),
            Size::Large(digits) => digits.parse().ok(),
        }
    }

    /// The number, where it fits.
    #[must_use]
    pub fn as_u128(&self) -> Option<u128> {
        match &self.0 {
            Size::Small(small) => (*small).try_into().ok(),
            Size::Large(digits) => digits.parse().ok(),
        }
    }

    /// The nearest float, infinite where it does not fit.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        match &self.0 {
            Size::Small(small) => *small as f64,
            Size::Large(digits) => digits.parse().unwrap_or(f64::NAN),
        }
    }

    /// The digits of what is no `i64`; else that one.
    pub(crate) fn parts(&self) -> Result<i64, &str> {
        match &self.0 {
            Size::Small(small) => Ok(*small),
            Size::Large(digits) => Err(digits),
        }
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Size::Small(small) => small.fmt(f),
            Size::Large(digits) => f.write_str(digits),
        }
    }
}

impl fmt::Debug for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Integer({self})")
    }
}

/// An integer that may not fit an `i64`.
macro_rules! from {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Integer {
            fn from(integer: $integer) -> Self {
                Self(match i64::try_from(integer) {
                    Ok(small) => Size::Small(small),
                    Err(_) => Size::Large(integer.to_string().into()),
                })
            }
        }
    )*};
}

from!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);

impl Ord for Integer {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Size::Small(one), Size::Small(two)) => one.cmp(two),
            (Size::Small(_), Size::Large(digits)) => compare_to_zero(digits).reverse(),
            (Size::Large(digits), Size::Small(_)) => compare_to_zero(digits),
            (Size::Large(one), Size::Large(two)) => compare_digits(one, two),
        }
    }
}

impl PartialOrd for Integer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
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
