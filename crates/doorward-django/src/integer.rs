//! [`Integer`]: an integer of any size, as Python's `int`.

use std::cmp::Ordering;
use std::fmt;

use crate::python_numbers::{ascii, without_underscores};

/// How many digits Python's `int(text)` reads (`sys.get_int_max_str_digits`).
const MAX_DIGITS: usize = 4300;

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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Integer {
    is_negative: bool,
    /// Without leading zeros; zero has none at all.
    digits: Box<str>,
}

impl Integer {
    /// What Python's `int(text)` gives: white space around it, a sign, underscores between digits, digits of any
    /// script, at most 4300 of them; `None` for a `ValueError`.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let text = ascii(text);
        let digits = text.strip_prefix(['-', '+']).unwrap_or(&text);
        let digits = without_underscores(digits)?;
        let is_number = !digits.is_empty() && digits.len() <= MAX_DIGITS;
        let is_number = is_number && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| Self::new(text.starts_with('-'), &digits))
    }

    fn new(is_negative: bool, digits: &str) -> Self {
        let digits = digits.trim_start_matches('0');
        Self {
            is_negative: is_negative && !digits.is_empty(),
            digits: digits.into(),
        }
    }

    /// The number, where it fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.to_string().parse().ok()
    }

    /// The number, where it fits.
    #[must_use]
    pub fn as_i128(&self) -> Option<i128> {
        self.to_string().parse().ok()
    }

    /// The nearest float, infinite where it does not fit.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_negative {
            f.write_str("-")?;
        }
        f.write_str(if self.digits.is_empty() { "0" } else { &self.digits })
    }
}

impl From<i64> for Integer {
    fn from(number: i64) -> Self {
        Self::from(i128::from(number))
    }
}

impl From<i32> for Integer {
    fn from(number: i32) -> Self {
        Self::from(i128::from(number))
    }
}

impl From<u64> for Integer {
    fn from(number: u64) -> Self {
        Self::from(i128::from(number))
    }
}

impl From<i128> for Integer {
    fn from(number: i128) -> Self {
        Self::new(number < 0, &number.unsigned_abs().to_string())
    }
}

impl Ord for Integer {
    fn cmp(&self, other: &Self) -> Ordering {
        let sizes = || (self.digits.len(), &self.digits).cmp(&(other.digits.len(), &other.digits));
        match (self.is_negative, other.is_negative) {
            (false, false) => sizes(),
            (true, true) => sizes().reverse(),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Integer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
