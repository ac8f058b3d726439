//! [`IntegerField`]: whole numbers of any size (`rest_framework.fields.IntegerField`).

use doorward_django::integer::Integer;
use doorward_django::json::Value;

use super::limits::{Bound, Range};
use crate::serializers::{
    ErrorDetail, FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError,
};

/// A whole number of any size; `"1"`, `1.0` and `"1.0"` are numbers too.
pub type IntegerField = TypedField<IntegerType>;

/// The type of an [`IntegerField`].
#[derive(Clone, Debug, Default)]
pub struct IntegerType {
    range: Range<Integer>,
}

impl TypedField<IntegerType> {
    /// A number of any size.
    #[must_use]
    pub fn new() -> Self {
        Self::of(IntegerType::default())
    }
}

impl<K: WholeType> TypedField<K> {
    /// At least so much.
    #[must_use]
    pub fn min_value(mut self, min: impl Into<Integer>) -> Self {
        self.kind.integer_mut().range.min = Some(min.into());
        self
    }

    /// At most so much.
    #[must_use]
    pub fn max_value(mut self, max: impl Into<Integer>) -> Self {
        self.kind.integer_mut().range.max = Some(max.into());
        self
    }
}

/// A type of field that holds whole numbers, with all that an [`IntegerField`] may be told.
pub trait WholeType: FieldType {
    /// What it was told as a whole number.
    fn integer_mut(&mut self) -> &mut IntegerType;
}

impl WholeType for IntegerType {
    fn integer_mut(&mut self) -> &mut IntegerType {
        self
    }
}

impl Default for TypedField<IntegerType> {
    fn default() -> Self {
        Self::new()
    }
}

/// How many characters of a text are looked at (`MAX_STRING_LENGTH`).
pub(super) const MAX_STRING_LENGTH: usize = 1000;

/// Refuses a text that is longer.
pub(super) fn check_string_length(text: &str, cx: &FieldContext<'_>) -> Result<(), ValidationError> {
    match text.chars().nth(MAX_STRING_LENGTH) {
        None => Ok(()),
        Some(_) => Err(cx.fail("max_string_length", "String value too large.", &[])),
    }
}

impl FieldType for IntegerType {
    fn type_name(&self) -> &'static str {
        "integer"
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        self.read(&data, "A valid integer is required.", cx)
    }

    fn validate(&self, value: &ValidatedValue, cx: &FieldContext<'_>, errors: &mut Vec<ErrorDetail>) {
        if let ValidatedValue::Integer(number) = value {
            self.range.check(number, cx, errors);
        }
    }

    /// Python's `int(value)`: a fraction is cut off.
    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        let whole = match &value {
            Value::Bool(bool) => Some(Integer::from(i64::from(*bool))),
            Value::Number(number) if number.is_float() => number
                .as_f64()
                .and_then(|float| Integer::from_text(&format!("{:.0}", float.trunc()))),
            Value::String(text) => Integer::from_text(text),
            _ => None,
        };
        whole.map_or(value, |whole| whole.to_json())
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        self.range.attributes()
    }
}

impl IntegerType {
    /// The number that was sent; else that sentence.
    pub(super) fn read(
        &self,
        data: &Primitive<'_>,
        sentence: &'static str,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        if let Primitive::Text(text) = data {
            check_string_length(text, cx)?;
        }
        let number = match data {
            Primitive::Number(number) if number.is_integer() => number.as_integer().cloned(),
            Primitive::Text(_) | Primitive::Number(_) => Integer::from_text(without_zeros(&data.to_text())),
            _ => None,
        };
        number
            .map(ValidatedValue::Integer)
            .ok_or_else(|| cx.fail("invalid", sentence, &[]))
    }
}

impl Bound for Integer {
    fn to_json(&self) -> Value {
        Value::Number(self.clone().into())
    }
}

/// `1.0` as `1`: a point and zeros at the end are nothing (`re_decimal`).
fn without_zeros(text: &str) -> &str {
    let shorter = super::char::trimmed_end(text).trim_end_matches('0');
    shorter.strip_suffix('.').unwrap_or(text)
}
