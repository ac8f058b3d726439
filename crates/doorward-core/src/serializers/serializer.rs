//! [`Serializer`]: the fields of a body, in their order (`rest_framework.serializers.Serializer`).

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use doorward_django::json::{Object, Value};
use serde::Serialize;

use super::{
    Field, Mapping, NON_FIELD_ERRORS, Primitive, TimeFormats, ValidatedData, ValidatedValue, ValidationError,
    json,
};
use crate::exceptions::Result;
use crate::parsers::Data;

/// Whether fields that are missing are errors (`partial`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// POST and PUT want everything.
    Whole,
    /// PATCH takes what it is given.
    Partial,
}

/// The fields of a body, in their order, and what has to hold between them. A clone is the same serializer.
///
/// Make one in a `static`, for it does not change:
///
/// ```
/// use std::sync::LazyLock;
///
/// use doorward_core::serializers::{BooleanField, CharField, DecimalField, IntegerField, Serializer};
///
/// static PRODUCT: LazyLock<Serializer> = LazyLock::new(|| {
///     Serializer::new()
///         .field("id", IntegerField::new().read_only().label("ID"))
///         .field("name", CharField::new().max_length(100))
///         .field("price", DecimalField::new(10, 2))
///         .field("in_stock", BooleanField::new().optional())
/// });
/// # assert!(!PRODUCT.is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Serializer(Arc<Description>);

#[derive(Clone, Debug, Default)]
struct Description {
    fields: Vec<(Cow<'static, str>, Field)>,
    of_fields: Vec<(Cow<'static, str>, ValidateField)>,
    validators: Vec<Validate>,
    shown: Vec<Show>,
}

/// What becomes of the value of one field.
#[derive(Clone)]
struct ValidateField(Arc<OfField>);

type OfField = dyn Fn(ValidatedValue) -> Result<ValidatedValue, ValidationError> + Send + Sync;

impl fmt::Debug for ValidateField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ValidateField")
    }
}

/// What else an answer holds.
#[derive(Clone)]
struct Show(Arc<OfObject>);

type OfObject = dyn Fn(&Value, &mut Object) + Send + Sync;

impl fmt::Debug for Show {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Show")
    }
}

/// What has to hold of all the fields together.
#[derive(Clone)]
struct Validate(Arc<OfData>);

type OfData = dyn Fn(&mut ValidatedData) -> Result<(), ValidationError> + Send + Sync;

impl fmt::Debug for Validate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Validate")
    }
}

