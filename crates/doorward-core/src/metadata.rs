//! What OPTIONS tells of a route (`rest_framework.metadata.SimpleMetadata`).

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method};
use serde_json::{Map, Value, json};

use crate::renderers::Json;

/// The media types that are written.
const RENDERS: [&str; 1] = ["application/json"];

/// The media types that are read.
const PARSES: [&str; 3] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
];

/// What a route reads, as OPTIONS tells it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reads {
    /// Media types.
    pub(crate) parses: [&'static str; 3],
    /// The fields of a POST; none where it has no serializer.
    pub(crate) fields: &'static [FieldInfo],
}

impl Reads {
    pub(crate) const DEFAULT: Self = Self {
        parses: PARSES,
        fields: &[],
    };
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

    fn told(&self) -> (String, Value) {
        let told = json!({
            "type": self.kind,
            "required": self.access == Access::Required,
            "read_only": self.access == Access::ReadOnly,
            "label": self.label,
        });
        let limits = self
            .limits
            .iter()
            .map(|(name, limit)| ((*name).to_owned(), json!(limit)));
        let told: Map<_, _> = object(told).into_iter().chain(limits).collect();
        (self.name.to_owned(), told.into())
    }
}

/// Whether OPTIONS tells the fields of a POST: to those alone who may send them (`SimpleMetadata.determine_actions`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Actions {
    Told,
    Untold,
}

/// The answer to OPTIONS.
pub(crate) fn describe(name: &str, description: &str, reads: &Reads, actions: Actions) -> Response {
    let mut body = object(json!({
        "name": name,
        "description": description,
        "renders": RENDERS,
        "parses": reads.parses,
    }));
    if actions == Actions::Told {
        let fields: Map<_, _> = reads.fields.iter().map(FieldInfo::told).collect();
        body.insert("actions".to_owned(), json!({ "POST": fields }));
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
