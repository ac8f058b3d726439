//! [`CharField`]: text (`rest_framework.fields.CharField`).

use std::borrow::Cow;

use doorward_django::json::Value;
use doorward_django::python_text::is_space;

use super::limits::{LengthMessages, Lengths};
use crate::serializers::field_type::Blank;
use crate::serializers::{
    ErrorDetail, FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError,
};

/// Text; white space around it is cut off, and what is blank is refused, unless it is told otherwise.
pub type CharField = TypedField<Char>;

/// The type of a [`CharField`].
#[derive(Clone, Debug, Default)]
pub struct Char {
    pub(super) trim: Trim,
    pub(super) blank: Blank,
    pub(super) lengths: Lengths,
}

/// What becomes of white space around a text (`trim_whitespace`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trim {
    /// It is cut off.
    #[default]
    Yes,
    /// It belongs to the text.
    No,
    /// It belongs to the text, which must hold something else too (difference 6).
    UnlessBlank,
}

impl TypedField<Char> {
    /// A text of any length.
    #[must_use]
    pub fn new() -> Self {
        Self::of(Char::default())
    }
}

impl Default for TypedField<Char> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: TextType> TypedField<K> {
    /// At most so many characters.
    #[must_use]
    pub fn max_length(mut self, characters: usize) -> Self {
        self.kind.text_mut().lengths.max = Some(characters);
        self
    }

    /// At least so many characters.
    #[must_use]
    pub fn min_length(mut self, characters: usize) -> Self {
        self.kind.text_mut().lengths.min = Some(characters);
        self
    }

    /// An empty text is a value.
    #[must_use]
    pub fn allow_blank(mut self) -> Self {
        self.kind.text_mut().blank = Blank::Allowed;
        self
    }

    /// What becomes of white space around the text.
    #[must_use]
    pub fn trim_whitespace(mut self, trim: Trim) -> Self {
        self.kind.text_mut().trim = trim;
        self
    }
}

/// A type of field that holds text, with all that a [`CharField`] may be told.
pub trait TextType: FieldType {
    /// What it was told as a text.
    fn text_mut(&mut self) -> &mut Char;
}

impl TextType for Char {
    fn text_mut(&mut self) -> &mut Char {
        self
    }
}

impl FieldType for Char {
    fn type_name(&self) -> &'static str {
        "string"
    }

    fn blank(&self) -> Blank {
        self.blank
    }

    fn settled(
        &self,
        data: &Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Option<Result<ValidatedValue, ValidationError>> {
        let Primitive::Text(text) = data else {
            return None;
        };
        let is_blank = text.is_empty() || (self.trim != Trim::No && trimmed(text).is_empty());
        is_blank.then(|| match self.blank {
            Blank::Allowed => Ok("".into()),
            Blank::Refused => Err(cx.fail("blank", "This field may not be blank.", &[])),
        })
    }

    /// Numbers are text too, as Python's `str` writes them.
    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        let (Primitive::Text(_) | Primitive::Number(_)) = data else {
            return Err(cx.fail("invalid", "Not a valid string.", &[]));
        };
        Ok(match (self.trim, data.to_text()) {
            (Trim::Yes, text) => trimmed(&text).into(),
            (Trim::No | Trim::UnlessBlank, text) => Cow::into_owned(text).into(),
        })
    }

    fn validate(&self, value: &ValidatedValue, cx: &FieldContext<'_>, errors: &mut Vec<ErrorDetail>) {
        let text = value.as_str().unwrap_or_default();
        self.lengths.check(text.chars().count(), CHARACTERS, cx, errors);
        if text.contains('\0') {
            errors.push(ErrorDetail::new(
                "null_characters_not_allowed",
                "Null characters are not allowed.",
            ));
        }
    }

    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        Primitive::from(&value).to_text().into()
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        self.lengths.attributes()
    }
}

const CHARACTERS: LengthMessages = LengthMessages {
    max: "Ensure this field has no more than {max_length} characters.",
    min: "Ensure this field has at least {min_length} characters.",
};

/// Python's `str.strip()`: it also cuts the four ASCII separators.
#[must_use]
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Python's `str.rstrip()`.
pub(super) fn trimmed_end(text: &str) -> &str {
    text.trim_end_matches(is_space)
}
