//! [`FieldType`]: what a kind of field does; implement it for one of your own (`rest_framework.fields.Field`).

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use doorward_django::json::Value;

use super::options::{Null, Options, Presence};
use super::{
    Completeness, ErrorDetail, Field, Mapping, Primitive, TimeFormats, ValidatedValue, ValidationError,
};

/// What a kind of field does with what was sent, and with what is answered.
///
/// ```
/// use doorward_core::serializers::{
///     FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError,
/// };
///
/// /// `#rrggbb`.
/// #[derive(Debug)]
/// struct Colour;
///
/// impl FieldType for Colour {
///     fn type_name(&self) -> &'static str {
///         "field"
///     }
///
///     fn to_internal_value(
///         &self,
///         data: Primitive<'_>,
///         cx: &FieldContext<'_>,
///     ) -> Result<ValidatedValue, ValidationError> {
///         let text = data.to_text();
///         let is_colour = |digits: &str| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
///         match text.strip_prefix('#').is_some_and(is_colour) {
///             true => Ok(text.into_owned().into()),
///             false => Err(cx.fail("invalid", "Enter a colour such as #00ff00.", &[])),
///         }
///     }
/// }
///
/// let field = TypedField::of(Colour).optional();
/// # let _ = field;
/// ```
pub trait FieldType: fmt::Debug + Send + Sync + 'static {
    /// The type's name in the answer to OPTIONS (`SimpleMetadata.label_lookup`).
    fn type_name(&self) -> &'static str;

    /// A value of this type, of what was sent.
    ///
    /// # Errors
    /// What is wrong with it; [`FieldContext::fail`] makes it.
    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError>;

    /// What an answer holds, of a value that serde wrote.
    #[must_use]
    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        value
    }

    /// What was sent for the field (`Field.get_value`).
    #[must_use]
    fn value_in<'d>(&self, name: &str, data: &Mapping<'d>, cx: &FieldContext<'_>) -> Option<Primitive<'d>> {
        match data {
            Mapping::Json(_) => data.value(name),
            Mapping::Form(_) => match data.value(name) {
                None => self.missing_in_form(cx),
                Some(Primitive::Text("")) => cx.of_empty_text(self.blank()),
                sent => sent,
            },
        }
    }

    /// What a form means that does not hold the field (`Field.default_empty_html`).
    #[must_use]
    fn missing_in_form<'d>(&self, _: &FieldContext<'_>) -> Option<Primitive<'d>> {
        None
    }

    /// Whether an empty text is a value.
    #[must_use]
    fn blank(&self) -> Blank {
        Blank::Refused
    }

    /// What is said where nothing was sent that must be there.
    #[must_use]
    fn required(&self) -> &'static str {
        "This field is required."
    }

    /// What is settled before anybody asks for null and bounds, such as a text that is blank.
    #[must_use]
    fn settled(
        &self,
        _: &Primitive<'_>,
        _: &FieldContext<'_>,
    ) -> Option<Result<ValidatedValue, ValidationError>> {
        None
    }

    /// Adds what is wrong with a value of this type: its bounds.
    fn validate(&self, _: &ValidatedValue, _: &FieldContext<'_>, _: &mut Vec<ErrorDetail>) {}

    /// What OPTIONS tells besides, in DRF's order: `max_length` and the like, `child`, `children`, `choices`.
    #[must_use]
    fn attributes(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    /// The type with those formats where it says none of its own; `None` for one that holds no dates and times.
    #[must_use]
    fn with_time_formats(&self, _: &TimeFormats) -> Option<Arc<dyn FieldType>> {
        None
    }

    /// What OPTIONS tells of each item of a list whose items are told as the list is: required, read-only, under its own
    /// label (`BaseSerializer.many_init` hands both the same arguments).
    #[must_use]
    fn item(&self) -> Option<Field> {
        None
    }
}

/// Whether an empty text is a value (`allow_blank`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Blank {
    /// It is none.
    #[default]
    Refused,
    /// It is one.
    Allowed,
}

/// How a field was made, for its type.
#[derive(Clone, Copy, Debug)]
pub struct FieldContext<'f> {
    pub(super) options: &'f Options,
    pub(super) completeness: Completeness,
}

impl FieldContext<'_> {
    /// An error of that code: with the field's own message (`error_messages`), or else that sentence. What stands in
    /// braces in either is replaced by the parameter of that name.
    #[must_use]
    pub fn fail(
        &self,
        code: &'static str,
        sentence: &'static str,
        parameters: &[(&str, &dyn fmt::Display)],
    ) -> ValidationError {
        self.detail(code, sentence, parameters).into()
    }

    /// As [`fail`](Self::fail), for what [`FieldType::validate`] adds.
    #[must_use]
    pub fn detail(
        &self,
        code: &'static str,
        sentence: &'static str,
        parameters: &[(&str, &dyn fmt::Display)],
    ) -> ErrorDetail {
        let own = self
            .options
            .error_messages
            .iter()
            .find(|(known, _)| known == code);
        let mut message = own.map_or(Cow::Borrowed(sentence), |(_, message)| message.clone());
        for (name, value) in parameters {
            message = message.replace(&format!("{{{name}}}"), &value.to_string()).into();
        }
        ErrorDetail::new(code, message)
    }

    /// Whether what is missing stays as it is: an update of a part.
    #[must_use]
    pub fn completeness(&self) -> Completeness {
        self.completeness
    }

    pub(super) fn has_default(&self) -> bool {
        matches!(self.options.presence, Presence::Default(_))
    }

    pub(super) fn allows_null(&self) -> bool {
        self.options.null == Null::Allowed
    }

    /// What a field of a form means that was left empty.
    fn of_empty_text<'d>(&self, blank: Blank) -> Option<Primitive<'d>> {
        let is_required = matches!(self.options.presence, Presence::Required);
        match (blank, self.options.null) {
            (Blank::Allowed, _) => Some(Primitive::Text("")),
            (_, Null::Allowed) => Some(Primitive::Null),
            _ if is_required => Some(Primitive::Text("")),
            _ => None,
        }
    }
}
