//! [`Decimal`]: exact decimal numbers, as Python's `decimal.Decimal`.

use std::cmp::Ordering;
use std::fmt;

use crate::python_numbers::ascii;

/// The greatest exponent that Python reads (`decimal.MAX_EMAX` on 64 bits).
const MAX_EXPONENT: i64 = 999_999_999_999_999_999;

/// An exact decimal number, as Python's `decimal.Decimal`: a sign, digits, and where the point stands. It is always
/// finite.
///
/// ```
/// use doorward_django::decimal::Decimal;
///
/// let price = Decimal::from_text(" 1e2 ").unwrap();
/// assert_eq!(price.to_string(), "1E+2");
/// assert_eq!(price.quantize(2).unwrap().to_string(), "100.00");
/// assert_eq!(Decimal::from_text("NaN"), None);
/// ```
///
/// Two decimals are equal where their numbers are: 1.0 is 1.00.
#[derive(Clone, Debug)]
pub struct Decimal {
    is_negative: bool,
    /// Without leading zeros; zero has one digit.
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// A number of that many units of `10^-places`: `Decimal::new(1050, 2)` is 10.50.
    #[must_use]
    pub fn new(units: i128, places: u32) -> Self {
        Self {
            is_negative: units < 0,
            digits: units.unsigned_abs().to_string(),
            exponent: -i64::from(places),
        }
    }

    /// What Python's `Decimal(text)` gives: white space around it, underscores, digits of any script, an exponent;
    /// `None` for what it refuses, and for infinities and NaN.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let text = ascii(text).replace('_', "");
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parsed_exponent(exponent)?),
            None => (&*text, 0),
        };
        let unsigned = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = [whole, fraction].concat();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let exponent = exponent - i64::try_from(fraction.len()).ok()?;
        let number = Self {
            is_negative: mantissa.starts_with('-'),
            digits: significant(&digits).to_owned(),
            exponent,
        };
        (number.adjusted().abs() <= MAX_EXPONENT).then_some(number)
    }

    /// How many digits there are, without those that the exponent adds.
    #[must_use]
    pub fn digit_count(&self) -> usize {
        self.digits.len()
    }

    /// The power of ten of the last digit.
    #[must_use]
    pub const fn exponent(&self) -> i64 {
        self.exponent
    }

    /// Whether it is less than zero, or minus zero.
    #[must_use]
    pub const fn is_negative(&self) -> bool {
        self.is_negative
    }

    fn is_zero(&self) -> bool {
        self.digits == "0"
    }

    /// The power of ten of the first digit (`Decimal.adjusted`).
    fn adjusted(&self) -> i64 {
        self.exponent + i64::try_from(self.digits.len()).unwrap_or(i64::MAX) - 1
    }

    /// The number with so many digits after the point, rounded half to even as Python's default context does; `None`
    /// where it would have more than a thousand digits.
    #[must_use]
    pub fn quantize(&self, places: u32) -> Option<Self> {
        let shift = self.exponent + i64::from(places);
        let digits = match usize::try_from(shift) {
            Ok(zeros) if self.is_zero() || zeros == 0 => Some(self.digits.clone()),
            Ok(zeros) if self.digits.len() + zeros <= LONGEST => {
                Some(self.digits.clone() + &"0".repeat(zeros))
            }
            Ok(_) => None,
            Err(_) => Some(self.rounded(usize::try_from(shift.unsigned_abs()).ok()?)),
        };
        Some(Self {
            is_negative: self.is_negative,
            digits: digits?,
            exponent: -i64::from(places),
        })
    }

    /// The number without zeros at the end (`Decimal.normalize`); zero has no other digits.
    #[must_use]
    pub fn normalize(&self) -> Self {
        let kept = self.digits.trim_end_matches('0');
        let dropped = i64::try_from(self.digits.len() - kept.len()).unwrap_or(0);
        match kept {
            "" => Self {
                digits: "0".to_owned(),
                exponent: 0,
                ..*self
            },
            kept => Self {
                digits: kept.to_owned(),
                exponent: self.exponent.saturating_add(dropped),
                ..*self
            },
        }
    }

    /// The digits without the last ones, rounded half to even.
    fn rounded(&self, dropped: usize) -> String {
        let Some(kept) = self.digits.len().checked_sub(dropped) else {
            return "0".to_owned();
        };
        let (kept, rest) = self.digits.split_at(kept);
        let is_odd = kept.bytes().next_back().is_some_and(|digit| digit % 2 == 1);
        let half = "5".to_owned() + &"0".repeat(rest.len().saturating_sub(1));
        match (rest.cmp(&half), is_odd) {
            (Ordering::Greater, _) | (Ordering::Equal, true) => incremented(kept),
            _ => significant(kept).to_owned(),
        }
    }

    /// Digits with a point and no exponent (`format(value, "f")`), unless it were longer than a thousand digits.
    #[must_use]
    pub fn to_plain(&self) -> String {
        let sign = if self.is_negative { "-" } else { "" };
        let length = usize::try_from(self.exponent.unsigned_abs()).unwrap_or(usize::MAX);
        match self.exponent {
            0 => format!("{sign}{}", self.digits),
            1.. if self.is_zero() => format!("{sign}0"),
            _ if length > LONGEST => self.scientific(),
            1.. => format!("{sign}{}{}", self.digits, "0".repeat(length)),
            _ => {
                let padded = format!("{:0>width$}", self.digits, width = length + 1);
                let (whole, fraction) = padded.split_at(padded.len() - length);
                format!("{sign}{whole}.{fraction}")
            }
        }
    }

    fn scientific(&self) -> String {
        let sign = if self.is_negative { "-" } else { "" };
        let (first, rest) = self.digits.split_at(1.min(self.digits.len()));
        let point = if rest.is_empty() { "" } else { "." };
        format!("{sign}{first}{point}{rest}E{:+}", self.adjusted())
    }
}

