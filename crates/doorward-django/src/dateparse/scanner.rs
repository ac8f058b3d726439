//! [`Scanner`]: what is left to read of a text.

/// What is left to read of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scanner<'a>(pub(super) &'a [u8]);

impl<'a> Scanner<'a> {
    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn peek(self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The next byte, where it is one of those.
    pub(super) fn one_of(&mut self, accepted: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        accepted.contains(first).then(|| {
            self.0 = rest;
            *first
        })
    }

    /// A number of exactly so many digits.
    pub(super) fn number(&mut self, digits: usize) -> Option<i64> {
        self.digits(digits, digits).map(|(number, _)| number)
    }

    /// A number of that many digits, as many as there are, and how many they were; at most 18.
    pub(super) fn digits(&mut self, least: usize, most: usize) -> Option<(i64, usize)> {
        let digits = self.take_digits(most);
        let number = digits
            .iter()
            .fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
        (digits.len() >= least).then_some((number, digits.len()))
    }

    /// At most so many digits.
    pub(super) fn take_digits(&mut self, most: usize) -> &'a [u8] {
        let is_digit = |byte: &&u8| byte.is_ascii_digit();
        let count = self.0.iter().take(most).take_while(is_digit).count();
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        digits
    }

    pub(super) fn skip_digits(&mut self, most: usize) {
        self.take_digits(most);
    }
}

/// Digits of a fraction as microseconds.
pub(super) fn micros((number, digits): (i64, usize)) -> i64 {
    (digits..6).fold(number, |number, _| number * 10)
}
