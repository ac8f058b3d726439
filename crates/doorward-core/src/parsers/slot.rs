//! [`BodySlot`]: a body that is read at most once.

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http_body_util::LengthLimitError;

use crate::exceptions::{ApiException, Result};

/// A request's body, read once and kept for the handler.
#[derive(Debug)]
pub(crate) struct BodySlot {
    limit: usize,
    body: Mutex<Held>,
    /// Held by who reads; others wait for what comes of it.
    reading: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
enum Held {
    Stream(Body),
    Bytes(Bytes),
}

impl BodySlot {
    pub(crate) fn new(body: Body, limit: usize) -> Self {
        Self {
            limit,
            body: Mutex::new(Held::Stream(body)),
            reading: tokio::sync::Mutex::const_new(()),
        }
    }

    /// How many bytes are read at most.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// The whole body.
    pub(crate) async fn bytes(&self) -> Result<Bytes> {
        let _reading = self.reading.lock().await;
        let stream = match &mut *self.held() {
            Held::Bytes(bytes) => return Ok(bytes.clone()),
            Held::Stream(stream) => std::mem::take(stream),
        };
        let bytes = read(stream, self.limit).await?;
        *self.held() = Held::Bytes(bytes.clone());
        Ok(bytes)
    }

    /// The body for the handler, when nobody reads any more.
    pub(crate) fn take(&self) -> Body {
        match std::mem::replace(&mut *self.held(), Held::Bytes(Bytes::new())) {
            Held::Stream(body) => body,
            Held::Bytes(bytes) => Body::from(bytes),
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.body.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The whole of a body: 413 past `limit` bytes, before anything is read where its length was announced;
/// 400 for one that breaks off.
pub(super) async fn read(body: Body, limit: usize) -> Result<Bytes> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(ApiException::payload_too_large());
    }
    axum::body::to_bytes(body, limit)
        .await
        .map_err(|error| refused(&error))
}

fn refused(error: &axum::Error) -> ApiException {
    match std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<LengthLimitError>) {
        true => ApiException::payload_too_large(),
        false => ApiException::parse_error("The request body could not be read to its end."),
    }
}
