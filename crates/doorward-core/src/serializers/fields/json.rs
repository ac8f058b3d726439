//! [`JSONField`]: any JSON value (`rest_framework.fields.JSONField`).

use doorward_django::json::{Value, dumps};

use crate::serializers::{
    FieldContext, FieldType, Mapping, Primitive, TypedField, ValidatedValue, ValidationError, json,
};

/// Any JSON value; in a form, the text of one.
pub type JSONField = TypedField<JsonType>;

/// The type of a [`JSONField`].
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonType {
    stands: Stands,
}

/// How a value stands in a body of JSON (`binary`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stands {
    #[default]
    AsItIs,
    /// As a text of JSON.
    InText,
}

impl TypedField<JsonType> {
    /// Any value but null.
    #[must_use]
    pub fn new() -> Self {
        Self::of(JsonType::default())
    }

    /// Bodies and answers hold the text of a value, also in JSON (`binary=True`).
    #[must_use]
    pub fn binary(mut self) -> Self {
        self.kind.stands = Stands::InText;
        self
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
            Primitive::Text(text) if self.stands == Stands::InText => json::read(text),
            _ if self.stands == Stands::InText => None,
            Primitive::File(_) => None,
            data => Some(data.to_json()).filter(is_finite),
        };
        let value = value.map(ValidatedValue::Json);
        value.ok_or_else(|| cx.fail("invalid", "Value must be valid JSON.", &[]))
    }

    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        match self.stands {
            Stands::AsItIs => value,
            Stands::InText => text_of(&value).into(),
        }
    }
}

/// `json.dumps` with its usual separators.
fn text_of(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(text_of).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                format!("{}: {}", dumps(&name.as_str().into()), text_of(value))
            };
            let members: Vec<_> = members.iter().map(member).collect();
            format!("{{{}}}", members.join(", "))
        }
        scalar => dumps(scalar),
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
