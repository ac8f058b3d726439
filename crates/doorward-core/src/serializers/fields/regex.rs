//! [`RegexField`]: text that a pattern matches (`rest_framework.fields.RegexField`).

use regex::Regex;

use super::format::{TextFormat, TextOf};
use crate::serializers::{ErrorDetail, FieldContext, TypedField};

/// Text in which a pattern finds something.
pub type RegexField = TypedField<TextOf<Pattern>>;

/// The form of a [`RegexField`].
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

impl RegexField {
    /// Text in which the pattern finds something: with `^` and `$` it is the whole text.
    ///
    /// # Errors
    /// For a pattern that the crate `regex` does not know; it has no looking ahead and back.
    pub fn new(pattern: &str) -> Result<Self, regex::Error> {
        Regex::new(pattern).map(|pattern| Self::of_format(Pattern(pattern)))
    }
}

impl TextFormat for Pattern {
    const TYPE_NAME: &'static str = "regex";
    const INVALID: &'static str = "This value does not match the required pattern.";

    fn check(&self, text: &str, cx: &FieldContext<'_>) -> Option<ErrorDetail> {
        (!self.0.is_match(text)).then(|| cx.detail("invalid", Self::INVALID, &[]))
    }
}
