//! [`Slot`]: a place among the requests in work, kept until the answer is sent.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};

/// As many places as there may be requests in work.
#[derive(Debug)]
pub(super) struct Slots {
    free: AtomicUsize,
}

/// A place among the requests in work, or none where none is needed.
#[derive(Debug)]
pub(super) struct Slot(Option<Arc<Slots>>);

impl Slots {
    pub(super) fn new(count: usize) -> Self {
        let free = AtomicUsize::new(count);
        Self { free }
    }

    /// `None` where all are taken.
    pub(super) fn take(slots: &Arc<Self>) -> Option<Slot> {
        let one_less = |free: usize| free.checked_sub(1);
        let taken = slots
            .free
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, one_less);
        taken.ok().map(|_| Slot(Some(Arc::clone(slots))))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(slots) = &self.0 {
            slots.free.fetch_add(1, Ordering::AcqRel);
        }
    }
}

impl Slot {
    pub(super) fn none() -> Self {
        Self(None)
    }

    /// The place is given back when the body was sent, or will never be.
    pub(super) fn keep_until_sent(self, response: &mut Response) {
        if self.0.is_some() && !response.body().is_end_stream() {
            let body = std::mem::take(response.body_mut());
            *response.body_mut() = Body::new(Kept { body, _slot: self });
        }
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
