//! [`UUIDField`] (`rest_framework.fields.UUIDField`).

use doorward_django::json::{Number, Value};
use doorward_django::python_numbers;
use uuid::Uuid;

use crate::serializers::{FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError};

/// A UUID, in any of the forms that Python's `uuid.UUID` reads, or as a number.
pub type UUIDField = TypedField<UuidType>;

/// The type of a [`UUIDField`].
#[derive(Clone, Copy, Debug, Default)]
pub struct UuidType(UuidFormat);

/// How answers write a UUID.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UuidFormat {
    /// `5ce0e9a5-5ffa-654b-cee0-1238041fb31a`
    #[default]
    HexVerbose,
    /// `5ce0e9a55ffa654bcee01238041fb31a`
    Hex,
    /// A number.
    Int,
    /// `urn:uuid:5ce0e9a5-5ffa-654b-cee0-1238041fb31a`
    Urn,
}

impl TypedField<UuidType> {
    /// A UUID, which answers write with hyphens.
    #[must_use]
    pub fn new() -> Self {
        Self::of(UuidType::default())
    }

    /// A UUID, which answers write in that form.
    #[must_use]
    pub fn format(mut self, format: UuidFormat) -> Self {
        self.kind = UuidType(format);
        self
    }
}

impl Default for TypedField<UuidType> {
    fn default() -> Self {
        Self::new()
    }
}

impl FieldType for UuidType {
    fn type_name(&self) -> &'static str {
        "string"
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        let number = match data {
            Primitive::Bool(bool) => Some(bool.into()),
            Primitive::Number(number) => number.as_u128(),
            Primitive::Text(text) => of_hex(text),
            _ => None,
        };
        let uuid = number.map(|number| Uuid::from_u128(number).into());
        uuid.ok_or_else(|| cx.fail("invalid", "Must be a valid UUID.", &[]))
    }

    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        let Some(uuid) = value.as_str().and_then(|text| Uuid::parse_str(text).ok()) else {
            return value;
        };
        match self.0 {
            UuidFormat::HexVerbose => uuid.to_string().into(),
            UuidFormat::Hex => uuid.simple().to_string().into(),
            UuidFormat::Int => Value::Number(Number::from(uuid.as_u128())),
            UuidFormat::Urn => uuid.urn().to_string().into(),
        }
    }
}

/// `uuid.UUID(hex=…)`: 32 characters without prefixes, braces and hyphens, which `int(…, 16)` reads.
fn of_hex(text: &str) -> Option<u128> {
    let text = text.replace("urn:", "").replace("uuid:", "");
    let text = text.trim_matches(['{', '}']).replace('-', "");
    (text.chars().count() == 32)
        .then(|| python_numbers::hexadecimal(&text))
        .flatten()
}
