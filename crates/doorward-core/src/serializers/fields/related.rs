//! [`PrimaryKeyRelatedField`]: the key of another object (`rest_framework.relations.PrimaryKeyRelatedField`).

use doorward_django::integer::Integer;
use doorward_django::json::Value;

use crate::serializers::{FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError};

/// The key of another object, which is an integer. Whether there is such an object is for the handler to ask, and to refuse by
/// [`ErrorDetail::does_not_exist`](crate::serializers::ErrorDetail::does_not_exist).
pub type PrimaryKeyRelatedField = TypedField<PrimaryKey>;

/// The type of a [`PrimaryKeyRelatedField`].
#[derive(Clone, Copy, Debug, Default)]
pub struct PrimaryKey;

impl TypedField<PrimaryKey> {
    /// A key.
    #[must_use]
    pub fn new() -> Self {
        Self::of(PrimaryKey)
    }
}

impl Default for TypedField<PrimaryKey> {
    fn default() -> Self {
        Self::new()
    }
}

impl FieldType for PrimaryKey {
    fn type_name(&self) -> &'static str {
        "field"
    }

    /// An empty text is null.
    fn settled(
        &self,
        data: &Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Option<Result<ValidatedValue, ValidationError>> {
        matches!(data, Primitive::Text("")).then(|| match cx.allows_null() {
            true => Ok(ValidatedValue::Null),
            false => Err(cx.fail("null", "This field may not be null.", &[])),
        })
    }

    /// Python's `int(value)`: a fraction is cut off.
    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        let key = match &data {
            Primitive::Number(number) if number.is_float() => {
                let whole = number.as_f64().map(f64::trunc);
                whole.and_then(|whole| Integer::from_text(&format!("{whole:.0}")))
            }
            Primitive::Number(_) | Primitive::Text(_) => Integer::from_text(&data.to_text()),
            _ => None,
        };
        key.map(ValidatedValue::Integer).ok_or_else(|| {
            let message = "Incorrect type. Expected pk value, received {data_type}.";
            cx.fail("incorrect_type", message, &[("data_type", &data.type_name())])
        })
    }

    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        value
    }
}
