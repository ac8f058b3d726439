//! [`FloatField`]: floating point numbers (`rest_framework.fields.FloatField`).

use std::cmp::Ordering;
use std::fmt;

use doorward_django::json::{Number, Value};
use doorward_django::python_numbers;

use super::integer::check_string_length;
use super::limits::{Bound, Range};
use crate::serializers::{
    ErrorDetail, FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError,
};

/// A floating point number, never infinite.
pub type FloatField = TypedField<FloatType>;

/// The type of a [`FloatField`].
#[derive(Clone, Debug, Default)]
pub struct FloatType {
    range: Range<Float>,
}

/// A bound, which is written as Python writes it: an integer without a point.
#[derive(Clone, Debug)]
struct Float(Number);

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_f64() == other.0.as_f64()
    }
}

impl PartialOrd for Float {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.0.as_f64().partial_cmp(&other.0.as_f64())
    }
}

impl Bound for Float {
    fn to_json(&self) -> Value {
        Value::Number(self.0.clone())
    }
}

impl fmt::Display for Float {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TypedField<FloatType> {
    /// A number of any size.
    #[must_use]
    pub fn new() -> Self {
        Self::of(FloatType::default())
    }

    /// At least so much.
    #[must_use]
    pub fn min_value(mut self, min: impl Into<Number>) -> Self {
        self.kind.range.min = Some(Float(min.into()));
        self
    }

    /// At most so much.
    #[must_use]
    pub fn max_value(mut self, max: impl Into<Number>) -> Self {
        self.kind.range.max = Some(Float(max.into()));
        self
    }
}

impl Default for TypedField<FloatType> {
    fn default() -> Self {
        Self::new()
    }
}

impl FieldType for FloatType {
    fn type_name(&self) -> &'static str {
        "float"
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        let invalid = || cx.fail("invalid", "A valid number is required.", &[]);
        let number = match data {
            Primitive::Bool(bool) => f64::from(u8::from(bool)),
            Primitive::Number(number) => number
                .as_f64()
                .ok_or_else(|| cx.fail("overflow", "Integer value too large to convert to float", &[]))?,
            Primitive::Text(text) => {
                check_string_length(text, cx)?;
                python_numbers::float(text).ok_or_else(invalid)?
            }
            _ => return Err(invalid()),
        };
        number.is_finite().then(|| number.into()).ok_or_else(invalid)
    }

    fn validate(&self, value: &ValidatedValue, cx: &FieldContext<'_>, errors: &mut Vec<ErrorDetail>) {
        if let ValidatedValue::Float(number) = value {
            self.range.check(&Float((*number).into()), cx, errors);
        }
    }

    /// Python's `float(value)`.
    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        let float = match &value {
            Value::Bool(bool) => Some(f64::from(u8::from(*bool))),
            Value::Number(number) => number.as_f64(),
            Value::String(text) => python_numbers::float(text),
            _ => None,
        };
        float.map_or(value, Value::from)
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        self.range.attributes()
    }
}
