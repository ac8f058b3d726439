//! Numbers in a JSON text.

use super::{Cursor, Overflow, Reason, Result};
use crate::bounds::MAX_INTEGER_DIGITS;
use crate::json::Number;

/// So many digits fit an `i64`, whatever they are.
const SHORT: usize = 18;

impl Cursor<'_> {
    /// The number that stands here. What does not belong to it is left: of `1.` only `1` is read, and of `01` only `0`.
    pub(super) fn number(&mut self) -> Result<Number> {
        let start = self.place;
        let is_negative = self.take(b'-');
        let digits = self.integer_digits();
        if digits == 0 {
            self.place = start;
            return self.constant();
        }
        if !self.fraction() & !self.exponent() {
            return self.integer(start, digits, is_negative);
        }
        self.float(start).map(Number::from)
    }

    /// The float that ends here.
    fn float(&self, start: usize) -> Result<f64> {
        let text = self.text.get(start..self.place).unwrap_or_default();
        let float = text.parse::<f64>().map_err(|_| Reason::NoValue(start))?;
        match float.is_infinite() && self.rules.overflow == Overflow::Refused {
            true => Err(Reason::Overflow(start)),
            false => Ok(float),
        }
    }

    /// The integer whose digits end here.
    fn integer(&self, start: usize, digits: usize, is_negative: bool) -> Result<Number> {
        if digits > MAX_INTEGER_DIGITS {
            return Err(Reason::TooManyDigits(digits));
        }
        let text = self.text.get(start..self.place).unwrap_or_default();
        if digits > SHORT {
            return Number::from_digits(text).ok_or(Reason::NoValue(start));
        }
        let text = text.get(usize::from(is_negative)..).unwrap_or_default();
        let size = text
            .bytes()
            .fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
        Ok(Number::from(if is_negative { -size } else { size }))
    }

    /// Goes past the digits before a point: a zero, or as many as there are. Tells how many there were.
    fn integer_digits(&mut self) -> usize {
        match self.take(b'0') {
            true => 1,
            false => self.digits(),
        }
    }

    /// Goes past a point with digits behind it.
    fn fraction(&mut self) -> bool {
        let start = self.place;
        let is_there = self.take(b'.') && self.digits() > 0;
        self.stay_unless(is_there, start)
    }

    /// Goes past an exponent with its digits.
    fn exponent(&mut self) -> bool {
        let start = self.place;
        let is_there = (self.take(b'e') || self.take(b'E')) && {
            let _sign = self.take(b'+') || self.take(b'-');
            self.digits() > 0
        };
        self.stay_unless(is_there, start)
    }

    fn stay_unless(&mut self, is_there: bool, start: usize) -> bool {
        if !is_there {
            self.place = start;
        }
        is_there
    }

    /// Goes past digits, and tells how many there were.
    fn digits(&mut self) -> usize {
        let start = self.place;
        while let Some(b'0'..=b'9') = self.peek() {
            self.place += 1;
        }
        self.place - start
    }
}
