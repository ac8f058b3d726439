//! Python's classes of characters, where Rust's differ: what `\w`, `isdigit` and `strip` mean.

use unicode_normalization::char::is_combining_mark;

/// Whether Python's `\w` matches: `str.isalnum()` or an underscore.
///
/// Rust's alphanumeric characters have vowel signs and circled letters among them; Python's have not.
#[must_use]
pub fn is_word(character: char) -> bool {
    character == '_'
        || (character.is_alphanumeric() && !is_combining_mark(character) && !is_circled_letter(character))
}

/// Whether Python's `str.isspace()` holds: the white space of Rust, and four control characters.
#[must_use]
pub fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\x1c'..='\x1f')
}

/// Python's `str.isdigit()`: not empty, and all of it decimal digits of any script, or digits such as ².
pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_digit)
}

/// Letters that are symbols in name, and alphabetic in Rust's eyes alone.
const fn is_circled_letter(character: char) -> bool {
    matches!(
        character,
        '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f149}' | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}'
    )
}

fn is_digit(character: char) -> bool {
    let code = u32::from(character);
    DIGITS
        .iter()
        .any(|(first, last)| (*first..=*last).contains(&code))
}

/// First and last of each run of digits in Unicode 14, which Python 3.11 has.
#[rustfmt::skip]
const DIGITS: [(u32, u32); 81] = [
    (0x0030, 0x0039), (0x00b2, 0x00b3), (0x00b9, 0x00b9), (0x0660, 0x0669), (0x06f0, 0x06f9),
    (0x07c0, 0x07c9), (0x0966, 0x096f), (0x09e6, 0x09ef), (0x0a66, 0x0a6f), (0x0ae6, 0x0aef),
    (0x0b66, 0x0b6f), (0x0be6, 0x0bef), (0x0c66, 0x0c6f), (0x0ce6, 0x0cef), (0x0d66, 0x0d6f),
    (0x0de6, 0x0def), (0x0e50, 0x0e59), (0x0ed0, 0x0ed9), (0x0f20, 0x0f29), (0x1040, 0x1049),
    (0x1090, 0x1099), (0x1369, 0x1371), (0x17e0, 0x17e9), (0x1810, 0x1819), (0x1946, 0x194f),
    (0x19d0, 0x19da), (0x1a80, 0x1a89), (0x1a90, 0x1a99), (0x1b50, 0x1b59), (0x1bb0, 0x1bb9),
    (0x1c40, 0x1c49), (0x1c50, 0x1c59), (0x2070, 0x2070), (0x2074, 0x2079), (0x2080, 0x2089),
    (0x2460, 0x2468), (0x2474, 0x247c), (0x2488, 0x2490), (0x24ea, 0x24ea), (0x24f5, 0x24fd),
    (0x24ff, 0x24ff), (0x2776, 0x277e), (0x2780, 0x2788), (0x278a, 0x2792), (0xa620, 0xa629),
    (0xa8d0, 0xa8d9), (0xa900, 0xa909), (0xa9d0, 0xa9d9), (0xa9f0, 0xa9f9), (0xaa50, 0xaa59),
    (0xabf0, 0xabf9), (0xff10, 0xff19), (0x1_04a0, 0x1_04a9), (0x1_0a40, 0x1_0a43), (0x1_0d30, 0x1_0d39),
    (0x1_0e60, 0x1_0e68), (0x1_1052, 0x1_105a), (0x1_1066, 0x1_106f), (0x1_10f0, 0x1_10f9),
    (0x1_1136, 0x1_113f), (0x1_11d0, 0x1_11d9), (0x1_12f0, 0x1_12f9), (0x1_1450, 0x1_1459),
    (0x1_14d0, 0x1_14d9), (0x1_1650, 0x1_1659), (0x1_16c0, 0x1_16c9), (0x1_1730, 0x1_1739),
    (0x1_18e0, 0x1_18e9), (0x1_1950, 0x1_1959), (0x1_1c50, 0x1_1c59), (0x1_1d50, 0x1_1d59),
    (0x1_1da0, 0x1_1da9), (0x1_6a60, 0x1_6a69), (0x1_6ac0, 0x1_6ac9), (0x1_6b50, 0x1_6b59),
    (0x1_d7ce, 0x1_d7ff), (0x1_e140, 0x1_e149), (0x1_e2f0, 0x1_e2f9), (0x1_e950, 0x1_e959),
    (0x1_f100, 0x1_f10a), (0x1_fbf0, 0x1_fbf9),
];

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// Whether `holds` says of each character that was assigned in Unicode 14 what Python says.
    fn assert_like_python(class: &str, holds: impl Fn(char) -> bool) {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../interop/vectors/passwords.json"
        );
        let golden: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let ranges = |name: &str| -> Vec<(u32, u32)> {
            serde_json::from_value(golden["characters"][name].clone()).unwrap()
        };
        let within = |ranges: &[(u32, u32)], code| {
            ranges
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&code))
        };
        let (assigned, members) = (ranges("assigned"), ranges(class));
        let differing: Vec<char> = ('\0'..=char::MAX)
            .filter(|character| within(&assigned, u32::from(*character)))
            .filter(|character| holds(*character) != within(&members, u32::from(*character)))
            .collect();
        assert_eq!(differing, [], "{class}");
    }

    #[test]
    fn classes_are_python_s() {
        assert_like_python("word", is_word);
        assert_like_python("space", is_space);
        assert_like_python("digit", is_digit);
    }

    #[test]
    fn nothing_is_not_digits() {
        assert!(!is_digits(""));
        assert!(is_digits("12³٣"));
        assert!(!is_digits("12½") && !is_digits("1 2"));
    }
}
