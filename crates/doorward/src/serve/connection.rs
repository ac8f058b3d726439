//! One connection: HTTP/1.1 or HTTP/2, with a limit on how long its headers may take.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use doorward_core::settings::ServerSettings;
use doorward_django::urls::Scheme;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::Watcher;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};
use tower::Service;

use super::framing;

/// The largest head of a request that is read, in bytes: 431 past it.
const LARGEST_HEAD: usize = 64 * 1024;

/// How many requests one HTTP/2 connection may have in flight.
const STREAMS: u32 = 200;

/// What holds for every connection of a server.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// How long a client may take for the head of a request, and for a TLS handshake.
    pub(super) header_timeout: Duration,
}

impl Rules {
    pub(super) fn new(settings: &ServerSettings) -> Self {
        Self {
            header_timeout: settings.header_timeout.duration(),
        }
    }
}

/// What is known of a connection before its first request; each of its requests has both as extensions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    /// The other end.
    pub(super) peer: SocketAddr,
    /// Whether the connection is encrypted.
    pub(super) scheme: Scheme,
}

/// Serves a connection to its end.
pub(super) async fn serve<T, S>(stream: T, origin: Origin, service: S, rules: Arc<Rules>, watcher: Watcher)
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let begun = Begun::default();
    let io = TokioIo::new(Impatient::new(stream, begun.clone(), rules.header_timeout));
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        begun.0.store(true, Ordering::Relaxed);
        let request = origin.sign(request.map(Body::new));
        let mut service = service.clone();
        async move {
            match framing::refusal(request.headers()) {
                Some(refusal) => Ok(refusal),
                None => service.call(request).await,
            }
        }
    });
    let builder = builder(&rules);
    let connection = builder.serve_connection(io, service).into_owned();
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(peer = %origin.peer, error.cause = error, "a connection broke off");
    }
}

impl Origin {
    fn sign(self, mut request: Request) -> Request {
        request.extensions_mut().insert(ConnectInfo(self.peer));
        request.extensions_mut().insert(self.scheme);
        request
    }
}

fn builder(rules: &Rules) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(rules.header_timeout)
        .max_buf_size(LARGEST_HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(LARGEST_HEAD as u32)
        .keep_alive_interval(Some(Duration::from_secs(30)));
    builder
}

/// Whether a connection has had its first request.
#[derive(Clone, Default)]
struct Begun(Arc<AtomicBool>);

/// A stream that gives up on a peer that makes no request in time.
///
/// hyper's own limit starts only when it knows which HTTP is spoken; a peer that says nothing would stay for ever.
struct Impatient<T> {
    stream: T,
    begun: Begun,
    deadline: Pin<Box<Sleep>>,
}

impl<T> Impatient<T> {
    fn new(stream: T, begun: Begun, patience: Duration) -> Self {
        let deadline = Box::pin(sleep(patience));
        Self {
            stream,
            begun,
            deadline,
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Impatient<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if read.is_pending()
            && !self.begun.0.load(Ordering::Relaxed)
            && self.deadline.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Impatient<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
