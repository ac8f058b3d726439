//! [`Data`]: what a request says in its body (`rest_framework.request.Request.data`).

use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use serde_json::{Map, Value};

use super::form::FormData;
use super::media_type::{MediaType, content_type};
use super::{json, multipart, slot};
use crate::context::{Context, RequestState};
use crate::exceptions::{ApiException, Result};
use crate::settings::ServerSettings;

/// The longest Content-Type that is looked at (`DefaultContentNegotiation.max_media_type_length`).
const MAX_CONTENT_TYPE: usize = 256;

/// What a request says in its body: DRF's `request.data`.
///
/// As an argument of a handler it reads JSON, `application/x-www-form-urlencoded` and `multipart/form-data`.
/// An empty body is empty data, whatever its type. Refused are: 400 a body that does not parse, 413 one larger
/// than `server.max_body`, 415 another type or a content encoding.
///
/// ```
/// use doorward_core::parsers::Data;
///
/// let data = Data::Json(serde_json::json!({"name": "alice"}));
/// assert_eq!(data.text("name"), Some("alice"));
/// ```
#[derive(Clone, Debug)]
pub enum Data {
    /// A JSON value of any kind.
    Json(Value),
    /// A form.
    Form(FormData),
}

impl Data {
    /// The text of that name: a string in a JSON object, or the last such field of a form.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self {
            Self::Json(value) => value.get(name).and_then(Value::as_str),
            Self::Form(form) => form.text(name),
        }
    }

    /// The data as DRF renders it: a form becomes an object of the last value of each field.
    #[must_use]
    pub fn into_value(self) -> Value {
        match self {
            Self::Json(value) => value,
            Self::Form(form) => form.into(),
        }
    }

    /// The data of a body that was read.
    pub(crate) async fn parse(headers: &HeaderMap, body: Bytes) -> Result<Self> {
        let content_type = content_type(headers);
        if body.is_empty() {
            return Ok(Self::empty(Parser::of_form(&content_type)));
        }
        refuse_content_encoding(headers)?;
        let parser = Parser::select(&content_type)
            .ok_or_else(|| ApiException::unsupported_media_type(&content_type))?;
        match parser {
            Parser::Json => json::parse(&content_type, &body).map(Self::Json),
            Parser::Form => FormData::parse(&body).map(Self::Form),
            Parser::Multipart => multipart::parse(&content_type, body).await.map(Self::Form),
        }
    }

    fn empty(form: Option<Parser>) -> Self {
        match form {
            Some(_) => Self::Form(FormData::default()),
            None => Self::Json(Value::Object(Map::new())),
        }
    }
}

/// The form that a page was sent: Django's `request.POST`, which has no fields where the body is no form.
///
/// # Errors
/// 400 for a malformed form, 413 for one too large.
pub(crate) async fn form(cx: &Context<'_>) -> Result<FormData> {
    match Parser::of_form(&content_type(cx.headers())) {
        None => Ok(FormData::default()),
        Some(_) => match Data::parse(cx.headers(), cx.body().await?).await? {
            Data::Form(form) => Ok(form),
            Data::Json(_) => Ok(FormData::default()),
        },
    }
}

#[derive(Clone, Copy, Debug)]
enum Parser {
    Json,
    Form,
    Multipart,
}

impl Parser {
    /// The first parser, in DRF's order, whose type fits.
    fn select(content_type: &str) -> Option<Self> {
        if content_type.len() > MAX_CONTENT_TYPE {
            return None;
        }
        match MediaType::parse(content_type).matches_json() {
            true => Some(Self::Json),
            false => Self::of_form(content_type),
        }
    }

    fn of_form(content_type: &str) -> Option<Self> {
        let media_type = MediaType::parse(content_type);
        if media_type.matches("application", "x-www-form-urlencoded") {
            return Some(Self::Form);
        }
        media_type
            .matches("multipart", "form-data")
            .then_some(Self::Multipart)
    }
}

/// Nothing is unpacked: a small body must not become a large one.
fn refuse_content_encoding(headers: &HeaderMap) -> Result {
    match headers.get(CONTENT_ENCODING) {
        None => Ok(()),
        Some(encoding) if encoding.as_bytes().eq_ignore_ascii_case(b"identity") => Ok(()),
        Some(encoding) => {
            let encoding = String::from_utf8_lossy(encoding.as_bytes());
            let detail = format!("Unsupported content encoding \"{encoding}\" in request.");
            Err(ApiException::unsupported_media_type("").with_detail(detail))
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Data {
    type Rejection = ApiException;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let limit = request.extensions().get::<Arc<RequestState>>().map_or_else(
            || ServerSettings::default().max_body,
            |state| state.door.settings().server.max_body,
        );
        let (parts, body) = request.into_parts();
        Self::parse(&parts.headers, slot::read(body, limit).await?).await
    }
}
