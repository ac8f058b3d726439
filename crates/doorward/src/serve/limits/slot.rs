//! [`Slot`]: a place among the requests in work, kept until the answer is sent.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A place among the requests in work, or none where none is needed.
#[derive(Debug)]
pub(super) struct Slot(Option<OwnedSemaphorePermit>);

impl Slot {
    pub(super) fn none() -> Self {
        Self(None)
    }

    /// `None` where all are taken.
    pub(super) fn take(slots: &Arc<Semaphore>) -> Option<Self> {
        let permit = Arc::clone(slots).try_acquire_owned().ok()?;
        Some(Self(Some(permit)))
    }

    /// The place is given back when the body was sent, or will never be.
    pub(super) fn keep_until_sent(self, response: Response) -> Response {
        if self.0.is_none() || response.body().is_end_stream() {
            return response;
        }
        response.map(|body| Body::new(Kept { body, _slot: self }))
    }
}

struct Kept {
    body: Body,
    _slot: Slot,
}

impl HttpBody for Kept {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
