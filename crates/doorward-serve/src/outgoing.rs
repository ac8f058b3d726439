//! [`Outgoing`]: the body of an answer, which knows whether it waits for the client or the client for it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use crate::activity::Exchange;

/// The body of an answer.
#[derive(Debug)]
pub(crate) struct Outgoing {
    body: Body,
    exchange: Arc<Exchange>,
}

impl Outgoing {
    pub(crate) fn new(body: Body, exchange: Arc<Exchange>) -> Self {
        exchange.is_unread();
        Self { body, exchange }
    }
}

impl HttpBody for Outgoing {
    type Data = Bytes;
    type Error = axum::Error;

    /// Who asks has room for more; who has just been given some has to get rid of it first.
    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.exchange.is_read();
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if frame.is_ready() {
            self.exchange.is_unread();
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        self.exchange.is_read();
    }
}
