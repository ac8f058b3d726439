//! [`ProblemDetails`]: failures as RFC 9457 has them.

use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};

use super::{ErrorResponse, ExceptionContext, ExceptionHandler, exception_handler};
use crate::exceptions::ApiException;

/// `application/problem+json` (RFC 9457 §3): `title` is the status in words, `detail` the sentence, `code` DRF's code,
/// `errors` what is wrong with which field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProblemDetails;

impl ExceptionHandler for ProblemDetails {
    fn handle(&self, exception: &ApiException, cx: &ExceptionContext<'_>) -> ErrorResponse {
        let mut response = exception_handler(exception, cx);
        response.data = problem(exception);
        let problem_json = HeaderValue::from_static("application/problem+json");
        response.headers.insert(CONTENT_TYPE, problem_json);
        response
    }

    fn handles_panics(&self) -> bool {
        true
    }
}

/// `type` is left out, which means `about:blank`: the title is then that of the status (RFC 9457 §4.2.1).
fn problem(exception: &ApiException) -> Value {
    let status = exception.status();
    let mut problem = Map::new();
    problem.insert(
        "title".into(),
        json!(status.canonical_reason().unwrap_or("Error")),
    );
    problem.insert("status".into(), json!(status.as_u16()));
    let (member, value) = match exception.detail() {
        errors @ (Value::Array(_) | Value::Object(_)) => ("errors", errors),
        text => ("detail", text),
    };
    problem.insert(member.into(), value.clone());
    problem.insert("code".into(), json!(exception.code()));
    problem.into()
}
