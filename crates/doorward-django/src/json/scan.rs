//! How far a text goes as it is, eight bytes at a time.

const ONES: u64 = u64::MAX / 0xff;
const HIGHEST: u64 = ONES * 0x80;

/// What ends a piece of text besides quotation marks, backslashes and control characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Also {
    Nothing,
    /// DEL, and what is not ASCII.
    NotPrintable,
    /// The byte that U+2028 and U+2029 begin with in UTF-8, and others do.
    Separators,
}

/// The first byte of U+2028 and U+2029 in UTF-8.
pub(super) const SEPARATOR: u8 = 0xe2;

/// How many bytes stand before the first one that ends a piece.
pub(super) fn plain_length(bytes: &[u8], also: Also) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (count, word) in words.iter().enumerate() {
        let special = special_bytes(u64::from_le_bytes(*word), also);
        if special != 0 {
            return count * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    let in_rest = rest.iter().position(|byte| is_special(*byte, also));
    words.len() * 8 + in_rest.unwrap_or(rest.len())
}

const fn is_special(byte: u8, also: Also) -> bool {
    let is_also = match also {
        Also::Nothing => false,
        Also::NotPrintable => byte > b'~',
        Also::Separators => byte == SEPARATOR,
    };
    matches!(byte, b'"' | b'\\' | 0..0x20) || is_also
}

/// The highest bit of each byte that ends a piece. Of bytes above the first such one it says nothing.
const fn special_bytes(word: u64, also: Also) -> u64 {
    let controls = word.wrapping_sub(ONES * 0x20) & !word;
    let special = controls | equal(word, b'"') | equal(word, b'\\');
    let others = match also {
        Also::Nothing => 0,
        Also::NotPrintable => word | equal(word, 0x7f),
        Also::Separators => equal(word, SEPARATOR),
    };
    (special | others) & HIGHEST
}

/// The highest bit of each byte that is this one.
const fn equal(word: u64, byte: u8) -> u64 {
    let different = word ^ (ONES * byte as u64);
    different.wrapping_sub(ONES) & !different
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pieces_end_where_they_should(bytes in prop::collection::vec(
            prop_oneof![8 => any::<u8>(), 1 => Just(b'"'), 1 => Just(SEPARATOR), 1 => 0..0x20_u8, 8 => 0x20..0x80_u8],
            0..40,
        )) {
            for also in [Also::Nothing, Also::NotPrintable, Also::Separators] {
                let expected = bytes.iter().position(|byte| is_special(*byte, also)).unwrap_or(bytes.len());
                prop_assert_eq!(plain_length(&bytes, also), expected);
            }
        }
    }
}
