//! [`Serializer`]: the fields of a body, in their order (`rest_framework.serializers.Serializer`).

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use doorward_django::json::Value;
use serde::Serialize;

use super::{Field, Mapping, MultiDict, NON_FIELD_ERRORS, Primitive, ValidatedData, ValidationError, json};
use crate::exceptions::{ApiException, Result};
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
    validators: Vec<Validate>,
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
        let run = |sent: Primitive<'_>| self.run_root(sent, completeness).map_err(ApiException::from);
        match data {
            Data::Json(value) => run(Primitive::from(value)),
            Data::Form(form) => run(Primitive::form(MultiDict::new(form))),
        }
    }

    fn run_root(
        &self,
        sent: Primitive<'_>,
        completeness: Completeness,
    ) -> Result<ValidatedData, ValidationError> {
        match sent {
            Primitive::Null => Err(no_data()),
            sent => self.run_validation(sent, completeness),
        }
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
        let Primitive::Mapping(data) = sent else {
            let message = format!(
                "Invalid data. Expected a dictionary, but got {}.",
                sent.type_name()
            );
            return Err(ValidationError::new("invalid", message).of_serializer());
        };
        let mut validated = self.read_fields(&data, completeness)?;
        for Validate(validate) in &self.0.validators {
            validate(&mut validated).map_err(ValidationError::of_serializer)?;
        }
        Ok(validated)
    }

    fn read_fields(
        &self,
        data: &Mapping<'_>,
        completeness: Completeness,
    ) -> Result<ValidatedData, ValidationError> {
        let (mut validated, mut errors) = (ValidatedData::default(), Vec::new());
        for (name, field) in self
            .fields()
            .filter(|(_, field)| field.options.access.is_writable())
        {
            match field.read(name, data, completeness) {
                Ok(Some(value)) => validated.insert_at(&field.source(name), value),
                Ok(None) => {}
                Err(error) => errors.push((name.to_owned(), error)),
            }
        }
        match errors.is_empty() {
            true => Ok(validated),
            false => Err(ValidationError::Fields(errors)),
        }
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
        Value::Object(members.collect())
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
