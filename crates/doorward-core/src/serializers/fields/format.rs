//! [`TextOf`]: text of a certain form, such as an e-mail address.

use std::fmt;

use doorward_django::json::Value;

use super::char::{Char, TextType};
use crate::serializers::{
    Blank, ErrorDetail, FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError,
};

/// The form that a text has to have.
pub trait TextFormat: fmt::Debug + Send + Sync + 'static {
    /// The name in the answer to OPTIONS.
    const TYPE_NAME: &'static str = "string";

    /// The sentence for what is no text at all (`error_messages["invalid"]`).
    const INVALID: &'static str;

    /// What is wrong with a text, if anything is.
    fn check(&self, text: &str, cx: &FieldContext<'_>) -> Option<ErrorDetail>;

    /// The text of what was sent, where it is not read as a [`CharField`](super::CharField) reads it.
    #[must_use]
    fn clean(&self, _: &Primitive<'_>, _: &FieldContext<'_>) -> Option<Result<String, ValidationError>> {
        None
    }
}

/// The type of a field for text of a certain form.
#[derive(Clone, Debug)]
pub struct TextOf<F> {
    text: Char,
    pub(super) format: F,
}

impl<F: TextFormat> TypedField<TextOf<F>> {
    /// A field for text of that form, with the options of a [`CharField`](super::CharField).
    pub(super) fn of_format(format: F) -> Self {
        Self::of(TextOf {
            text: Char::default(),
            format,
        })
    }
}

impl<F: TextFormat> TextType for TextOf<F> {
    fn text_mut(&mut self) -> &mut Char {
        &mut self.text
    }
}

impl<F: TextFormat> FieldType for TextOf<F> {
    fn type_name(&self) -> &'static str {
        F::TYPE_NAME
    }

    fn blank(&self) -> Blank {
        self.text.blank()
    }

    fn settled(
        &self,
        data: &Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Option<Result<ValidatedValue, ValidationError>> {
        self.text.settled(data, cx)
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        match (self.format.clean(&data, cx), &data) {
            (Some(cleaned), _) => cleaned.map(ValidatedValue::Text),
            (None, Primitive::Text(_) | Primitive::Number(_)) => self.text.to_internal_value(data, cx),
            (None, _) => Err(cx.fail("invalid", F::INVALID, &[])),
        }
    }

    fn validate(&self, value: &ValidatedValue, cx: &FieldContext<'_>, errors: &mut Vec<ErrorDetail>) {
        self.text.validate(value, cx, errors);
        errors.extend(self.format.check(value.as_str().unwrap_or_default(), cx));
    }

    fn to_representation(&self, value: Value, cx: &FieldContext<'_>) -> Value {
        self.text.to_representation(value, cx)
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        self.text.attributes()
    }
}
