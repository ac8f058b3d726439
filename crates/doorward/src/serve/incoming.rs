//! [`Unhurried`]: a request's body over HTTP/2, whose rest is thrown away for a moment when nobody reads it any more.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use hyper::Version;
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::runtime::Handle;
use tokio::time::timeout;

/// How long the rest of a body is read that nobody wants.
const PATIENCE: Duration = Duration::from_secs(2);

/// A request for the service.
///
/// Who answers early resets the stream (RFC 9113 §8.1), and there are clients that lose the answer by that: curl before
/// 8.0, for one. So the rest of the body is awaited. Over HTTP/1.1 the connection itself does it, when it closes.
pub(super) fn received(request: hyper::Request<Incoming>) -> Request {
    let is_http2 = request.version() == Version::HTTP_2;
    request.map(|body| match is_http2 && !body.is_end_stream() {
        true => Body::new(Unhurried(Some(body))),
        false => Body::new(body),
    })
}

/// `None` when all was read.
struct Unhurried(Option<Incoming>);

impl Drop for Unhurried {
    fn drop(&mut self) {
        let rest = self.0.take().filter(|body| !body.is_end_stream());
        if let (Some(rest), Ok(runtime)) = (rest, Handle::try_current()) {
            runtime.spawn(timeout(PATIENCE, discard(rest)));
        }
    }
}

async fn discard(mut body: Incoming) {
    while let Some(Ok(_)) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {}
}

impl HttpBody for Unhurried {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Some(body) = &mut self.0 else {
            return Poll::Ready(None);
        };
        let frame = ready!(Pin::new(body).poll_frame(cx));
        if !matches!(frame, Some(Ok(_))) {
            self.0 = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.0
            .as_ref()
            .map_or(SizeHint::with_exact(0), HttpBody::size_hint)
    }
}
