//! [`Validation`]: a body whose fields are read, before it is asked what has to hold of all of them.

use super::{
    Completeness, Mapping, MultiDict, Primitive, Serializer, ValidatedData, ValidatedValue, ValidationError,
    no_data,
};
use crate::exceptions::Result;
use crate::parsers::Data;

/// A body whose fields are read: a handler asks its database about them, and what it refuses is told together with all
/// else that is wrong, in the order of the fields.
///
/// ```
/// use doorward_core::parsers::Data;
/// use doorward_core::serializers::{CharField, Completeness, ErrorDetail, IntegerField, Serializer};
///
/// # async fn is_taken(_: &str) -> doorward_core::Result<bool> { Ok(true) }
/// # async fn create(data: Data) -> doorward_core::Result<()> {
/// let serializer = Serializer::new()
///     .field("name", CharField::new())
///     .field("age", IntegerField::new());
/// let mut validation = serializer.validation(&data, Completeness::Whole);
/// if let Some(name) = validation.text("name")
///     && is_taken(name).await?
/// {
///     validation.refuse("name", ErrorDetail::unique());
/// }
/// let validated = validation.finish()?;
/// # drop(validated);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Validation {
    serializer: Serializer,
    validated: ValidatedData,
    errors: Vec<(String, ValidationError)>,
    /// What is wrong with the body itself, where that is no dictionary.
    whole: Option<ValidationError>,
}

impl Serializer {
    /// The fields of a body, read one by one; [`run`](Self::run) is this and [`Validation::finish`].
    #[must_use]
    pub fn validation(&self, data: &Data, completeness: Completeness) -> Validation {
        let sent = match data {
            Data::Json(value) => Primitive::from(value),
            Data::Form(form) => Primitive::form(MultiDict::new(form)),
        };
        match sent {
            Primitive::Null => Validation::of_no_fields(self, no_data()),
            sent => self.validation_of(sent, completeness),
        }
    }

    pub(super) fn validation_of(&self, sent: Primitive<'_>, completeness: Completeness) -> Validation {
        match sent {
            Primitive::Mapping(data) => Validation::of_fields(self, &data, completeness),
            sent => {
                let message = format!(
                    "Invalid data. Expected a dictionary, but got {}.",
                    sent.type_name()
                );
                Validation::of_no_fields(self, ValidationError::new("invalid", message).of_serializer())
            }
        }
    }
}

impl Validation {
    fn of_no_fields(serializer: &Serializer, error: ValidationError) -> Self {
        Self {
            serializer: serializer.clone(),
            validated: ValidatedData::default(),
            errors: Vec::new(),
            whole: Some(error),
        }
    }

    fn of_fields(serializer: &Serializer, data: &Mapping<'_>, completeness: Completeness) -> Self {
        let (validated, errors) = serializer.read_fields(data, completeness);
        Self {
            serializer: serializer.clone(),
            validated,
            errors,
            whole: None,
        }
    }

    /// The value of that name, where it is valid.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&ValidatedValue> {
        self.validated.value(name)
    }

    /// The text of that name, where it is valid and a text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.validated.text(name)
    }

    /// Whether every field is valid. What several fields say together is asked about then, as DRF does:
    ///
    /// ```
    /// use doorward_core::serializers::{ErrorDetail, NON_FIELD_ERRORS, Validation};
    ///
    /// # async fn is_taken(_: &Validation) -> doorward_core::Result<bool> { Ok(true) }
    /// # async fn ask(mut validation: Validation) -> doorward_core::Result<()> {
    /// if validation.is_valid() && is_taken(&validation).await? {
    ///     validation.refuse(NON_FIELD_ERRORS, ErrorDetail::unique_together(&["list", "position"]));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.whole.is_none() && self.errors.is_empty()
    }

    /// Says what is wrong with a field besides.
    pub fn refuse(&mut self, field: impl Into<String>, error: impl Into<ValidationError>) {
        let (field, error) = (field.into(), error.into());
        match self.errors.iter_mut().find(|(known, _)| *known == field) {
            Some((_, known)) => known.add(error),
            None => self.errors.push((field, error)),
        }
    }

    /// The validated data, where every field is valid and what has to hold of all of them does.
    ///
    /// # Errors
    /// 400 with all that is wrong, by field.
    pub fn finish(self) -> Result<ValidatedData> {
        self.finished().map_err(Into::into)
    }

    pub(super) fn finished(mut self) -> Result<ValidatedData, ValidationError> {
        if let Some(error) = self.whole {
            return Err(error);
        }
        if self.errors.is_empty() {
            return self.serializer.validate_all(self.validated);
        }
        let names: Vec<_> = self.serializer.fields().map(|(name, _)| name).collect();
        let place = |field: &str| names.iter().position(|name| *name == field);
        self.errors
            .sort_by_key(|(field, _)| place(field).unwrap_or(names.len()));
        Err(ValidationError::Fields(self.errors))
    }
}
