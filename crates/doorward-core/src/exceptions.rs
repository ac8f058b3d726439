//! [`ApiException`]: every failure a client can see, and the one place that turns it into a response
//! (`rest_framework.exceptions`, `rest_framework.views.exception_handler`).

mod raised;
mod settling;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

use crate::causes::with_causes;

pub(crate) use raised::{Raised, keeping, keeping_now, note_user};
use settling::Unsettled;
pub(crate) use settling::{challenge, was_refused};

/// The result of anything that can be refused.
pub type Result<T = (), E = ApiException> = std::result::Result<T, E>;

type Cause = Box<dyn Error + Send + Sync>;

/// A failure with DRF's status, code and sentence.
///
/// What a client reads never includes the cause; a cause is logged once, here, where it becomes a 5xx.
#[derive(Debug)]
pub struct ApiException(Box<Failure>);

/// What an exception says; boxed, because every step of a request may answer with one.
#[derive(Debug)]
struct Failure {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: Value,
    retry_after: Option<Duration>,
    cause: Option<Cause>,
    is_after_refusal: bool,
    reason: Option<String>,
}

/// Why a caller was refused, where that is more than the answer says: for developers, and for the log.
#[derive(Clone, Debug)]
pub(crate) struct Reason(pub(crate) String);

impl ApiException {
    /// A failure of that status; a text becomes `{"detail": text}`, a list or an object is the body itself.
    pub fn new(status: StatusCode, code: impl Into<Cow<'static, str>>, detail: impl Into<Value>) -> Self {
        Self(Box::new(Failure {
            status,
            code: code.into(),
            detail: detail.into(),
            retry_after: None,
            cause: None,
            is_after_refusal: false,
            reason: None,
        }))
    }

    /// 400 `invalid`: the body is `errors` itself, a list or an object of lists.
    pub fn validation_error(errors: impl Into<Value>) -> Self {
        let errors = match errors.into() {
            Value::String(text) => json!([text]),
            other => other,
        };
        Self::new(StatusCode::BAD_REQUEST, "invalid", errors)
    }

