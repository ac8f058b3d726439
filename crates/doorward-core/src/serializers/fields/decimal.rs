//! [`DecimalField`]: exact numbers, such as prices (`rest_framework.fields.DecimalField`).

use doorward_django::decimal::Decimal;
use doorward_django::json::{Number, Value};
use doorward_django::python_numbers;

use super::char::trimmed;
use super::integer::check_string_length;
use super::limits::{Bound, Range};
use crate::serializers::{
    ErrorDetail, FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError,
};

/// An exact number; answers hold it as text (`COERCE_DECIMAL_TO_STRING`).
pub type DecimalField = TypedField<DecimalType>;

/// The type of a [`DecimalField`].
#[derive(Clone, Debug, Default)]
pub struct DecimalType {
    max_digits: Option<u32>,
    decimal_places: Option<u32>,
    range: Range<Decimal>,
    zeros: Zeros,
    answer: Answered,
}

/// What becomes of zeros at the end of what is answered (`normalize_output`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Zeros {
    #[default]
    Kept,
    Dropped,
}

/// What answers hold a number as (`coerce_to_string`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Answered {
    #[default]
    Text,
    Float,
}

impl TypedField<DecimalType> {
    /// At most so many digits in total, and so many of them after the point.
    #[must_use]
    pub fn new(max_digits: u32, decimal_places: u32) -> Self {
        Self::unlimited()
            .max_digits(max_digits)
            .decimal_places(decimal_places)
    }

    /// As many digits as are sent (`max_digits=None, decimal_places=None`).
    #[must_use]
    pub fn unlimited() -> Self {
        Self::of(DecimalType::default())
    }

    /// Answers hold no zeros at the end that the number does not need (`normalize_output`).
    #[must_use]
    pub fn normalize_output(mut self) -> Self {
        self.kind.zeros = Zeros::Dropped;
        self
    }

    /// Answers hold a floating point number, and no text (`coerce_to_string=False`).
    #[must_use]
    pub fn as_float(mut self) -> Self {
        self.kind.answer = Answered::Float;
        self
    }

    /// At most so many digits in total.
    #[must_use]
    pub fn max_digits(mut self, digits: u32) -> Self {
        self.kind.max_digits = Some(digits);
        self
    }

    /// At most so many digits after the point; answers have exactly so many.
    #[must_use]
    pub fn decimal_places(mut self, places: u32) -> Self {
        self.kind.decimal_places = Some(places);
        self
    }

    /// At least so much.
    #[must_use]
    pub fn min_value(mut self, min: impl Into<Decimal>) -> Self {
        self.kind.range.min = Some(min.into());
        self
    }

    /// At most so much.
    #[must_use]
    pub fn max_value(mut self, max: impl Into<Decimal>) -> Self {
        self.kind.range.max = Some(max.into());
        self
    }
}

impl FieldType for DecimalType {
    fn type_name(&self) -> &'static str {
        "decimal"
    }

    fn settled(
        &self,
        data: &Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Option<Result<ValidatedValue, ValidationError>> {
        let is_blank = matches!(data, Primitive::Text(text) if trimmed(text).is_empty());
        (is_blank && cx.allows_null()).then_some(Ok(ValidatedValue::Null))
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        let invalid = || cx.fail("invalid", "A valid number is required.", &[]);
        let (Primitive::Text(_) | Primitive::Number(_)) = data else {
            return Err(invalid());
        };
        let text = data.to_text();
        let text = trimmed(&text);
        check_string_length(text, cx)?;
        let number = Decimal::from_text(text).ok_or_else(invalid)?;
        self.validate_precision(&number, cx)?;
        let number = match self.decimal_places {
            Some(places) => number.quantize(places).ok_or_else(invalid)?,
            None => number,
        };
        Ok(number.into())
    }

    fn validate(&self, value: &ValidatedValue, cx: &FieldContext<'_>, errors: &mut Vec<ErrorDetail>) {
        if let ValidatedValue::Decimal(number) = value {
            self.range.check(number, cx, errors);
        }
    }

    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        let text = Primitive::from(&value).to_text();
        let Some(number) = Decimal::from_text(&text) else {
            return value.clone();
        };
        let quantized = self.decimal_places.and_then(|places| number.quantize(places));
        let shown = match (quantized.unwrap_or(number), self.zeros) {
            (number, Zeros::Kept) => number,
            (number, Zeros::Dropped) => number.normalize(),
        };
        match self.answer {
            Answered::Text => shown.to_plain().into(),
            Answered::Float => python_numbers::float(&shown.to_string()).map_or(Value::Null, Value::from),
        }
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        let mut attributes = self.range.attributes();
        attributes.extend(self.max_digits.map(|digits| ("max_digits", digits.into())));
        attributes.extend(
            self.decimal_places
                .map(|places| ("decimal_places", places.into())),
        );
        attributes
    }
}

impl Bound for Decimal {
    /// A whole number, or a float, as DRF's encoder has it.
    fn to_json(&self) -> Value {
        let text = self.to_string();
        let whole = Number::from_digits(&text);
        let float = || text.parse::<f64>().map(Number::from).ok();
        whole.or_else(float).map_or(Value::Null, Value::Number)
    }
}

impl DecimalType {
    /// `DecimalField.validate_precision`
    fn validate_precision(&self, number: &Decimal, cx: &FieldContext<'_>) -> Result<(), ValidationError> {
        let digits = i64::try_from(number.digit_count()).unwrap_or(i64::MAX);
        let places = (-number.exponent()).max(0);
        let total = match number.exponent() {
            exponent @ 0.. => digits.saturating_add(exponent),
            _ => digits.max(places),
        };
        let whole = total - places;
        let exceeded = |limit: Option<u32>, count: i64| limit.filter(|limit| count > i64::from(*limit));
        if let Some(max) = exceeded(self.max_digits, total) {
            let message = "Ensure that there are no more than {max_digits} digits in total.";
            return Err(cx.fail("max_digits", message, &[("max_digits", &max)]));
        }
        if let Some(max) = exceeded(self.decimal_places, places) {
            let message = "Ensure that there are no more than {max_decimal_places} decimal places.";
            return Err(cx.fail("max_decimal_places", message, &[("max_decimal_places", &max)]));
        }
        if let Some(max) = exceeded(self.max_whole_digits(), whole) {
            let message =
                "Ensure that there are no more than {max_whole_digits} digits before the decimal point.";
            return Err(cx.fail("max_whole_digits", message, &[("max_whole_digits", &max)]));
        }
        Ok(())
    }

    fn max_whole_digits(&self) -> Option<u32> {
        Some(self.max_digits?.saturating_sub(self.decimal_places?))
    }
}