impl Serializer {
    /// A serializer without fields.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The serializer with one more field; one of that name is replaced where it stands.
    #[must_use]
    pub fn field(mut self, name: impl Into<Cow<'static, str>>, field: impl Into<Field>) -> Self {
        let fields = &mut Arc::make_mut(&mut self.0).fields;
        let (name, field) = (name.into(), field.into());
        match fields.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = field,
            None => fields.push((name, field)),
        }
        self
    }

    /// The serializer with a question about all fields together, which may change them; it is asked where each of
    /// them is valid (`Serializer.validate`).
    ///
    /// ```
    /// use doorward_core::serializers::{CharField, Serializer, ValidationError};
    ///
    /// let serializer = Serializer::new()
    ///     .field("password", CharField::new())
    ///     .field("again", CharField::new())
    ///     .validate(|data| match data.text("password") == data.text("again") {
    ///         true => Ok(()),
    ///         false => Err(ValidationError::new("mismatch", "The two passwords differ.")),
    ///     });
    /// # let _ = serializer;
    /// ```
    #[must_use]
    pub fn validate(
        mut self,
        validate: impl Fn(&mut ValidatedData) -> Result<(), ValidationError> + Send + Sync + 'static,
    ) -> Self {
        Arc::make_mut(&mut self.0)
            .validators
            .push(Validate(Arc::new(validate)));
        self
    }

    /// The serializer with a question about the value of one field, which may change it; it is asked where the value is
    /// valid otherwise, together with all other fields (`validate_<field>`).
    ///
    /// ```
    /// use doorward_core::serializers::{CharField, Serializer, ValidatedValue, ValidationError};
    ///
    /// let serializer = Serializer::new()
    ///     .field("name", CharField::new())
    ///     .validate_field("name", |value| match value.as_str() {
    ///         Some("root") => Err(ValidationError::new("reserved", "This name is reserved.")),
    ///         name => Ok(ValidatedValue::from(name.map(str::to_lowercase))),
    ///     });
    /// # let _ = serializer;
    /// ```
    #[must_use]
    pub fn validate_field(
        mut self,
        name: impl Into<Cow<'static, str>>,
        validate: impl Fn(ValidatedValue) -> Result<ValidatedValue, ValidationError> + Send + Sync + 'static,
    ) -> Self {
        let validate = ValidateField(Arc::new(validate));
        Arc::make_mut(&mut self.0).of_fields.push((name.into(), validate));
        self
    }

    /// The serializer with more that an answer holds, or less: it is shown the object as serde wrote it, and what the fields
    /// made of it (`Serializer.to_representation`, overridden).
    ///
    /// ```
    /// use doorward_core::serializers::{IntegerField, Serializer};
    ///
    /// let serializer = Serializer::new().field("id", IntegerField::new()).show(|object, shown| {
    ///     if let Some(id) = object.get("id") {
    ///         shown.insert("url".to_owned(), format!("/products/{id}/").into());
    ///     }
    /// });
    /// # let _ = serializer;
    /// ```
    #[must_use]
    pub fn show(mut self, show: impl Fn(&Value, &mut Object) + Send + Sync + 'static) -> Self {
        Arc::make_mut(&mut self.0).shown.push(Show(Arc::new(show)));
        self
    }

    /// The serializer with those formats for the dates and times of the fields that it has by now, also in lists and in other
    /// serializers, where they say none of their own.
    #[must_use]
    pub fn time_formats(mut self, formats: &TimeFormats) -> Self {
        for (_, field) in &mut Arc::make_mut(&mut self.0).fields {
            *field = field.with_time_formats(formats);
        }
        self
    }

    /// Whether it has no fields.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.fields.is_empty()
    }

    /// Names and fields in their order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Field)> {
        self.0.fields.iter().map(|(name, field)| (&**name, field))
    }

    /// The validated values of a body.
    ///
    /// # Errors
    /// 400 with all that is wrong, by field.
    pub fn run(&self, data: &Data, completeness: Completeness) -> Result<ValidatedData> {
        self.validation(data, completeness).finish()
    }

    /// The validated values of what was sent (`Serializer.run_validation`).
    ///
    /// # Errors
    /// All that is wrong, by field.
    pub fn run_validation(
        &self,
        sent: Primitive<'_>,
        completeness: Completeness,
    ) -> Result<ValidatedData, ValidationError> {
        self.validation_of(sent, completeness).finished()
    }

    /// What has to hold of all valid fields.
    pub(super) fn validate_all(
        &self,
        mut validated: ValidatedData,
    ) -> Result<ValidatedData, ValidationError> {
        for Validate(validate) in &self.0.validators {
            validate(&mut validated).map_err(ValidationError::of_serializer)?;
        }
        Ok(validated)
    }

    /// What is valid, and what is wrong, in the order of the fields.
    pub(super) fn read_fields(
        &self,
        data: &Mapping<'_>,
        completeness: Completeness,
    ) -> (ValidatedData, Vec<(String, ValidationError)>) {
        let (mut validated, mut errors) = (ValidatedData::default(), Vec::new());
        for (name, field) in self
            .fields()
            .filter(|(_, field)| field.options.access.is_writable())
        {
            let read = field.read(name, data, completeness);
            match read.and_then(|value| self.validate_value(name, value)) {
                Ok(Some(value)) => validated.insert_at(&field.source(name), value),
                Ok(None) => {}
                Err(error) => errors.push((name.to_owned(), error)),
            }
        }
        (validated, errors)
    }

    fn validate_value(
        &self,
        name: &str,
        value: Option<ValidatedValue>,
    ) -> Result<Option<ValidatedValue>, ValidationError> {
        let of_field = self.0.of_fields.iter().filter(|(known, _)| known == name);
        let Some(value) = value else {
            return Ok(None);
        };
        let validated = of_field
            .map(|(_, validate)| validate)
            .try_fold(value, |value, ValidateField(validate)| validate(value));
        validated.map(Some)
    }

    /// What an answer says of an object: the fields that may be read, in their order (`Serializer.data`).
    ///
    /// # Errors
    /// 500 where serde cannot write the object.
    pub fn to_representation(&self, object: &impl Serialize) -> Result<Value> {
        Ok(self.represent(&json::to_value(object)?))
    }

    /// What an answer says of an object that serde wrote; a value that is missing is the field's default, or null where
    /// it may be, or left out.
    pub(super) fn represent(&self, object: &Value) -> Value {
        let readable = self
            .fields()
            .filter(|(_, field)| field.options.access.is_readable());
        let members = readable.filter_map(|(name, field)| {
            let shown = match at(object, &field.source(name)) {
                Some(value) => field.represent(value.clone()),
                None => field.represent(field.missing_in_object()?),
            };
            Some((name.to_owned(), shown))
        });
        let mut shown: Object = members.collect();
        for Show(show) in &self.0.shown {
            show(object, &mut shown);
        }
        Value::Object(shown)
    }
}

/// What is said of a body that is null.
pub(super) fn no_data() -> ValidationError {
    ValidationError::of_field(NON_FIELD_ERRORS, ValidationError::new("null", "No data provided"))
}

fn at<'v>(object: &'v Value, source: &[&str]) -> Option<&'v Value> {
    source.iter().try_fold(object, |value, name| value.get(name))
}

/// The same serializer.
impl From<&Serializer> for Serializer {
    fn from(serializer: &Serializer) -> Self {
        serializer.clone()
    }
}
