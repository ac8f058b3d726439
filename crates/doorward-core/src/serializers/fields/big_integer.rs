//! [`BigIntegerField`]: whole numbers that answers may hold as text (`rest_framework.fields.BigIntegerField`).

use doorward_django::json::Value;

use super::integer::{IntegerType, WholeType};
use crate::serializers::{
    ErrorDetail, FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError,
};

/// A whole number of any size, whose answers need not fit the numbers of JavaScript.
pub type BigIntegerField = TypedField<BigInteger>;

/// The type of a [`BigIntegerField`].
#[derive(Clone, Debug, Default)]
pub struct BigInteger {
    integer: IntegerType,
    answer: Answered,
}

/// What answers hold a number as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Answered {
    #[default]
    Number,
    Text,
}

impl TypedField<BigInteger> {
    /// A number of any size.
    #[must_use]
    pub fn new() -> Self {
        Self::of(BigInteger::default())
    }

    /// Answers hold it as text (`coerce_to_string`).
    #[must_use]
    pub fn coerce_to_string(mut self) -> Self {
        self.kind.answer = Answered::Text;
        self
    }
}

impl Default for TypedField<BigInteger> {
    fn default() -> Self {
        Self::new()
    }
}

impl WholeType for BigInteger {
    fn integer_mut(&mut self) -> &mut IntegerType {
        &mut self.integer
    }
}

impl FieldType for BigInteger {
    fn type_name(&self) -> &'static str {
        "integer"
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        self.integer.read(&data, "A valid biginteger is required.", cx)
    }

    fn validate(&self, value: &ValidatedValue, cx: &FieldContext<'_>, errors: &mut Vec<ErrorDetail>) {
        self.integer.validate(value, cx, errors);
    }

    fn to_representation(&self, value: Value, cx: &FieldContext<'_>) -> Value {
        match (self.answer, self.integer.to_representation(value, cx)) {
            (Answered::Text, Value::Number(number)) => number.to_string().into(),
            (_, shown) => shown,
        }
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        self.integer.attributes()
    }
}
