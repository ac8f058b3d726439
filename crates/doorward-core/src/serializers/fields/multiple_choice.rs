//! [`MultipleChoiceField`]: some of several values (`rest_framework.fields.MultipleChoiceField`).

use doorward_django::json::Value;

use super::choice::{Choice, Choices};
use super::list::{Empty, items};
use crate::serializers::{
    Completeness, FieldContext, FieldType, Mapping, Primitive, TypedField, ValidatedValue, ValidationError,
};

/// Some of several values, each once.
pub type MultipleChoiceField = TypedField<MultipleChoices>;

/// The type of a [`MultipleChoiceField`].
#[derive(Clone, Debug)]
pub struct MultipleChoices {
    choices: Choices,
    empty: Empty,
}

impl TypedField<MultipleChoices> {
    /// Some of those values, perhaps none; see [`ChoiceField::new`](super::ChoiceField::new).
    #[must_use]
    pub fn new<C: Into<Choice>>(choices: impl IntoIterator<Item = C>) -> Self {
        Self::of(MultipleChoices {
            choices: Choices::new(choices),
            empty: Empty::Allowed,
        })
    }

    /// At least one (`allow_empty=False`).
    #[must_use]
    pub fn not_empty(mut self) -> Self {
        self.kind.empty = Empty::Refused;
        self
    }

    /// An empty text is a value.
    #[must_use]
    pub fn allow_blank(mut self) -> Self {
        self.kind.choices.allow_blank();
        self
    }
}

impl FieldType for MultipleChoices {
    fn type_name(&self) -> &'static str {
        "multiple choice"
    }

    fn value_in<'d>(&self, name: &str, data: &Mapping<'d>, cx: &FieldContext<'_>) -> Option<Primitive<'d>> {
        match data {
            Mapping::Form(form) => {
                let all = form.all(name);
                let is_missing = all.is_empty() && cx.completeness() == Completeness::Partial;
                (!is_missing).then_some(Primitive::List(all))
            }
            Mapping::Json(_) => data.value(name),
        }
    }

    /// Of a dictionary, its names are meant, as in Python.
    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        let items = match data {
            Primitive::Mapping(names) => names
                .members()
                .into_iter()
                .map(|(name, _)| Primitive::Text(name))
                .collect(),
            data => items(data, cx)?,
        };
        if items.is_empty() && self.empty == Empty::Refused {
            return Err(cx.fail("empty", "This selection may not be empty.", &[]));
        }
        let mut chosen = Vec::new();
        for item in items {
            let value = self.choices.to_internal_value(item, cx)?;
            if !chosen.contains(&value) {
                chosen.push(value);
            }
        }
        Ok(ValidatedValue::List(chosen))
    }

    /// Each of them once.
    fn to_representation(&self, value: Value, cx: &FieldContext<'_>) -> Value {
        let Value::Array(items) = value else {
            return value;
        };
        let mut shown = Vec::new();
        for item in items {
            let item = self.choices.to_representation(item, cx);
            if !shown.contains(&item) {
                shown.push(item);
            }
        }
        Value::Array(shown)
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        self.choices.attributes()
    }
}
