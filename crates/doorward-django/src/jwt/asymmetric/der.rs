//! Reading DER (X.690): just what keys are made of.

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
/// `[0]` with contents of its own.
pub(super) const CONTEXT_0: u8 = 0xa0;

/// Elements of DER, one after the other.
#[derive(Clone, Copy)]
pub(super) struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// What is in a sequence that is all there is.
    pub(super) fn of_sequence(bytes: &'a [u8]) -> Option<Self> {
        let mut outer = Self(bytes);
        let inner = outer.sequence()?;
        outer.is_empty().then_some(inner)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The contents of the next element, if it is of that kind.
    pub(super) fn next(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (found, rest) = self.0.split_first()?;
        let (length, rest) = length(rest)?;
        let (contents, rest) = rest.split_at_checked(length)?;
        if *found != tag {
            return None;
        }
        self.0 = rest;
        Some(contents)
    }

    pub(super) fn sequence(&mut self) -> Option<Self> {
        self.next(SEQUENCE).map(Self)
    }

    /// The bytes of a bit string that has whole bytes.
    pub(super) fn bit_string(&mut self) -> Option<&'a [u8]> {
        self.next(BIT_STRING)?.strip_prefix(&[0])
    }

    /// A number above zero, in big-endian bytes without zeros before it.
    pub(super) fn positive(&mut self) -> Option<&'a [u8]> {
        let bytes = self.next(INTEGER)?;
        match bytes {
            [0, second, ..] if *second >= 0x80 => bytes.get(1..),
            [0x01..=0x7f, ..] => Some(bytes),
            _ => None,
        }
    }
}

/// X.690 §8.1.3, in the shortest form (§10.1).
fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let Some(count) = first.checked_sub(0x80) else {
        return Some((usize::from(*first), rest));
    };
    let (digits, rest) = rest.split_at_checked(usize::from(count))?;
    if digits.len() > 4 || digits.first().is_none_or(|digit| *digit == 0) {
        return None;
    }
    let length = digits
        .iter()
        .fold(0_usize, |sum, digit| sum << 8 | usize::from(*digit));
    (length >= 0x80).then_some((length, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_are_in_their_shortest_form() {
        assert_eq!(length(&[0x7f, 1]), Some((0x7f, [1].as_slice())));
        assert_eq!(length(&[0x81, 0x80]), Some((0x80, [].as_slice())));
        assert_eq!(length(&[0x82, 1, 0]), Some((0x100, [].as_slice())));
        for long in [
            [0x80, 0, 0].as_slice(),
            &[0x81, 0x7f],
            &[0x82, 0, 0x80],
            &[0x85, 1, 0, 0, 0, 0],
            &[0x81],
            &[],
        ] {
            assert_eq!(length(long), None, "{long:?}");
        }
    }

    #[test]
    fn numbers_are_positive_and_in_their_shortest_form() {
        let number = |bytes: &[u8]| {
            let element = [&[INTEGER, u8::try_from(bytes.len()).unwrap()], bytes].concat();
            Der::new(&element).positive().map(<[u8]>::to_vec)
        };
        assert_eq!(number(&[1]), Some(vec![1]));
        assert_eq!(number(&[0, 0x80]), Some(vec![0x80]));
        for bytes in [[].as_slice(), &[0], &[0, 1], &[0x80], &[0xff, 0xff]] {
            assert_eq!(number(bytes), None, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_have_an_answer(bytes: Vec<u8>, tag: u8) {
            let _ = (Der::new(&bytes).next(tag), Der::new(&bytes).positive(), Der::new(&bytes).bit_string());
            let _ = Der::of_sequence(&bytes).map(|mut inner| inner.sequence().map(|mut inner| inner.next(tag)));
        }
    }
}
