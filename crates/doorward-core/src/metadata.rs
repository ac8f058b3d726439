//! What OPTIONS tells of a route (`rest_framework.metadata.SimpleMetadata`).

use std::fmt;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use doorward_django::json::{Object, Value};
use futures_util::future::BoxFuture;
use http::request::Parts;
use http::{HeaderValue, Method};

use crate::renderers::Json;
use crate::serializers::Serializer;
use crate::settings::Settings;

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
    /// What makes that description of the settings, where it depends on them.
    pub(crate) of_settings: Option<fn(&Settings) -> Serializer>,
    /// Whether the caller may have the object that the route is about.
    pub(crate) object: Option<ObjectCheck>,
}

impl Default for Reads {
    fn default() -> Self {
        Self {
            parses: PARSES,
            serializer: Serializer::new(),
            of_settings: None,
            object: None,
        }
    }
}

impl Reads {
    /// With the description that the settings make.
    pub(crate) fn settle(&mut self, settings: &Settings) {
        if let Some(describe) = self.of_settings {
            self.serializer = describe(settings);
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

/// The answer to OPTIONS, with the fields of those methods that the caller may send (`SimpleMetadata.determine_metadata`).
pub(crate) fn describe(name: &str, description: &str, reads: &Reads, methods: &[Method]) -> Response {
    let mut body = Object::from_iter([
        ("name", Value::from(name)),
        ("description", description.into()),
        ("renders", RENDERS.into()),
        ("parses", reads.parses.into()),
    ]);
    let told = |method: &Method| (method.to_string(), reads.serializer.info());
    let actions: Object = methods.iter().map(told).collect();
    if !actions.is_empty() {
        body.insert("actions".to_owned(), Value::Object(actions));
    }
    Json(body).into_response()
}

/// The value of `Allow`.
pub(crate) fn allow(methods: &[Method]) -> HeaderValue {
    let names = methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    HeaderValue::from_str(&names).expect("the names of methods are tokens (RFC 9110 §9.1)")
}
