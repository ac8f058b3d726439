//! [`BooleanField`]: true or false, also in words (`rest_framework.fields.BooleanField`).

use doorward_django::json::Value;

use crate::serializers::{
    Completeness, FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError,
};

/// True or false, also in words; in a form, a missing one is false.
pub type BooleanField = TypedField<Boolean>;

/// The type of a [`BooleanField`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Boolean;

impl TypedField<Boolean> {
    /// A field that must be there; in a form, a missing one is false.
    #[must_use]
    pub fn new() -> Self {
        Self::of(Boolean)
    }
}

impl Default for TypedField<Boolean> {
    fn default() -> Self {
        Self::new()
    }
}

impl FieldType for Boolean {
    fn type_name(&self) -> &'static str {
        "boolean"
    }

    fn missing_in_form<'d>(&self, cx: &FieldContext<'_>) -> Option<Primitive<'d>> {
        match (cx.completeness(), cx.has_default()) {
            (Completeness::Partial, _) | (_, true) => None,
            _ if cx.allows_null() => Some(Primitive::Null),
            _ => Some(Primitive::Bool(false)),
        }
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        match word(&data) {
            Some(Word::True) => Ok(true.into()),
            Some(Word::False) => Ok(false.into()),
            Some(Word::Null) if cx.allows_null() => Ok(ValidatedValue::Null),
            _ => Err(cx.fail("invalid", "Must be a valid boolean.", &[])),
        }
    }

    /// What is no word for either is what Python's `bool` makes of it.
    fn to_representation(&self, value: Value, cx: &FieldContext<'_>) -> Value {
        match word(&Primitive::from(&value)) {
            Some(Word::True) => true.into(),
            Some(Word::False) => false.into(),
            Some(Word::Null) if cx.allows_null() => Value::Null,
            _ => is_true(&value).into(),
        }
    }
}

/// Python's `bool(value)`.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(bool) => *bool,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

enum Word {
    True,
    False,
    Null,
}

/// `TRUE_VALUES`, `FALSE_VALUES` and `NULL_VALUES`; one and zero are equal to `True` and `False` in Python.
fn word(data: &Primitive<'_>) -> Option<Word> {
    match data {
        Primitive::Bool(true) => Some(Word::True),
        Primitive::Bool(false) => Some(Word::False),
        Primitive::Number(number) if number.as_f64() == Some(1.0) => Some(Word::True),
        Primitive::Number(number) if number.as_f64() == Some(0.0) => Some(Word::False),
        Primitive::Text(text) => of_text(&text.to_lowercase()),
        _ => None,
    }
}

fn of_text(text: &str) -> Option<Word> {
    match text {
        "t" | "y" | "yes" | "true" | "on" | "1" => Some(Word::True),
        "f" | "n" | "no" | "false" | "off" | "0" => Some(Word::False),
        "null" | "" => Some(Word::Null),
        _ => None,
    }
}