    /// 400 `parse_error`.
    pub fn parse_error(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "parse_error", detail.into())
    }

    /// 401 `authentication_failed`.
    pub fn authentication_failed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "authentication_failed", detail.into())
    }

    /// 401 `not_authenticated`.
    #[must_use]
    pub fn not_authenticated() -> Self {
        let detail = "Authentication credentials were not provided.";
        Self::new(StatusCode::UNAUTHORIZED, "not_authenticated", detail)
    }

    /// 403 `permission_denied` with DRF's sentence.
    #[must_use]
    pub fn permission_denied() -> Self {
        let detail = "You do not have permission to perform this action.";
        Self::new(StatusCode::FORBIDDEN, "permission_denied", detail)
    }

    /// 404 `not_found`.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found.")
    }

    /// 405 `method_not_allowed`.
    #[must_use]
    pub fn method_not_allowed(method: &Method) -> Self {
        let detail = format!("Method \"{method}\" not allowed.");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
    }

    /// 406 `not_acceptable`.
    #[must_use]
    pub fn not_acceptable() -> Self {
        let detail = "Could not satisfy the request Accept header.";
        Self::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", detail)
    }

    /// 413 `payload_too_large` (difference 15).
    #[must_use]
    pub fn payload_too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "payload_too_large",
            "Request body is too large.",
        )
    }

    /// 415 `unsupported_media_type`.
    #[must_use]
    pub fn unsupported_media_type(media_type: &str) -> Self {
        let detail = format!("Unsupported media type \"{media_type}\" in request.");
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            detail,
        )
    }

    /// 429 `throttled`; the wait is told in whole seconds, rounded up.
    #[must_use]
    pub fn throttled(wait: Option<Duration>) -> Self {
        let wait = wait.filter(|wait| !wait.is_zero()).map(whole_seconds);
        let detail = match wait {
            None => "Request was throttled.".to_owned(),
            Some(1) => "Request was throttled. Expected available in 1 second.".to_owned(),
            Some(n) => format!("Request was throttled. Expected available in {n} seconds."),
        };
        let mut throttled = Self::new(StatusCode::TOO_MANY_REQUESTS, "throttled", detail);
        throttled.0.retry_after = wait.map(Duration::from_secs);
        throttled
    }

    /// 503 `service_unavailable`: something we need is busy or away.
    #[must_use]
    pub fn service_unavailable(retry_after: Duration) -> Self {
        let detail = "Service temporarily unavailable, try again later.";
        let mut busy = Self::new(StatusCode::SERVICE_UNAVAILABLE, "service_unavailable", detail);
        busy.0.retry_after = Some(retry_after);
        busy
    }

    /// 500 `error`, with the cause for the log.
    pub fn server_error(cause: impl Into<Cause>) -> Self {
        let detail = "A server error occurred.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "error", detail).with_cause(cause)
    }

    /// The same failure with another code.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.0.code = code.into();
        self
    }

    /// The same failure with another sentence, or another body where it is a list or an object.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<Value>) -> Self {
        self.0.detail = detail.into();
        self
    }

    /// The same failure with a time to wait, told in whole seconds, rounded up.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// The same failure with what brought it about; only the log will tell.
    #[must_use]
    pub fn with_cause(mut self, cause: impl Into<Cause>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// The same failure, where a password had been found wrong before: it counts as a login that failed, or else who
    /// brings the failure about would guess for nothing. Its answer is the same.
    #[must_use]
    pub fn after_refusal(mut self) -> Self {
        self.0.is_after_refusal = true;
        self
    }

    /// Whether a password had been found wrong before.
    #[must_use]
    pub fn is_after_refusal(&self) -> bool {
        self.0.is_after_refusal
    }

    /// The same failure with why it is one, where the client is told less: the log has it at debug level, and where
    /// `debug` is on the explanation of the refusal. It repeats no secret.
    #[must_use]
    pub fn with_reason(mut self, reason: impl Into<String>) -> Self {
        self.0.reason = Some(reason.into());
        self
    }

    /// The same failure with another status, as a route without a challenge gives it.
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = status;
        self
    }

    /// Why, as far as anybody said; else what the client is told.
    #[must_use]
    pub fn reason(&self) -> String {
        self.0.reason.clone().unwrap_or_else(|| self.to_string())
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// DRF's code, such as `not_authenticated`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The sentence, or the list or object that is the body.
    #[must_use]
    pub fn detail(&self) -> &Value {
        &self.0.detail
    }

    /// The time to wait, if one is known.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What `Retry-After` says, if a time to wait is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<HeaderValue> {
        self.0.retry_after.map(|wait| whole_seconds(wait).into())
    }

    fn log(&self) {
        if self.0.status == StatusCode::UNAUTHORIZED {
            tracing::debug!(error.code = self.code(), reason = %self.reason(), "a credential was refused");
        }
        if let Some(cause) = &self.0.cause {
            tracing::error!(error.cause = %with_causes(&**cause), status = self.0.status.as_u16(), "request failed");
        }
    }

    /// The body: `{"detail": …}`, or the detail itself where that is a list or an object.
    #[must_use]
    pub fn data(&self) -> Value {
        match &self.0.detail {
            detail @ (Value::Array(_) | Value::Object(_)) => detail.clone(),
            text => json!({ "detail": text }),
        }
    }

    fn body(&self) -> String {
        match &self.0.detail {
            detail @ (Value::Array(_) | Value::Object(_)) => detail.to_string(),
            text => json!({ "detail": text }).to_string(),
        }
    }
}

impl fmt::Display for ApiException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.detail {
            Value::String(text) => f.write_str(text),
            other => other.fmt(f),
        }
    }
}

impl Error for ApiException {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.cause.as_deref().map(|cause| cause as _)
    }
}

impl IntoResponse for ApiException {
    fn into_response(mut self) -> Response {
        self.log();
        let mut response = (self.0.status, self.body()).into_response();
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(wait) = self.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, wait);
        }
        response.extensions_mut().insert(Unsettled);
        if let Some(reason) = self.0.reason.take() {
            response.extensions_mut().insert(Reason(reason));
        }
        raised::keep(self, &mut response);
        response
    }
}

fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