/// How many digits are written out at most.
const LONGEST: usize = 1100;

fn parsed_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let exponent: i64 = is_number.then(|| text.parse().ok()).flatten()?;
    (exponent.abs() <= MAX_EXPONENT * 2).then_some(exponent)
}

fn significant(digits: &str) -> &str {
    match digits.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    }
}

/// The next greater number of those digits.
fn incremented(digits: &str) -> String {
    let kept = digits.trim_end_matches('9');
    let nines = digits.len() - kept.len();
    let head = match kept.char_indices().next_back() {
        None => "1".to_owned(),
        Some((position, last)) => {
            let (head, _) = kept.split_at(position);
            let next = last
                .to_digit(10)
                .and_then(|digit| char::from_digit(digit + 1, 10));
            format!("{head}{}", next.unwrap_or('9'))
        }
    };
    significant(&(head + &"0".repeat(nines))).to_owned()
}

/// As Python's `str(Decimal)` writes it.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.exponent <= 0 && self.adjusted() >= -6 {
            true => f.write_str(&self.to_plain()),
            false => f.write_str(&self.scientific()),
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.sign(), other.sign()) {
            (-1, -1) => other.compare_size(self),
            (1, 1) => self.compare_size(other),
            (mine, theirs) => mine.cmp(&theirs),
        }
    }
}

impl Decimal {
    fn sign(&self) -> i8 {
        match (self.is_zero(), self.is_negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }

    /// Compares numbers that are not zero, without their signs.
    fn compare_size(&self, other: &Self) -> Ordering {
        let significant = |decimal: &Self| decimal.digits.trim_end_matches('0').to_owned();
        let by_size = self.adjusted().cmp(&other.adjusted());
        by_size.then_with(|| significant(self).cmp(&significant(other)))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

/// Zero.
impl Default for Decimal {
    fn default() -> Self {
        Self::new(0, 0)
    }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Self {
        Self::new(number.into(), 0)
    }
}

impl std::str::FromStr for Decimal {
    type Err = NotADecimal;

    fn from_str(text: &str) -> Result<Self, NotADecimal> {
        Self::from_text(text).ok_or(NotADecimal)
    }
}

/// A text that Python's `Decimal` refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a decimal number is wanted, such as \"10.50\"")]
pub struct NotADecimal;

/// As text, as DRF writes it.
impl serde::Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Of text.
impl<'de> serde::Deserialize<'de> for Decimal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
