//! [`ErrorResponse`]: the answer to a request that failed.

use axum::body::Body;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, SET_COOKIE, TRANSFER_ENCODING,
    UPGRADE, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

/// Those that say where an answer ends, or what becomes of the connection: they are the server's.
const FRAMING: [HeaderName; 4] = [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING, UPGRADE];

/// The answer to a request that failed, as an exception handler gives it (`rest_framework.response.Response`).
#[derive(Clone, Debug)]
pub struct ErrorResponse {
    /// The status: any that has a body.
    pub status: StatusCode,
    /// The headers. `Content-Type` is `application/json` unless one is here.
    pub headers: HeaderMap,
    /// The body.
    pub data: Value,
}

/// What stays unless the handler sets it: without these a cache may keep one caller's answer for another.
const KEPT: [HeaderName; 2] = [CACHE_CONTROL, VARY];

/// What no client can be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unsendable {
    #[error("the status {0} has no body")]
    Status(StatusCode),
    #[error("the header `{0}` is the server's")]
    Header(HeaderName),
}

impl ErrorResponse {
    /// Puts the answer in place of the default one, whose cookies and extensions stay.
    pub(crate) fn replace(mut self, response: &mut Response) -> Result<(), Unsendable> {
        self.check()?;
        for cookie in response.headers().get_all(SET_COOKIE) {
            self.headers.append(SET_COOKIE, cookie.clone());
        }
        for name in KEPT {
            if !self.headers.contains_key(&name) {
                let values = response.headers().get_all(&name).iter();
                let kept = values.map(|value| (name.clone(), value.clone()));
                self.headers.extend(kept);
            }
        }
        self.headers
            .entry(CONTENT_TYPE)
            .or_insert(HeaderValue::from_static("application/json"));
        let default = DefaultStatus(response.status());
        response.extensions_mut().insert(default);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        *response.body_mut() = Body::from(self.data.to_string());
        Ok(())
    }

    fn check(&self) -> Result<(), Unsendable> {
        let bodyless = [
            StatusCode::NO_CONTENT,
            StatusCode::RESET_CONTENT,
            StatusCode::NOT_MODIFIED,
        ];
        if self.status.is_informational() || bodyless.contains(&self.status) {
            return Err(Unsendable::Status(self.status));
        }
        match FRAMING.iter().find(|name| self.headers.contains_key(*name)) {
            Some(name) => Err(Unsendable::Header(name.clone())),
            None => Ok(()),
        }
    }
}

/// The status that an answer had before an exception handler worded it.
#[derive(Clone, Copy, Debug)]
struct DefaultStatus(StatusCode);

/// The status that an answer would have without an exception handler, for layers that look whether a request has failed.
#[must_use]
pub fn default_status(response: &Response) -> StatusCode {
    let default = response.extensions().get::<DefaultStatus>();
    default.map_or(response.status(), |DefaultStatus(status)| *status)
}

/// What an exception handler sees of the default answer's headers: not those that are about its body, which a layer may have
/// compressed, and no cookie.
pub(crate) fn default_headers(response: &Response) -> HeaderMap {
    let mut headers = response.headers().clone();
    for name in FRAMING
        .iter()
        .chain(&[CONTENT_TYPE, CONTENT_ENCODING, SET_COOKIE])
    {
        headers.remove(name);
    }
    headers
}
