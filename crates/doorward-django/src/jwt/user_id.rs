//! Whom a token stands for: [`UserIdClaim`].

use std::borrow::Cow;

use super::TokenError;
use crate::json::{Number, Value};

/// A user id as a token writes it: SimpleJWT 5.5 writes text, older ones the number.
///
/// Python's `int` reads `" 2 "`, `"02"`, `"+2"`, `"2_0"` and `"２"` as integers, so that many texts name one
/// user. Here an integer has one spelling; the others are [`Loose`](Self::Loose), which only a table with
/// text ids may look up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserIdClaim<'a> {
    /// A JSON integer, or the canonical decimal text of one.
    Integer(i64),
    /// Any other text; also an integer beyond `i64`, in decimal.
    Text(Cow<'a, str>),
    /// Text that Python would make an integer of, but that is not how one is written.
    Loose(&'a str),
    /// `null`, a list, an object: what names no user.
    Nobody,
}

impl<'a> UserIdClaim<'a> {
    pub(super) fn read(claim: &'a Value) -> Result<Self, TokenError> {
        match claim {
            Value::Bool(_) => Err(TokenError::Invalid),
            Value::Number(number) => Self::from_number(number),
            Value::String(text) => Ok(Self::from_text(text)),
            Value::Null | Value::Array(_) | Value::Object(_) => Ok(Self::Nobody),
        }
    }

    fn from_number(number: &Number) -> Result<Self, TokenError> {
        if let Some(integer) = number.as_i64() {
            return Ok(Self::Integer(integer));
        }
        match number.as_f64() {
            Some(float) if number.is_float() && float.abs() < TWO_TO_THE_63 => Err(TokenError::Invalid),
            Some(float) if number.is_float() => Ok(Self::Text(Cow::Owned(format!("{float:.0}")))),
            _ => Ok(Self::Text(Cow::Owned(number.to_string()))),
        }
    }

    fn from_text(text: &'a str) -> Self {
        match text.parse::<i64>() {
            Ok(integer) if is_canonical(text) => Self::Integer(integer),
            _ if !is_canonical(text) && is_integer_to_python(text) => Self::Loose(text),
            _ => Self::Text(Cow::Borrowed(text)),
        }
    }

    /// The id in a table with integer ids; `None` where it can name nobody there.
    ///
    /// # Errors
    /// [`TokenError::Invalid`] for a [`Loose`](Self::Loose) one.
    pub fn integer(&self) -> Result<Option<i64>, TokenError> {
        match self {
            Self::Integer(integer) => Ok(Some(*integer)),
            Self::Text(_) | Self::Nobody => Ok(None),
            Self::Loose(_) => Err(TokenError::Invalid),
        }
    }

    /// The id in a table with text ids, letter by letter; `None` where it can name nobody there.
    #[must_use]
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Integer(integer) => Some(Cow::Owned(integer.to_string())),
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Loose(text) => Some(Cow::Borrowed(text)),
            Self::Nobody => None,
        }
    }
}

/// From here on a float, too, is beyond every id, and names nobody.
const TWO_TO_THE_63: f64 = 9_223_372_036_854_775_808.0;

/// `0`, `-1`, `42`: digits without a needless zero, and a minus only before a number.
fn is_canonical(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let starts_well = match digits.as_bytes() {
        [b'0'] => text == "0",
        [first, ..] => *first != b'0',
        [] => false,
    };
    starts_well && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether Python's `int(text)` would succeed, or nearly: white space around, a sign, `_` between digits.
fn is_integer_to_python(text: &str) -> bool {
    let text = text.trim_matches(|edge: char| edge.is_whitespace() || ('\x1c'..='\x1f').contains(&edge));
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let groups = digits.split('_');
    groups
        .into_iter()
        .all(|group| !group.is_empty() && group.chars().all(char::is_numeric))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::json;
    use crate::json::loads;
    use proptest::prelude::*;

    #[test]
    fn integers_have_one_spelling() {
        for claim in [json!(7), json!("7")] {
            assert_eq!(UserIdClaim::read(&claim), Ok(UserIdClaim::Integer(7)), "{claim}");
        }
        assert_eq!(UserIdClaim::from_text("-1"), UserIdClaim::Integer(-1));
        for text in [
            " 2 ", "2\n", "02", "+2", "2_0", "２", "-0", "00", "\u{a0}2", "\x1f2",
        ] {
            let claim = UserIdClaim::from_text(text);
            assert_eq!(claim, UserIdClaim::Loose(text), "{text}");
            assert_eq!(claim.integer(), Err(TokenError::Invalid));
            assert_eq!(claim.text().as_deref(), Some(text));
        }
    }

    #[test]
    fn other_texts_are_kept() {
        for text in [
            "abc",
            "",
            " ",
            "-",
            "+",
            "_",
            "2__0",
            "_2",
            "2\0",
            "1e0",
            "0x2",
            "1.0",
            "9223372036854775808",
        ] {
            let claim = UserIdClaim::from_text(text);
            assert_eq!(claim, UserIdClaim::Text(text.into()), "{text}");
            assert_eq!(claim.integer(), Ok(None));
        }
    }

    #[test]
    fn numbers_beyond_every_id_name_nobody() {
        for (claim, text) in [
            (json!(u64::MAX), "18446744073709551615"),
            (
                loads("1000000000000000000000000000000").unwrap(),
                "1000000000000000000000000000000",
            ),
            (json!(1e30), "1000000000000000019884624838656"),
        ] {
            assert_eq!(UserIdClaim::read(&claim), Ok(UserIdClaim::Text(text.into())));
        }
    }

    #[test]
    fn other_kinds() {
        for claim in [json!(true), json!(false), json!(2.0), json!(2.5), json!(-0.0)] {
            assert_eq!(UserIdClaim::read(&claim), Err(TokenError::Invalid), "{claim}");
        }
        for claim in [json!(null), json!([]), json!([2]), json!({})] {
            assert_eq!(UserIdClaim::read(&claim), Ok(UserIdClaim::Nobody), "{claim}");
        }
    }

    proptest! {
        #[test]
        fn every_integer_reads_back(id: i64) {
            let text = id.to_string();
            prop_assert_eq!(UserIdClaim::from_text(&text), UserIdClaim::Integer(id));
        }

        #[test]
        fn what_is_an_integer_is_spelled_so(text in "[ +_-]?[0-9]{1,20}[ _]?") {
            if let UserIdClaim::Integer(id) = UserIdClaim::from_text(&text) {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }
}
