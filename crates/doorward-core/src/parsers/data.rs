//! [`Data`]: what a request says in its body (`rest_framework.request.Request.data`).

use axum::body::Body;
use bytes::Bytes;
use doorward_django::bounds::MAX_CONTENT_TYPE;
use doorward_django::json::{Object, Value, from_value};
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use serde::de::DeserializeOwned;

use super::form::FormData;
use super::media_type::{MediaType, content_type};
use super::{ParserRules, json, multipart, slot};
use crate::exceptions::{ApiException, Result};
use crate::settings::ServerSettings;

/// What a request says in its body: DRF's `request.data`.
///
/// As an argument of a handler it reads JSON, `application/x-www-form-urlencoded` and `multipart/form-data`.
/// An empty body is empty data, whatever its type. Refused are: 400 a body that does not parse, or has too many
/// values (`server.max_json_values`) or fields; 413 one larger than `server.max_body`, or than the route takes
/// ([`RouteExt::max_body`](crate::RouteExt::max_body)); 415 another type or a content encoding.
///
/// Large bodies are parsed off the async threads. What a handler keeps of its data while it waits for something else
/// stays in memory: take what is needed first, and drop the rest.
///
/// ```
/// use doorward_core::parsers::Data;
///
/// let data = Data::Json(serde_json::json!({"name": "alice"}).into());
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

    /// The data as a type of one's own. A number of JSON is taken as far as the type reaches; a
    /// [`Value`] takes integers of any size.
    ///
    /// ```
    /// use doorward_core::parsers::Data;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Product { price: u32 }
    ///
    /// let data = Data::Json(serde_json::json!({"price": "five"}).into());
    /// let refused = data.deserialize::<Product>().err().unwrap();
    /// assert_eq!(refused.detail(), &serde_json::json!({"price": ["A valid integer is required."]}));
    /// ```
    ///
    /// # Errors
    /// 400 with the first field that does not fit, in REST framework's shape and words.
    pub fn deserialize<T: DeserializeOwned>(&self) -> Result<T> {
        match self {
            Self::Json(value) => from_value(value).map_err(|error| match value {
                Value::Null => no_data(),
                _ => error.into(),
            }),
            Self::Form(form) => form.deserialize(),
        }
    }

    /// What is taken of the data of a body of at most so many bytes.
    ///
    /// # Errors
    /// 413 for a body that is larger, 400 for one that breaks off, and as its parser says.
    pub(crate) async fn read<T: Send + 'static>(
        take: impl FnOnce(Self) -> T + Send + 'static,
        headers: &HeaderMap,
        body: Body,
        limit: usize,
        rules: &ParserRules,
    ) -> Result<T> {
        Self::parse_to(take, headers, slot::read(body, limit).await?, rules).await
    }

    /// The same of a body where there is no door, by the settings that doors have of themselves.
    ///
    /// # Errors
    /// As [`Data::read`].
    pub(crate) async fn read_unguarded<T: Send + 'static>(
        take: impl FnOnce(Self) -> T + Send + 'static,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<T> {
        let settings = ServerSettings::default();
        let rules = ParserRules::new(&settings);
        Self::read(take, headers, body, settings.max_body, &rules).await
    }

    /// What is taken of the data of a body; the rest is dropped where it was parsed.
    async fn parse_to<T: Send + 'static>(
        take: impl FnOnce(Self) -> T + Send + 'static,
        headers: &HeaderMap,
        body: Bytes,
        rules: &ParserRules,
    ) -> Result<T> {
        let content_type = content_type(headers);
        if body.is_empty() {
            return Ok(take(Self::empty(Parser::of_form(&content_type))));
        }
        refuse_content_encoding(headers)?;
        let parser = Parser::select(&content_type)
            .ok_or_else(|| ApiException::unsupported_media_type(&content_type))?;
        let (content_type, max_values) = (content_type.into_owned(), rules.max_json_values);
        let size = body.len();
        let work = move || parser.parse(&content_type, body, max_values).map(take);
        rules.lane.run(size, work).await?
    }

    fn empty(form: Option<Parser>) -> Self {
        match form {
            Some(_) => Self::Form(FormData::default()),
            None => Self::Json(Value::Object(Object::new())),
        }
    }
}

/// Whether the body of a request with those headers is a form.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    Parser::of_form(&content_type(headers)).is_some()
}

/// The form of a request whose CSRF token is looked for: Django's `request.POST`, which has no fields where the body is
/// no form. Nothing else is parsed for it: what only a handler knows how to read is left to the handler.
///
/// # Errors
/// 400 for a malformed form, 413 for one too large.
pub(crate) async fn posted_form(headers: &HeaderMap, body: Bytes, rules: &ParserRules) -> Result<FormData> {
    let take = |data| match data {
        Data::Form(form) => form,
        Data::Json(_) => FormData::default(),
    };
    Data::parse_to(take, headers, body, rules).await
}

#[derive(Clone, Copy, Debug)]
enum Parser {
    Json,
    Form,
    Multipart,
}

impl Parser {
    fn parse(self, content_type: &str, body: Bytes, max_json_values: usize) -> Result<Data> {
        match self {
            Self::Json => json::parse(content_type, &body, max_json_values).map(Data::Json),
            Self::Form => FormData::parse(&body).map(Data::Form),
            Self::Multipart => multipart::parse(content_type, body).map(Data::Form),
        }
    }

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

/// 400 where the whole body is null (`Serializer.run_validation`).
fn no_data() -> ApiException {
    ApiException::validation_error(serde_json::json!({ "non_field_errors": ["No data provided"] }))
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
