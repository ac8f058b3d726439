//! [`ReadOnlyField`], [`HiddenField`], and what is read as it is (`rest_framework.fields`).

use crate::serializers::options::Access;
use crate::serializers::{FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError};

/// A value of any kind that answers hold and requests do not.
#[derive(Clone, Copy, Debug)]
pub struct ReadOnlyField;

impl ReadOnlyField {
    /// A value of any kind.
    #[expect(clippy::new_ret_no_self, reason = "all kinds of fields are made alike")]
    #[must_use]
    pub fn new() -> TypedField<AnyType> {
        TypedField::of(AnyType).read_only()
    }
}

/// A value that no client sends and none sees: the validated data hold its default.
#[derive(Clone, Copy, Debug)]
pub struct HiddenField;

impl HiddenField {
    /// That value.
    #[expect(clippy::new_ret_no_self, reason = "all kinds of fields are made alike")]
    #[must_use]
    pub fn new(default: impl Into<ValidatedValue>) -> TypedField<AnyType> {
        let mut field = TypedField::of(AnyType).default(default);
        field.options.access = Access::Hidden;
        field
    }
}

/// The children of a list that says nothing of them (`_UnvalidatedField`).
pub(super) fn unvalidated() -> TypedField<AnyType> {
    TypedField::of(AnyType).allow_null()
}

/// The type of a value that nobody looks at.
#[derive(Clone, Copy, Debug)]
pub struct AnyType;

impl FieldType for AnyType {
    fn type_name(&self) -> &'static str {
        "field"
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        _: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        Ok(ValidatedValue::Json(data.to_json()))
    }
}
