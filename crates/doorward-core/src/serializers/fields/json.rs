//! [`JSONField`]: any JSON value (`rest_framework.fields.JSONField`).

use doorward_django::json::Value;

use crate::serializers::{
    FieldContext, FieldType, Mapping, Primitive, TypedField, ValidatedValue, ValidationError, json,
};

/// Any JSON value; in a form, the text of one.
pub type JSONField = TypedField<JsonType>;

/// The type of a [`JSONField`].
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonType;

impl TypedField<JsonType> {
    /// Any value but null.
    #[must_use]
    pub fn new() -> Self {
        Self::of(JsonType)
    }
}

impl Default for TypedField<JsonType> {
    fn default() -> Self {
        Self::new()
    }
}

impl FieldType for JsonType {
    fn type_name(&self) -> &'static str {
        "field"
    }

    fn value_in<'d>(&self, name: &str, data: &Mapping<'d>, _: &FieldContext<'_>) -> Option<Primitive<'d>> {
        match (data, data.value(name)) {
            (Mapping::Form(_), Some(Primitive::Text(text))) => Some(Primitive::JsonText(text)),
            (_, value) => value,
        }
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        let value = match data {
            Primitive::JsonText(text) => json::read(text),
            Primitive::File(_) => None,
            data => Some(data.to_json()).filter(is_finite),
        };
        let value = value.map(ValidatedValue::Json);
        value.ok_or_else(|| cx.fail("invalid", "Value must be valid JSON.", &[]))
    }
}

/// Whether DRF would write the value: no JSON holds infinite numbers.
fn is_finite(value: &Value) -> bool {
    match value {
        Value::Number(number) => !number.is_float() || number.as_f64().is_some_and(f64::is_finite),
        Value::Array(items) => items.iter().all(is_finite),
        Value::Object(members) => members.values().all(is_finite),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}
