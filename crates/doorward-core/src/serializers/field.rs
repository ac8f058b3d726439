//! [`Field`]: one field of a serializer (`rest_framework.fields.Field`).

use std::borrow::Cow;
use std::sync::Arc;

use doorward_django::json::Value;

use super::options::{Access, DefaultValue, Null, Options, Presence, Validator};
use super::{
    Completeness, ErrorDetail, FieldContext, FieldType, Mapping, Primitive, TimeFormats, ValidatedValue,
    ValidationError,
};

type Text = Cow<'static, str>;

/// A field of any type, for a [`Serializer`](struct@super::Serializer) or a list.
#[derive(Clone, Debug)]
pub struct Field {
    pub(super) options: Arc<Options>,
    pub(super) kind: Arc<dyn FieldType>,
}

/// A field of a known type: what all fields may be told, and what this type may be told.
///
/// It must be there, unless it is [`optional`](Self::optional) or has a [`default`](Self::default).
#[derive(Clone, Debug)]
pub struct TypedField<K> {
    pub(super) options: Options,
    pub(super) kind: K,
}

impl<K: FieldType> TypedField<K> {
    /// A field of that type.
    #[must_use]
    pub fn of(kind: K) -> Self {
        Self {
            options: Options::default(),
            kind,
        }
    }

    /// It may be missing (`required=False`).
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.options.presence = Presence::Optional;
        self
    }

    /// Where it is missing it is this value.
    #[must_use]
    pub fn default(mut self, value: impl Into<ValidatedValue>) -> Self {
        self.options.presence = Presence::Default(DefaultValue::Value(value.into()));
        self
    }

    /// Where it is missing it is what the function makes.
    #[must_use]
    pub fn default_with(mut self, make: impl Fn() -> ValidatedValue + Send + Sync + 'static) -> Self {
        self.options.presence = Presence::Default(DefaultValue::Function(Arc::new(make)));
        self
    }

    /// Answers hold it, and requests do not.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.options.access = Access::ReadOnly;
        self
    }

    /// Requests hold it, and answers do not.
    #[must_use]
    pub fn write_only(mut self) -> Self {
        self.options.access = Access::WriteOnly;
        self
    }

    /// Null is a value.
    #[must_use]
    pub fn allow_null(mut self) -> Self {
        self.options.null = Null::Allowed;
        self
    }

    /// Where its value lies: another name, one inside dictionaries (`owner.name`), or `*` for all of a nested serializer.
    #[must_use]
    pub fn source(mut self, source: impl Into<Text>) -> Self {
        self.options.source = Some(source.into());
        self
    }

    /// What people call it; else its name, capitalised.
    #[must_use]
    pub fn label(mut self, label: impl Into<Text>) -> Self {
        self.options.label = Some(label.into());
        self
    }

    /// What helps people to fill it in.
    #[must_use]
    pub fn help_text(mut self, text: impl Into<Text>) -> Self {
        self.options.help_text = Some(text.into());
        self
    }

    /// What an empty form shows.
    #[must_use]
    pub fn initial(mut self, value: impl Into<Value>) -> Self {
        self.options.initial = Some(value.into());
        self
    }

    /// What else a value has to be. All validators are asked; those of the type come after one's own.
    ///
    /// ```
    /// use doorward_core::serializers::{ErrorDetail, IntegerField};
    ///
    /// let even = IntegerField::new().validator(|value| match value.as_i64() {
    ///     Some(number) if number % 2 == 0 => Ok(()),
    ///     _ => Err(ErrorDetail::new("odd", "This number is odd.")),
    /// });
    /// # let _ = even;
    /// ```
    #[must_use]
    pub fn validator(
        mut self,
        validate: impl Fn(&ValidatedValue) -> Result<(), ErrorDetail> + Send + Sync + 'static,
    ) -> Self {
        self.options.validators.push(Validator(Arc::new(validate)));
        self
    }

    /// Another sentence for an error of that code, such as `required` (`error_messages`).
    #[must_use]
    pub fn error_message(mut self, code: impl Into<Text>, message: impl Into<Text>) -> Self {
        self.options.error_messages.push((code.into(), message.into()));
        self
    }
}

