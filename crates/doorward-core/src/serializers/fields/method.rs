//! [`SerializerMethodField`]: what is computed of an object (`rest_framework.fields.SerializerMethodField`).

use std::fmt;
use std::sync::Arc;

use doorward_django::json::Value;

use crate::serializers::{FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError};

/// What an answer holds that is computed of the whole object, as serde wrote it. No request says it.
///
/// ```
/// use doorward_core::serializers::{CharField, Serializer, SerializerMethodField};
///
/// let serializer = Serializer::new()
///     .field("name", CharField::new())
///     .field("length", SerializerMethodField::new(|object| {
///         let name = object.get("name").and_then(|name| name.as_str());
///         name.map(|name| name.chars().count()).into()
///     }));
/// let shown = serializer.to_representation(&serde_json::json!({"name": "Ann"}))?;
/// assert_eq!(shown.to_string(), r#"{"name":"Ann","length":3}"#);
/// # Ok::<(), doorward_core::ApiException>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SerializerMethodField;

impl SerializerMethodField {
    /// What that function makes of an object.
    #[expect(clippy::new_ret_no_self, reason = "all kinds of fields are made alike")]
    #[must_use]
    pub fn new(method: impl Fn(&Value) -> Value + Send + Sync + 'static) -> TypedField<Method> {
        TypedField::of(Method(Arc::new(method))).source("*").read_only()
    }
}

/// The type of a [`SerializerMethodField`].
#[derive(Clone)]
pub struct Method(Arc<dyn Fn(&Value) -> Value + Send + Sync>);

impl fmt::Debug for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Method")
    }
}

impl FieldType for Method {
    fn type_name(&self) -> &'static str {
        "field"
    }

    /// It is never asked: the field is read-only.
    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        _: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        Ok(ValidatedValue::Json(data.to_json()))
    }

    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        (self.0)(&value)
    }
}
