//! [`DictField`]: values of one kind by names that the client chooses (`rest_framework.fields.DictField`).

use std::sync::Arc;

use doorward_django::json::{Object, Value};

use super::list::Empty;
use super::{TimeFormats, unvalidated};
use crate::serializers::{
    Field, FieldContext, FieldType, Mapping, MultiDict, Primitive, TypedField, ValidatedData, ValidatedValue,
    ValidationError,
};

/// Values of one kind by names that the client chooses.
pub type DictField = TypedField<DictType>;

/// The type of a [`DictField`].
#[derive(Clone, Debug)]
pub struct DictType {
    child: Field,
    empty: Empty,
}

impl TypedField<DictType> {
    /// Values of any kind.
    #[must_use]
    pub fn new() -> Self {
        Self::of_children(unvalidated())
    }

    /// Values that the field reads, which has no name.
    #[must_use]
    pub fn of_children(child: impl Into<Field>) -> Self {
        Self::of(DictType {
            child: child.into(),
            empty: Empty::Allowed,
        })
    }

    /// At least one (`allow_empty=False`).
    #[must_use]
    pub fn not_empty(mut self) -> Self {
        self.kind.empty = Empty::Refused;
        self
    }
}

impl Default for TypedField<DictType> {
    fn default() -> Self {
        Self::new()
    }
}

impl FieldType for DictType {
    fn type_name(&self) -> &'static str {
        "nested object"
    }

    /// In a form: `name.key`; the name by itself is a dictionary with nothing in it.
    fn value_in<'d>(&self, name: &str, data: &Mapping<'d>, _: &FieldContext<'_>) -> Option<Primitive<'d>> {
        match data {
            Mapping::Form(form) => {
                let empty = || form.last(name).map(|_| MultiDict::default());
                form.dict(name).or_else(empty).map(Primitive::form)
            }
            Mapping::Json(_) => data.value(name),
        }
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        let Primitive::Mapping(data) = data else {
            let message = "Expected a dictionary of items but got type \"{input_type}\".";
            return Err(cx.fail("not_a_dict", message, &[("input_type", &data.type_name())]));
        };
        let members = data.members();
        if members.is_empty() && self.empty == Empty::Refused {
            return Err(cx.fail("empty", "This dictionary may not be empty.", &[]));
        }
        let (mut values, mut errors) = (Vec::new(), Vec::new());
        for (name, value) in members {
            match self.child.run(value, cx.completeness()) {
                Ok(value) => values.push((name.to_owned(), value)),
                Err(error) => errors.push((name.to_owned(), error)),
            }
        }
        match errors.is_empty() {
            true => Ok(values.into_iter().collect::<ValidatedData>().into()),
            false => Err(ValidationError::Fields(errors)),
        }
    }

    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        match value {
            Value::Object(members) => {
                let members = members
                    .into_iter()
                    .map(|(name, value)| (name, self.child.represent(value)));
                Value::Object(members.collect::<Object>())
            }
            other => other,
        }
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        vec![("child", self.child.info(""))]
    }

    fn with_time_formats(&self, formats: &TimeFormats) -> Option<Arc<dyn FieldType>> {
        Some(Arc::new(Self {
            child: self.child.with_time_formats(formats),
            ..self.clone()
        }))
    }
}
