//! Marks for values: `?` and `?1` as statements have them here, `$1` as PostgreSQL has them.

/// The text with `$1`, `$2`, … for its marks; a `?` has the number after the largest so far, as on SQLite. What stands in
/// quotes is left alone, and `??` is a question mark.
pub(super) fn numbered(text: &str) -> String {
    let mut numbered = String::with_capacity(text.len() + 8);
    let mut letters = text.chars().peekable();
    let (mut quote, mut largest) = (None, 0_usize);
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), _) => quote = (open != letter).then_some(open),
            (None, '\'' | '"') => quote = Some(letter),
            (None, '?') if letters.next_if_eq(&'?').is_none() => {
                let given = digits(&mut letters);
                let number = given.parse().unwrap_or(largest + 1);
                largest = largest.max(number);
                numbered.push_str(&format!("${number}"));
                continue;
            }
            (None, _) => {}
        }
        numbered.push(letter);
    }
    numbered
}

fn digits(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> String {
    std::iter::from_fn(|| letters.next_if(char::is_ascii_digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_numbered_outside_of_quotes() {
        for (text, expected) in [
            ("SELECT 1", "SELECT 1"),
            ("a = ? AND b = ?", "a = $1 AND b = $2"),
            ("?1, ?2, ?1", "$1, $2, $1"),
            ("?2, ?1, ?", "$2, $1, $3"),
            ("a = '?' AND \"b?\" = ?", "a = '?' AND \"b?\" = $1"),
            ("a = 'it''s ?' AND b = ?", "a = 'it''s ?' AND b = $1"),
            ("doc ?? ?", "doc ? $1"),
        ] {
            assert_eq!(numbered(text), expected, "{text}");
        }
    }
}
