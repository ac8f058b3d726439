//! Prices: at most ten digits, two of them after the point (`rest_framework.fields.DecimalField`).

use std::fmt;
use std::str::FromStr;

const MAX_DIGITS: i64 = 10;
const DECIMAL_PLACES: i64 = 2;
const MAX_STRING_LENGTH: usize = 1000;

/// A price in hundredths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Price(i64);

/// Why a text is no price; its words are DRF's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PriceError {
    #[error("A valid number is required.")]
    Invalid,
    #[error("String value too large.")]
    TooLong,
    #[error("Ensure that there are no more than 10 digits in total.")]
    Digits,
    #[error("Ensure that there are no more than 2 decimal places.")]
    Places,
    #[error("Ensure that there are no more than 8 digits before the decimal point.")]
    WholeDigits,
}

impl Price {
    /// The price that a column of SQLite's NUMERIC affinity or a `numeric` of PostgreSQL's holds.
    pub(crate) fn from_real(value: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "ten digits fit, and `as` saturates"
        )]
        Self((value * 100.0).round() as i64)
    }
}

impl FromStr for Price {
    type Err = PriceError;

    fn from_str(text: &str) -> Result<Self, PriceError> {
        let text = text.trim();
        if text.len() > MAX_STRING_LENGTH {
            return Err(PriceError::TooLong);
        }
        let number = Number::parse(text).ok_or(PriceError::Invalid)?;
        number.check_precision()?;
        Ok(Self(number.hundredths()))
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let hundredths = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

/// What Python's `Decimal.as_tuple()` tells: sign, digits, exponent.
struct Number {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Number {
    fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let negative = mantissa.starts_with('-');
        let unsigned = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = match all.trim_start_matches('0') {
            "" => "0".to_owned(),
            digits => digits.to_owned(),
        };
        let places = i64::try_from(fraction.len()).ok()?;
        Some(Self {
            negative,
            digits,
            exponent: i64::from(exponent) - places,
        })
    }

    /// `DecimalField.validate_precision`
    fn check_precision(&self) -> Result<(), PriceError> {
        let length = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        let places = (-self.exponent).max(0);
        let total = if self.exponent >= 0 {
            length + self.exponent
        } else {
            length.max(places)
        };
        match () {
            () if total > MAX_DIGITS => Err(PriceError::Digits),
            () if places > DECIMAL_PLACES => Err(PriceError::Places),
            () if total - places > MAX_DIGITS - DECIMAL_PLACES => Err(PriceError::WholeDigits),
            () => Ok(()),
        }
    }

    /// The value in hundredths; the precision was checked, so it fits.
    fn hundredths(&self) -> i64 {
        let digits: i64 = self.digits.parse().unwrap_or(0);
        let scale = u32::try_from(self.exponent + DECIMAL_PLACES).unwrap_or(0);
        let value = digits.saturating_mul(10_i64.saturating_pow(scale));
        if self.negative { -value } else { value }
    }
}

#[cfg(test)]
mod tests {
    use super::{Price, PriceError};

    #[test]
    fn prices_are_read_as_drf_reads_them() {
        let good = [
            ("1", "1.00"),
            ("1.5", "1.50"),
            (" 4.00 ", "4.00"),
            ("-3.20", "-3.20"),
            ("1e2", "100.00"),
            (".5", "0.50"),
        ];
        for (text, shown) in good {
            assert_eq!(text.parse::<Price>().unwrap().to_string(), shown, "{text}");
        }
        let bad = [
            ("NaN", PriceError::Invalid),
            ("", PriceError::Invalid),
            ("1.555", PriceError::Places),
            ("123456789.00", PriceError::Digits),
            ("123456789", PriceError::WholeDigits),
            ("1e9999", PriceError::Digits),
        ];
        for (text, error) in bad {
            assert_eq!(text.parse::<Price>(), Err(error), "{text}");
        }
    }

    #[test]
    fn a_real_keeps_its_cents() {
        assert_eq!(Price::from_real(10.5).to_string(), "10.50");
        assert_eq!(Price::from_real(-0.05).to_string(), "-0.05");
    }
}