impl<K: FieldType> From<TypedField<K>> for Field {
    fn from(field: TypedField<K>) -> Self {
        Self {
            options: Arc::new(field.options),
            kind: Arc::new(field.kind),
        }
    }
}

impl Field {
    /// Reads what was sent; `None` where nothing was, and nothing stands for it.
    pub(super) fn read(
        &self,
        name: &str,
        data: &Mapping<'_>,
        completeness: Completeness,
    ) -> Result<Option<ValidatedValue>, ValidationError> {
        let cx = self.context(completeness);
        let sent = match self.options.access {
            Access::Hidden => None,
            _ => self.kind.value_in(name, data, &cx),
        };
        match sent {
            Some(sent) => self.run(sent, completeness).map(Some),
            None => self.missing(&cx),
        }
    }

    /// The value of what was sent (`Field.run_validation`).
    pub(super) fn run(
        &self,
        sent: Primitive<'_>,
        completeness: Completeness,
    ) -> Result<ValidatedValue, ValidationError> {
        let cx = self.context(completeness);
        if let Some(settled) = self.kind.settled(&sent, &cx) {
            return settled;
        }
        match sent {
            Primitive::Null if cx.allows_null() => Ok(ValidatedValue::Null),
            Primitive::Null => Err(cx.fail("null", "This field may not be null.", &[])),
            sent => {
                let value = self.kind.to_internal_value(sent, &cx)?;
                self.validate(&value, &cx).map(|()| value)
            }
        }
    }

    /// What an answer holds of a value; of null, null.
    pub(super) fn represent(&self, value: Value) -> Value {
        match value {
            Value::Null => Value::Null,
            value => self
                .kind
                .to_representation(value, &self.context(Completeness::Whole)),
        }
    }

    /// What stands for a value that an object does not have (`Field.get_attribute`).
    pub(super) fn missing_in_object(&self) -> Option<Value> {
        match (&self.options.presence, self.options.null) {
            (Presence::Default(default), _) => Some(default.value().into_json()),
            (_, Null::Allowed) => Some(Value::Null),
            _ => None,
        }
    }

    fn missing(&self, cx: &FieldContext<'_>) -> Result<Option<ValidatedValue>, ValidationError> {
        match (&self.options.presence, cx.completeness) {
            (_, Completeness::Partial) | (Presence::Optional, _) => Ok(None),
            (Presence::Default(default), _) => Ok(Some(default.value())),
            (Presence::Required, _) => Err(cx.fail("required", self.kind.required(), &[])),
        }
    }

    fn validate(&self, value: &ValidatedValue, cx: &FieldContext<'_>) -> Result<(), ValidationError> {
        let own = self.options.validators.iter();
        let mut errors: Vec<_> = own.filter_map(|validator| validator.0(value).err()).collect();
        self.kind.validate(value, cx, &mut errors);
        match errors.is_empty() {
            true => Ok(()),
            false => Err(ValidationError::Details(errors)),
        }
    }

    fn context(&self, completeness: Completeness) -> FieldContext<'_> {
        FieldContext {
            options: &self.options,
            completeness,
        }
    }

    /// The field with those formats, where it says none of its own.
    pub(super) fn with_time_formats(&self, formats: &TimeFormats) -> Self {
        let kind = self.kind.with_time_formats(formats);
        Self {
            options: Arc::clone(&self.options),
            kind: kind.unwrap_or_else(|| Arc::clone(&self.kind)),
        }
    }

    /// Where its value lies, name by name.
    pub(super) fn source<'f>(&'f self, name: &'f str) -> Vec<&'f str> {
        match self.options.source.as_deref() {
            Some("*") => Vec::new(),
            Some(source) => source.split('.').collect(),
            None => vec![name],
        }
    }
}
