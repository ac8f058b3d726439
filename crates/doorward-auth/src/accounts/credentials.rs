//! [`Credentials`]: a name and a password as a client sends them, and what is answered with tokens in it.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::parsers::Data;
use doorward_core::renderers::Json;
use doorward_core::serializers::{CharField, Completeness, Serializer, Trim};
use doorward_django::bounds::{self, MAX_PASSWORD};
use doorward_django::secret::Secret;
use http::HeaderValue;
use http::header::CACHE_CONTROL;
use serde::Serialize;

/// A name and a password, as a client sent them, within their bounds.
pub(crate) struct Credentials {
    pub(crate) username: String,
    pub(crate) password: Secret<String>,
}

impl Credentials {
    /// Takes both fields, and drops the rest before anybody waits; what is wrong with either is told at once.
    pub(crate) fn read(data: Data, username_field: &str, serializer: &Serializer) -> Result<Self> {
        let mut validated = serializer.run(&data, Completeness::Whole)?;
        drop(data);
        let mut text = |name: &str| validated.take_text(name).unwrap_or_default();
        Ok(Self {
            username: bounds::name(&text(username_field)).into_owned(),
            password: password(text(PASSWORD)),
        })
    }
}

/// The field of a password.
const PASSWORD: &str = "password";

/// The description of a body with a name and a password, under the field of the name.
pub(crate) fn serializer(username_field: impl Into<Cow<'static, str>>, trim: Trim) -> Serializer {
    Serializer::new()
        .field(username_field, CharField::new())
        .field(PASSWORD, CharField::new().trim_whitespace(trim))
}

/// The password; of one that is too long a part that is too long as well, which is wrong whatever it is.
pub(crate) fn password(mut text: String) -> Secret<String> {
    text.truncate(text.floor_char_boundary(MAX_PASSWORD + char::MAX_LEN_UTF8));
    Secret::new(text)
}

/// 401 for credentials that are not those of an active user, or not any more (`TokenObtainSerializer`).
pub(crate) fn no_active_account() -> ApiException {
    ApiException::authentication_failed("No active account found with the given credentials")
        .with_code("no_active_account")
}

/// 200 with credentials in it, which no cache may keep (difference 16).
pub(crate) fn answer(body: impl Serialize) -> Response {
    let mut response = Json(body).into_response();
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    response
}
