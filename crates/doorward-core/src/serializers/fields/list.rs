//! [`ListField`]: several values of one kind (`rest_framework.fields.ListField`).

use std::sync::Arc;

use doorward_django::json::Value;

use super::limits::{LengthMessages, Lengths};
use super::{TimeFormats, unvalidated};
use crate::serializers::{
    ErrorDetail, Field, FieldContext, FieldType, Mapping, Primitive, TypedField, ValidatedValue,
    ValidationError,
};

/// Several values of one kind.
pub type ListField = TypedField<ListType>;

/// The type of a [`ListField`].
#[derive(Clone, Debug)]
pub struct ListType {
    child: Field,
    empty: Empty,
    lengths: Lengths,
}

/// Whether there may be nothing in a list (`allow_empty`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Empty {
    #[default]
    Allowed,
    Refused,
}

impl TypedField<ListType> {
    /// Values of any kind.
    #[must_use]
    pub fn new() -> Self {
        Self::of_children(unvalidated())
    }

    /// Values that the field reads, which has no name.
    #[must_use]
    pub fn of_children(child: impl Into<Field>) -> Self {
        Self::of(ListType {
            child: child.into(),
            empty: Empty::Allowed,
            lengths: Lengths::default(),
        })
    }

    /// At least one (`allow_empty=False`).
    #[must_use]
    pub fn not_empty(mut self) -> Self {
        self.kind.empty = Empty::Refused;
        self
    }

    /// At least so many.
    #[must_use]
    pub fn min_length(mut self, count: usize) -> Self {
        self.kind.lengths.min = Some(count);
        self
    }

    /// At most so many.
    #[must_use]
    pub fn max_length(mut self, count: usize) -> Self {
        self.kind.lengths.max = Some(count);
        self
    }
}

impl Default for TypedField<ListType> {
    fn default() -> Self {
        Self::new()
    }
}

/// What is said of the length of a list.
pub(super) const ELEMENTS: LengthMessages = LengthMessages {
    max: "Ensure this field has no more than {max_length} elements.",
    min: "Ensure this field has at least {min_length} elements.",
};

/// The items of what was sent as a list.
pub(super) fn items<'d>(
    data: Primitive<'d>,
    cx: &FieldContext<'_>,
) -> Result<Vec<Primitive<'d>>, ValidationError> {
    match data {
        Primitive::List(items) => Ok(items),
        Primitive::Mapping(Mapping::Form(form)) => Ok(form.list("").unwrap_or_default()),
        other => {
            let message = "Expected a list of items but got type \"{input_type}\".";
            Err(cx.fail("not_a_list", message, &[("input_type", &other.type_name())]))
        }
    }
}

impl FieldType for ListType {
    fn type_name(&self) -> &'static str {
        "list"
    }

    /// In a form: the name several times, or with numbers in brackets.
    fn value_in<'d>(&self, name: &str, data: &Mapping<'d>, _: &FieldContext<'_>) -> Option<Primitive<'d>> {
        match data {
            Mapping::Form(form) => match form.all(name) {
                all if all.is_empty() => form.list(name).map(Primitive::List),
                all => Some(Primitive::List(all)),
            },
            Mapping::Json(_) => data.value(name),
        }
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        let items = items(data, cx)?;
        if items.is_empty() && self.empty == Empty::Refused {
            return Err(cx.fail("empty", "This list may not be empty.", &[]));
        }
        let (mut values, mut errors) = (Vec::new(), Vec::new());
        for (position, item) in items.into_iter().enumerate() {
            match self.child.run(item, cx.completeness()) {
                Ok(value) => values.push(value),
                Err(error) => errors.push((position.to_string(), error)),
            }
        }
        match errors.is_empty() {
            true => Ok(ValidatedValue::List(values)),
            false => Err(ValidationError::Fields(errors)),
        }
    }

    fn validate(&self, value: &ValidatedValue, cx: &FieldContext<'_>, errors: &mut Vec<ErrorDetail>) {
        if let ValidatedValue::List(values) = value {
            self.lengths.check(values.len(), ELEMENTS, cx, errors);
        }
    }

    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        match value {
            Value::Array(items) => items.into_iter().map(|item| self.child.represent(item)).collect(),
            other => other,
        }
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        let mut attributes = self.lengths.attributes();
        attributes.push(("child", self.child.info("")));
        attributes
    }

    fn with_time_formats(&self, formats: &TimeFormats) -> Option<Arc<dyn FieldType>> {
        Some(Arc::new(Self {
            child: self.child.with_time_formats(formats),
            ..self.clone()
        }))
    }
}
