//! [`NestedSerializer`]: a serializer in a serializer.

use std::sync::Arc;

use doorward_django::json::Value;

use super::TimeFormats;
use crate::serializers::{
    Field, FieldContext, FieldType, Mapping, Primitive, Serializer, TypedField, ValidatedValue,
    ValidationError,
};

/// A serializer as a field of another one.
pub type NestedSerializer = TypedField<Nested>;

/// The type of a [`NestedSerializer`].
#[derive(Clone, Debug)]
pub struct Nested(pub(super) Serializer);

impl Serializer {
    /// The serializer as a field of another one, which may be told what fields are told.
    #[must_use]
    pub fn nested(&self) -> NestedSerializer {
        TypedField::of(Nested(self.clone()))
    }
}

impl From<Serializer> for Field {
    fn from(serializer: Serializer) -> Self {
        serializer.nested().into()
    }
}

impl FieldType for Nested {
    fn type_name(&self) -> &'static str {
        "nested object"
    }

    /// In a form: `name.field`.
    fn value_in<'d>(&self, name: &str, data: &Mapping<'d>, _: &FieldContext<'_>) -> Option<Primitive<'d>> {
        match data {
            Mapping::Form(form) => form.dict(name).map(Primitive::form),
            Mapping::Json(_) => data.value(name),
        }
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        self.0
            .run_validation(data, cx.completeness())
            .map(ValidatedValue::Dict)
    }

    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        self.0.represent(&value)
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        vec![("children", self.0.info())]
    }

    fn with_time_formats(&self, formats: &TimeFormats) -> Option<Arc<dyn FieldType>> {
        Some(Arc::new(Self(self.0.clone().time_formats(formats))))
    }
}
