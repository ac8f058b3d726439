//! [`TestResponse`]: an answer to look at.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::failure::fail;

/// An answer, read to its end.
///
/// Each assertion gives the answer back, so that they can stand in a row; where one fails, its message holds the
/// request and the whole answer.
#[derive(Clone)]
pub struct TestResponse {
    /// Who sent what: `GET /profile/ by alice's token`.
    pub(crate) request: String,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl TestResponse {
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// All headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The first header of that name; `None` where there is none, or one that is no text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as it came.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as text.
    ///
    /// # Panics
    /// For a body that is no UTF-8.
    #[must_use]
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body)
            .unwrap_or_else(|error| fail(format_args!("the body is no text: {error}\n{self:?}")))
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// For a body that is no JSON.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| fail(format_args!("the body is no JSON: {error}\n{self:?}")))
    }

    /// A text in the JSON object that is the body, such as a token.
    ///
    /// # Panics
    /// Where there is none of that name.
    #[must_use]
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        match self.json().get(name).and_then(Value::as_str) {
            Some(text) => text.to_owned(),
            None => fail(format_args!("the body has no text `{name}`\n{self:?}")),
        }
    }

    /// Holds the answer to a status.
    #[track_caller]
    pub fn assert_status(&self, status: u16) -> &Self {
        self.check("status", &self.status.as_u16(), &status)
    }

    /// Holds the body to a JSON value.
    #[track_caller]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "`json!` makes a value, and nobody wants it back"
    )]
    pub fn assert_json(&self, body: Value) -> &Self {
        let found = self.json();
        match found == body {
            true => self,
            false => fail(format_args!("body: expected {body}, found {found}\n{self:?}")),
        }
    }

    /// Holds the body's `detail` to a sentence, as DRF's refusals have one.
    #[track_caller]
    pub fn assert_detail(&self, detail: &str) -> &Self {
        self.check("detail", &self.field("detail").as_str(), &detail)
    }

    /// Holds a header to a value.
    #[track_caller]
    pub fn assert_header(&self, name: &str, value: &str) -> &Self {
        self.check(name, &self.header(name), &Some(value))
    }

    #[track_caller]
    fn check<T: PartialEq + fmt::Debug>(&self, what: &str, found: &T, expected: &T) -> &Self {
        if found == expected {
            return self;
        }
        fail(format_args!(
            "{what}: expected {expected:?}, found {found:?}\n{self:?}"
        ))
    }
}

impl fmt::Debug for TestResponse {
    /// The exchange as `curl -i` would show it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\nwas answered {}", self.request, self.status)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {}", String::from_utf8_lossy(value.as_bytes()))?;
        }
        write!(f, "\n{}", String::from_utf8_lossy(&self.body))
    }
}
