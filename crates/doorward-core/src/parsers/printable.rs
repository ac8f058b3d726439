//! Which characters Python shows as they are (`str.isprintable`).

use std::sync::LazyLock;

use regex::Regex;

/// Whether Python's `repr` shows a character as it is: no control character or other white space than a blank, nothing that is
/// formatting, private or not assigned.
pub(crate) fn is_printable(character: char) -> bool {
    static HIDDEN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^[\p{Other}\p{Separator}]").expect("the pattern is a constant"));
    match character {
        ' '..='~' => true,
        other => !HIDDEN.is_match(other.encode_utf8(&mut [0; 4])),
    }
}

#[cfg(test)]
mod tests {
    use super::is_printable;

    #[test]
    fn what_is_hidden_is_python_s() {
        for character in [' ', '~', 'é', '日', '🦀', '\u{301}', '\u{fffd}'] {
            assert!(is_printable(character), "{character:?}");
        }
        let hidden = [
            '\0',
            '\n',
            '\u{7f}',
            '\u{a0}',
            '\u{ad}',
            '\u{200b}',
            '\u{2028}',
            '\u{3000}',
            '\u{feff}',
            '\u{e000}',
            '\u{378}',
            '\u{fffe}',
            '\u{e0001}',
            '\u{10ffff}',
        ];
        for character in hidden {
            assert!(!is_printable(character), "{character:?}");
        }
    }
}
