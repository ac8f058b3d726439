//! What OPTIONS tells of a route (`rest_framework.metadata.SimpleMetadata`).

use std::fmt;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use http::request::Parts;
use http::{HeaderValue, Method};
use serde_json::{Map, Value, json};

use crate::renderers::Json;
use crate::serializers::{
    FieldContext, FieldType, Primitive, Serializer, TypedField, ValidatedValue, ValidationError,
};

/// The media types that are written.
const RENDERS: [&str; 1] = ["application/json"];

/// The media types that are read.
const PARSES: [&str; 3] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
];

/// What a route reads, as OPTIONS tells it.
#[derive(Clone, Debug)]
pub(crate) struct Reads {
    /// Media types.
    pub(crate) parses: [&'static str; 3],
    /// What describes a body; without fields where nothing does.
    pub(crate) serializer: Serializer,
    /// Whether the caller may have the object that the route is about.
    pub(crate) object: Option<ObjectCheck>,
}

impl Default for Reads {
    fn default() -> Self {
        Self {
            parses: PARSES,
            serializer: Serializer::new(),
            object: None,
        }
    }
}

/// Whether who sends that request may have the object that it is about (`GenericAPIView.get_object`).
#[derive(Clone)]
pub(crate) struct ObjectCheck(Arc<dyn Fn(Parts) -> BoxFuture<'static, bool> + Send + Sync>);

impl ObjectCheck {
    pub(crate) fn new(check: impl Fn(Parts) -> BoxFuture<'static, bool> + Send + Sync + 'static) -> Self {
        Self(Arc::new(check))
    }

    pub(crate) fn permits(&self, parts: Parts) -> BoxFuture<'static, bool> {
        (self.0)(parts)
    }
}

impl fmt::Debug for ObjectCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ObjectCheck")
    }
}

/// A field of the data that a POST takes (`SimpleMetadata.get_field_info`).
///
/// ```
/// use doorward_core::metadata::FieldInfo;
///
/// const NAME: FieldInfo = FieldInfo::required("name", "Name").limits(&[("max_length", 100)]);
/// const ID: FieldInfo = FieldInfo::read_only("id", "ID").kind("integer");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FieldInfo {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    access: Access,
    limits: &'static [(&'static str, u64)],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Required,
    Optional,
    ReadOnly,
}

impl FieldInfo {
    /// A text that has to be there.
    #[must_use]
    pub const fn required(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Access::Required)
    }

    /// A text that may be left out.
    #[must_use]
    pub const fn optional(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Access::Optional)
    }

    /// A text that answers hold and requests do not.
    #[must_use]
    pub const fn read_only(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Access::ReadOnly)
    }

    const fn new(name: &'static str, label: &'static str, access: Access) -> Self {
        Self {
            name,
            label,
            kind: "string",
            access,
            limits: &[],
        }
    }

    /// The field with another type than `string`, by DRF's name (`SimpleMetadata.label_lookup`).
    #[must_use]
    pub const fn kind(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }

    /// The field with bounds, such as `max_length`, in DRF's order.
    #[must_use]
    pub const fn limits(self, limits: &'static [(&'static str, u64)]) -> Self {
        Self { limits, ..self }
    }
}

impl FieldType for FieldInfo {
    fn type_name(&self) -> &'static str {
        self.kind
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        _: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        Ok(ValidatedValue::Json(data.to_json()))
    }

    fn attributes(&self) -> Vec<(&'static str, doorward_django::json::Value)> {
        self.limits
            .iter()
            .map(|(name, limit)| (*name, (*limit).into()))
            .collect()
    }
}

impl<const N: usize> From<&'static [FieldInfo; N]> for Serializer {
    fn from(fields: &'static [FieldInfo; N]) -> Self {
        fields.iter().fold(Self::new(), |serializer, info| {
            let field = TypedField::of(*info).label(info.label);
            serializer.field(
                info.name,
                match info.access {
                    Access::Required => field,
                    Access::Optional => field.optional(),
                    Access::ReadOnly => field.read_only(),
                },
            )
        })
    }
}

/// The answer to OPTIONS, with the fields of those methods that the caller may send (`SimpleMetadata.determine_metadata`).
pub(crate) fn describe(name: &str, description: &str, reads: &Reads, methods: &[Method]) -> Response {
    let mut body = object(json!({
        "name": name,
        "description": description,
        "renders": RENDERS,
        "parses": reads.parses,
    }));
    let told = |method: &Method| (method.to_string(), reads.serializer.info_json());
    let actions: Map<_, _> = methods.iter().map(told).collect();
    if !actions.is_empty() {
        body.insert("actions".to_owned(), actions.into());
    }
    Json(Value::from(body)).into_response()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The value of `Allow`.
pub(crate) fn allow(methods: &[Method]) -> HeaderValue {
    let names = methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    HeaderValue::from_str(&names).expect("the names of methods are tokens (RFC 9110 §9.1)")
}
