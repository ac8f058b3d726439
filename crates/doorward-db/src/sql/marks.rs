//! Marks for values: `?` and `?1` as statements have them here, `$1` as PostgreSQL has them, `?` in order as MariaDB has
//! them.

#[cfg(feature = "mariadb")]
use std::sync::Arc;

/// What a statement is made of.
enum Part<'a> {
    Text(&'a str),
    /// The mark of a value, numbered from 1.
    Mark(usize),
}

/// The parts of a statement. A `?` has the number after the largest so far, as on SQLite, and `?0` the number of the mark
/// before it. What stands in quotes is left alone, and `??` is a question mark.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut quote, mut largest, mut latest, mut start) = (None, 0_usize, 0_usize, 0_usize);
    let mut letters = text.char_indices().peekable();
    while let Some((place, letter)) = letters.next() {
        match (quote, letter) {
            (Some(open), _) => quote = (open != letter).then_some(open),
            (None, '\'' | '"' | '`') => quote = Some(letter),
            (None, '?') => {
                parts.push(Part::Text(text.get(start..place).unwrap_or_default()));
                if letters.next_if(|(_, next)| *next == '?').is_some() {
                    parts.push(Part::Text("?"));
                } else {
                    latest = match digits(&mut letters).parse() {
                        Ok(0) => latest,
                        Ok(number) => number,
                        Err(_) => largest + 1,
                    };
                    largest = largest.max(latest);
                    parts.push(Part::Mark(latest));
                }
                start = letters.peek().map_or(text.len(), |(next, _)| *next);
            }
            (None, _) => {}
        }
    }
    parts.push(Part::Text(text.get(start..).unwrap_or_default()));
    parts
}

fn digits(letters: &mut std::iter::Peekable<std::str::CharIndices<'_>>) -> String {
    let digit = || letters.next_if(|(_, letter)| letter.is_ascii_digit());
    std::iter::from_fn(digit).map(|(_, digit)| digit).collect()
}

/// The text with `$1`, `$2`, … for its marks.
#[cfg(feature = "postgres")]
pub(super) fn numbered(text: &str) -> String {
    let mut numbered = String::with_capacity(text.len() + 8);
    for part in parts(text) {
        match part {
            Part::Text(text) => numbered.push_str(text),
            Part::Mark(number) => numbered.push_str(&format!("${number}")),
        }
    }
    numbered
}

/// A statement whose marks have no numbers.
#[cfg(feature = "mariadb")]
#[derive(Debug)]
pub(crate) struct InOrder {
    /// The text with a `?` for each.
    pub(crate) text: Arc<str>,
    /// Which value stands at each, from 0.
    pub(crate) values: Vec<usize>,
}

#[cfg(feature = "mariadb")]
impl InOrder {
    pub(super) fn of(text: &str) -> Self {
        let (mut written, mut values) = (String::with_capacity(text.len()), Vec::new());
        for part in parts(text) {
            match part {
                Part::Text(text) => written.push_str(text),
                Part::Mark(number) => {
                    written.push('?');
                    values.push(number.saturating_sub(1));
                }
            }
        }
        Self {
            text: written.into(),
            values,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "postgres")]
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
            ("é = ? AND ü = ?", "é = $1 AND ü = $2"),
        ] {
            assert_eq!(numbered(text), expected, "{text}");
        }
    }

    #[cfg(feature = "mariadb")]
    #[test]
    fn values_stand_in_the_order_of_their_marks() {
        for (text, expected, values) in [
            ("SELECT 1", "SELECT 1", &[][..]),
            ("a = ? AND b = ?", "a = ? AND b = ?", &[0, 1]),
            (
                "a = ?2 OR ?2 IS NULL OR b = ?1",
                "a = ? OR ? IS NULL OR b = ?",
                &[1, 1, 0],
            ),
            (
                "(a = ? AND f(?0)) AND b = ?",
                "(a = ? AND f(?)) AND b = ?",
                &[0, 0, 1],
            ),
            ("`a?` = '?' AND b = ?", "`a?` = '?' AND b = ?", &[0]),
        ] {
            let in_order = InOrder::of(text);
            assert_eq!(&*in_order.text, expected);
            assert_eq!(in_order.values, values, "{text}");
        }
    }
}
