//! [`Loan`]: a request's body while its service has it, and what becomes of the part that nobody has read.
//!
//! Who answers early leaves bytes on the connection. Over HTTP/1.1 they stand before the next request, and a client
//! may send that one as soon as it has its answer. So a rest that ends soon is thrown away, and the connection goes on;
//! otherwise the answer has to say that the connection ends (RFC 9112 §9.3, §9.6), and its stream ends it gently.
//!
//! Over HTTP/2 a stream that is not read to its end is reset (RFC 9113 §8.1), and there are clients that lose the answer
//! by that: curl before 8.0, for one. So the rest is thrown away there too, which also gives back the room that it takes
//! of the connection's window.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use hyper::Version;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::header::EXPECT;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::activity::Exchange;
use crate::patience::{BYTES, SILENCE, WHOLE};

/// The longest rest that is thrown away for a connection to go on; as in Go's `net/http`.
const SMALL: u64 = 256 * 1024;

/// How long an answer waits for a rest that may be a small one: mostly it is under way. A proxy that has not sent it all
/// when the answer comes does not use its connection again.
const MOMENT: Duration = Duration::from_millis(10);

/// A body that its service has, or had; `None` where there is none.
pub(crate) struct Loan(Option<oneshot::Receiver<Unread>>);

/// What an answer has to say of its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outlook {
    /// The next request may come.
    GoesOn,
    /// No other request is read from it.
    Ends,
}

/// The request for the service, and its body's loan.
pub(crate) fn lend(request: hyper::Request<Incoming>) -> (Request, Loan) {
    if request.body().is_end_stream() {
        return (request.map(|_| Body::empty()), Loan(None));
    }
    let (back, loan) = oneshot::channel();
    let version = request.version();
    let is_awaited = version == Version::HTTP_11 && expects_continue(&request);
    let request = request.map(|body| {
        let unread = Unread {
            body,
            version,
            is_awaited,
            state: State::Open,
        };
        Body::new(Lent(Some((unread, back))))
    });
    (request, Loan(Some(loan)))
}

/// Whether the client waits for a word before it sends the body (RFC 9110 §10.1.1).
fn expects_continue(request: &hyper::Request<Incoming>) -> bool {
    let mut expectations = request.headers().get_all(EXPECT).iter();
    expectations.any(|expectation| expectation.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}

impl Loan {
    /// Looks at what came back, when the answer is there. A body that is still in use may be left at any time: then too
    /// the connection ends.
    pub(crate) async fn settle(self, exchange: &Arc<Exchange>) -> Outlook {
        let Some(mut loan) = self.0 else {
            return Outlook::GoesOn;
        };
        match loan.try_recv() {
            Ok(unread) => unread.settle(exchange).await,
            Err(oneshot::error::TryRecvError::Closed) => Outlook::GoesOn,
            Err(oneshot::error::TryRecvError::Empty) => Outlook::Ends,
        }
    }
}

/// A body as far as nobody has read it.
struct Unread {
    body: Incoming,
    version: Version,
    /// Whether the client may be waiting for a word before it sends anything, or may send nothing at all.
    is_awaited: bool,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Ended,
    Broken,
}

impl Unread {
    async fn settle(mut self, exchange: &Arc<Exchange>) -> Outlook {
        if self.is_whole() {
            return Outlook::GoesOn;
        }
        if self.version == Version::HTTP_2 {
            self.discard_aside(Some(Arc::clone(exchange)));
            return Outlook::GoesOn;
        }
        // The end of an answer over HTTP/1.0 may be the end of the connection: it is not put off.
        if self.version == Version::HTTP_10 || self.is_awaited || self.state == State::Broken {
            return Outlook::Ends;
        }
        let length = self.body.size_hint().exact();
        if length.is_some_and(|length| length > SMALL) {
            return Outlook::Ends;
        }
        match timeout(MOMENT, discard(&mut self.body, SMALL)).await {
            Ok(Discarded::Whole) => Outlook::GoesOn,
            Err(_) if length.is_some() => {
                self.discard_aside(Some(Arc::clone(exchange)));
                Outlook::GoesOn
            }
            Ok(Discarded::InPart) | Err(_) => Outlook::Ends,
        }
    }

    fn is_whole(&self) -> bool {
        self.state == State::Ended || self.body.is_end_stream()
    }

    /// Throws the rest away while the answer goes out; until then the exchange goes on.
    fn discard_aside(mut self, exchange: Option<Arc<Exchange>>) {
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                let _ = timeout(WHOLE, discard(&mut self.body, BYTES)).await;
                drop(exchange);
            });
        }
    }

    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        match frame {
            Some(Ok(_)) => self.is_awaited = false,
            Some(Err(_)) => self.state = State::Broken,
            None => self.state = State::Ended,
        }
        Poll::Ready(frame)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Discarded {
    Whole,
    InPart,
}

/// Throws away what comes of a body: no more than that, and not where its client is silent for too long.
async fn discard(body: &mut Incoming, mut most: u64) -> Discarded {
    while let Ok(frame) = timeout(SILENCE, poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx))).await {
        let Some(frame) = frame else {
            return Discarded::Whole;
        };
        let length = frame.map(|frame| frame.data_ref().map_or(0, Bytes::len) as u64);
        match length.ok().and_then(|length| most.checked_sub(length)) {
            Some(rest) => most = rest,
            None => break,
        }
    }
    Discarded::InPart
}

/// A body that goes back when its reader drops it.
struct Lent(Option<(Unread, oneshot::Sender<Unread>)>);

impl Drop for Lent {
    fn drop(&mut self) {
        let Some((unread, back)) = self.0.take() else {
            return;
        };
        // The answer went ahead: over HTTP/1.1 it has said that the connection ends.
        if let Err(unread) = back.send(unread)
            && unread.version == Version::HTTP_2
            && !unread.is_whole()
        {
            unread.discard_aside(None);
        }
    }
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match &mut self.0 {
            Some((unread, _)) if unread.state == State::Open => unread.poll_frame(cx),
            _ => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(|(unread, _)| unread.is_whole())
    }

    fn size_hint(&self) -> SizeHint {
        self.0
            .as_ref()
            .map_or(SizeHint::with_exact(0), |(unread, _)| unread.body.size_hint())
    }
}
