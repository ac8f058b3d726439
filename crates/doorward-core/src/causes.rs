//! [`with_causes`]: an error as people read it.

use std::error::Error;

/// An error and all that caused it, in one line; what says no more than its neighbour is left out.
#[must_use]
pub fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut told: Vec<String> = Vec::new();
    for cause in std::iter::successors(Some(error), |cause| Error::source(*cause)) {
        let cause = cause.to_string();
        told.pop_if(|last| says_all_of(&cause, last));
        if !told.iter().any(|text| says_all_of(text, &cause)) {
            told.push(cause);
        }
    }
    let told: Vec<_> = told.iter().map(|text| text.trim_end_matches('.')).collect();
    told.join(": ")
}

/// Whether a text holds another one, but for its capitals and its final stop.
fn says_all_of(text: &str, other: &str) -> bool {
    let other = other.trim_end_matches('.').to_lowercase();
    text.to_lowercase().contains(&other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Cause(&'static str, #[source] Option<Box<Cause>>);

    fn chain(texts: &[&'static str]) -> Cause {
        let mut texts = texts.iter().rev().copied();
        let last = Cause(texts.next().unwrap(), None);
        texts.fold(last, |cause, text| Cause(text, Some(Box::new(cause))))
    }

    #[test]
    fn a_cause_is_told_once() {
        for (texts, expected) in [
            (
                &[
                    "The database cannot be written.",
                    "a.sqlite3: the database cannot be written",
                    "attempt to write a readonly database",
                ][..],
                "a.sqlite3: the database cannot be written: attempt to write a readonly database",
            ),
            (
                &["error returned from database: (code: 8) no", "(code: 8) no"],
                "error returned from database: (code: 8) no",
            ),
            (
                &["Later.", "It is away.", "a: it is away", "no disk"],
                "Later: a: it is away: no disk",
            ),
            (&["one", "two", "three."], "one: two: three"),
        ] {
            assert_eq!(with_causes(&chain(texts)), expected);
        }
    }
}
