//! [`Outgoing`]: the body of an answer, which knows whether it waits for the client or the client for it, and when a stream
//! of events has to end.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use crate::activity::Exchange;
use crate::drain::Ending;

/// The body of an answer.
#[derive(Debug)]
pub(crate) struct Outgoing {
    body: Body,
    exchange: Arc<Exchange>,
    /// That of the server, where the body has none of its own.
    ending: Option<Ending>,
}

impl Outgoing {
    pub(crate) fn new(body: Body, exchange: Arc<Exchange>, ending: Option<Ending>) -> Self {
        exchange.is_unread();
        Self {
            body,
            exchange,
            ending,
        }
    }

    /// Between two frames: what was begun of an event is whole.
    fn has_to_end(&mut self, cx: &mut Context<'_>) -> bool {
        self.ending.as_mut().is_some_and(|ending| ending.has_come(cx))
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
        if self.has_to_end(cx) {
            return Poll::Ready(None);
        }
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
