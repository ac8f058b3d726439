//! What OPTIONS tells of a route (`rest_framework.metadata.SimpleMetadata`).

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method};
use serde_json::json;

use crate::context::View;
use crate::renderers::Json;

/// The media types that are written.
const RENDERS: [&str; 1] = ["application/json"];

/// The media types that are read.
const PARSES: [&str; 3] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
];

/// The answer to OPTIONS.
pub(crate) fn describe(view: &View) -> Response {
    let body = json!({
        "name": view.name,
        "description": view.description,
        "renders": RENDERS,
        "parses": PARSES,
    });
    Json(body).into_response()
}

/// The value of `Allow`.
pub(crate) fn allow(methods: &[Method]) -> HeaderValue {
    let names = methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    HeaderValue::from_str(&names).expect("the names of methods are tokens (RFC 9110 §9.1)")
}
