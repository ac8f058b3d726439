//! [`ChoiceField`]: one of several values (`rest_framework.fields.ChoiceField`).

use std::borrow::Cow;

use doorward_django::json::{Object, Value};

use crate::serializers::{
    Blank, FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError,
};

/// One of several values.
pub type ChoiceField = TypedField<Choices>;

/// The type of a [`ChoiceField`].
#[derive(Clone, Debug)]
pub struct Choices {
    choices: Vec<Choice>,
    blank: Blank,
}

/// A value that may be chosen, and what people call it.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The value.
    pub value: Value,
    /// What people call it.
    pub display_name: Cow<'static, str>,
    /// What people call the group in which it stands, if it stands in one.
    pub group: Option<Cow<'static, str>>,
}

impl Choice {
    /// A value with its name.
    #[must_use]
    pub fn new(value: impl Into<Value>, display_name: impl Into<Cow<'static, str>>) -> Self {
        Self {
            value: value.into(),
            display_name: display_name.into(),
            group: None,
        }
    }

    /// The same in a group.
    #[must_use]
    pub fn group(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.group = Some(name.into());
        self
    }

    /// Python's `str` of the value, which a client sends.
    fn key(&self) -> Cow<'_, str> {
        Primitive::from(&self.value).to_text()
    }

    fn validated(&self) -> ValidatedValue {
        match &self.value {
            Value::String(text) => text.as_str().into(),
            Value::Bool(bool) => (*bool).into(),
            Value::Number(number) => match number.as_integer() {
                Some(integer) => ValidatedValue::Integer(integer.clone()),
                None => ValidatedValue::Json(self.value.clone()),
            },
            other => ValidatedValue::Json(other.clone()),
        }
    }
}

/// A value that is its own name.
impl From<&'static str> for Choice {
    fn from(value: &'static str) -> Self {
        Self::new(value, value)
    }
}

impl<V: Into<Value>> From<(V, &'static str)> for Choice {
    fn from((value, display_name): (V, &'static str)) -> Self {
        Self::new(value, display_name)
    }
}

impl TypedField<Choices> {
    /// One of those values: texts, or pairs of a value and its name.
    ///
    /// ```
    /// use doorward_core::serializers::{Choice, ChoiceField};
    ///
    /// let colour = ChoiceField::new(["red", "green"]);
    /// let size = ChoiceField::new([(1, "Small"), (2, "Large")]);
    /// let medium = ChoiceField::new([Choice::new("cd", "CD").group("Audio"), Choice::from("book")]);
    /// # let _ = (colour, size, medium);
    /// ```
    #[must_use]
    pub fn new<C: Into<Choice>>(choices: impl IntoIterator<Item = C>) -> Self {
        Self::of(Choices::new(choices))
    }

    /// An empty text is a value.
    #[must_use]
    pub fn allow_blank(mut self) -> Self {
        self.kind.blank = Blank::Allowed;
        self
    }
}

impl Choices {
    pub(super) fn new<C: Into<Choice>>(choices: impl IntoIterator<Item = C>) -> Self {
        Self {
            choices: choices.into_iter().map(Into::into).collect(),
            blank: Blank::Refused,
        }
    }

    pub(super) fn allow_blank(&mut self) {
        self.blank = Blank::Allowed;
    }

    /// The last choice with that text.
    fn of_text(&self, text: &str) -> Option<&Choice> {
        self.choices.iter().rev().find(|choice| choice.key() == text)
    }
}

impl FieldType for Choices {
    fn type_name(&self) -> &'static str {
        "choice"
    }

    fn blank(&self) -> Blank {
        self.blank
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        let text = data.to_text();
        match (self.of_text(&text), &*text) {
            (_, "") if self.blank == Blank::Allowed => Ok("".into()),
            (Some(choice), _) => Ok(choice.validated()),
            (None, _) => {
                let message = "\"{input}\" is not a valid choice.";
                Err(cx.fail("invalid_choice", message, &[("input", &text)]))
            }
        }
    }

    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        let chosen = self.of_text(&Primitive::from(&value).to_text());
        chosen.map_or_else(|| value.clone(), |choice| choice.value.clone())
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        vec![("choices", self.choices.iter().map(told).collect())]
    }
}

fn told(choice: &Choice) -> Object {
    Object::from_iter([
        ("value", choice.value.clone()),
        ("display_name", choice.display_name.clone().into()),
    ])
}
