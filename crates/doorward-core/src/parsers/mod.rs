//! Bodies: JSON, form and multipart (`rest_framework.parsers`).

use axum::body::Body;
use bytes::Bytes;
use tokio::sync::Mutex;

use crate::exceptions::{ApiException, Result};

/// A request's body, read once and kept for the handler.
#[derive(Debug)]
pub(crate) struct BodySlot {
    limit: usize,
    body: Mutex<Held>,
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
        }
    }

    /// The whole body.
    pub(crate) async fn bytes(&self) -> Result<Bytes> {
        let mut held = self.body.lock().await;
        let stream = match &mut *held {
            Held::Bytes(bytes) => return Ok(bytes.clone()),
            Held::Stream(stream) => std::mem::take(stream),
        };
        let bytes = axum::body::to_bytes(stream, self.limit)
            .await
            .map_err(|_| ApiException::payload_too_large())?;
        *held = Held::Bytes(bytes.clone());
        Ok(bytes)
    }

    /// The body for the handler.
    pub(crate) async fn take(&self) -> Body {
        match std::mem::replace(&mut *self.body.lock().await, Held::Bytes(Bytes::new())) {
            Held::Stream(body) => body,
            Held::Bytes(bytes) => Body::from(bytes),
        }
    }
}
