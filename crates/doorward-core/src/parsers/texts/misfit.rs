//! [`Misfit`]: what does not fit a type, in DRF's words.

use std::borrow::Cow;
use std::fmt;

use serde::de;
use serde_json::{Value, json};

/// DRF's `NON_FIELD_ERRORS_KEY`.
const NON_FIELD_ERRORS: &str = "non_field_errors";

/// A text that does not fit its type, and where it stands.
#[derive(Debug)]
pub(crate) struct Misfit {
    /// The names and numbers that lead to it, the innermost first.
    place: Vec<Cow<'static, str>>,
    sentence: Cow<'static, str>,
    fault: Fault,
}

/// Whose fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The text's.
    Text,
    /// Nothing stands under the name.
    Missing,
    /// The type's: nothing fits it that can come.
    Type,
}

impl Misfit {
    pub(super) fn new(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self {
            place: Vec::new(),
            sentence: sentence.into(),
            fault: Fault::Text,
        }
    }

    /// A type that nothing fits which can come.
    pub(super) fn ours(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self {
            fault: Fault::Type,
            ..Self::new(sentence)
        }
    }

    /// A text where several fields were expected.
    pub(super) fn no_dictionary() -> Self {
        Self::new("Invalid data. Expected a dictionary, but got str.").within(NON_FIELD_ERRORS)
    }

    /// The same, within that field or at that number of a list.
    pub(super) fn within(mut self, place: impl Into<Cow<'static, str>>) -> Self {
        self.place.push(place.into());
        self
    }

    /// The field that nothing stands under, where that is what is wrong.
    pub(super) fn missing(&self) -> Option<&str> {
        match (self.fault, self.place.as_slice()) {
            (Fault::Missing, [field]) => Some(field),
            _ => None,
        }
    }

    /// Whether it is the type that is wrong, and not the address that a client asked for: a path always has the same
    /// parameters.
    pub(crate) fn is_ours_in_path(&self) -> bool {
        self.fault != Fault::Text
    }

    /// DRF's errors: a list of sentences, under the name of its field.
    pub(crate) fn errors(&self) -> Value {
        let sentences = json!([self.sentence]);
        match self.place.is_empty() {
            true => json!({ NON_FIELD_ERRORS: sentences }),
            false => self
                .place
                .iter()
                .fold(sentences, |inner, place| json!({ (place.as_ref()): inner })),
        }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in self.place.iter().rev() {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Misfit {}

impl de::Error for Misfit {
    /// What a type of somebody's own says of a text.
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(format!("Expected {expected}."))
    }

    fn invalid_value(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(format!("Expected {expected}."))
    }

    fn invalid_length(_: usize, expected: &dyn de::Expected) -> Self {
        Self::ours(format!("Expected {expected}."))
    }

    fn unknown_variant(variant: &str, _: &'static [&'static str]) -> Self {
        Self::new(format!("\"{variant}\" is not a valid choice."))
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::new("This field is not known.").within(field.to_owned())
    }

    fn missing_field(field: &'static str) -> Self {
        Self {
            fault: Fault::Missing,
            ..Self::new("This field is required.").within(field)
        }
    }
}
