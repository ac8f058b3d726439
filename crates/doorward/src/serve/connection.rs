//! One connection: HTTP/1.1 or HTTP/2, and how long its client may dawdle.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use doorward_core::settings::{Http2Settings, ServerSettings};
use doorward_django::urls::Scheme;
use hyper::Version;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderValue};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tower::Service;

use super::activity::Exchange;
use super::drain::Guest;
use super::framing;
use super::limits::unless_zero;
use super::outgoing::Outgoing;
use super::seats::Seat;
use super::watch::{Order, Watch};
use super::watched::Watched;

/// How long a connection that is idle when the server ends may still bring a request: it may be under way.
const LAST_CALL: Duration = Duration::from_secs(1);

/// What holds for every connection of a server.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// How long a client may take for the head of a request, and for a TLS handshake.
    pub(super) header_timeout: Duration,
    /// How long it may take to read an answer; for ever where there is none.
    pub(super) write_timeout: Option<Duration>,
    /// How long it may take to make another request.
    pub(super) keep_alive_timeout: Duration,
    /// How long it may take to bring one that is under way when the server ends.
    pub(super) last_call: Duration,
    max_header: usize,
    http2: Http2Settings,
}

impl Rules {
    pub(super) fn new(settings: &ServerSettings) -> Self {
        Self {
            header_timeout: settings.header_timeout.duration(),
            write_timeout: unless_zero(settings.write_timeout.duration()),
            keep_alive_timeout: settings.keep_alive_timeout.duration(),
            last_call: LAST_CALL.min(settings.shutdown_grace.duration() / 2),
            max_header: settings.max_header,
            http2: settings.http2.clone(),
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

/// What a connection holds of its server while it lives.
#[derive(Debug)]
pub(super) struct Hold {
    pub(super) rules: Arc<Rules>,
    pub(super) guest: Guest,
    pub(super) seat: Seat,
}

/// Serves a connection to its end.
pub(super) async fn serve<T, S>(stream: T, origin: Origin, service: S, hold: Hold)
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let activity = hold.seat.activity().clone();
    activity.restart();
    let io = TokioIo::new(Watched::new(stream, activity.clone()));
    let guest = hold.guest.clone();
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let request = origin.sign(request.map(Body::new));
        let exchange = activity.begin(&request);
        answer(request, exchange, service.clone(), guest.clone())
    });
    let builder = builder(&hold.rules);
    let mut connection = pin!(builder.serve_connection(io, service).into_owned());
    let mut watch = Watch::new(hold);
    loop {
        tokio::select! {
            biased;
            ended = &mut connection => {
                if let Err(error) = ended {
                    tracing::debug!(peer = %origin.peer, error.cause = error, "a connection broke off");
                }
                return;
            }
            order = watch.next() => match order {
                Order::End => connection.as_mut().graceful_shutdown(),
                Order::Break(dawdled) => {
                    tracing::debug!(peer = %origin.peer, ?dawdled, "a connection was closed: its client dawdled");
                    return;
                }
            },
        }
    }
}

async fn answer<S>(
    request: Request,
    exchange: Exchange,
    mut service: S,
    guest: Guest,
) -> Result<hyper::Response<Outgoing>, Infallible>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    let version = request.version();
    let mut response = match framing::refusal(request.headers()) {
        Some(refusal) => refusal,
        None => service.call(request).await?,
    };
    if version <= Version::HTTP_11 && guest.is_asked_to_go() {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    Ok(response.map(|body| Outgoing::new(body, exchange)))
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
        // Ours looks at the time between two requests apart.
        .header_read_timeout(None)
        .max_buf_size(rules.max_header);
    let http2 = &rules.http2;
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(http2.max_streams)
        .max_pending_accept_reset_streams(http2.max_pending_resets)
        .max_local_error_reset_streams(http2.max_error_resets)
        .max_header_list_size(u32::try_from(rules.max_header).unwrap_or(u32::MAX))
        .initial_stream_window_size(http2.stream_window)
        .initial_connection_window_size(http2.connection_window)
        .keep_alive_interval(unless_zero(http2.ping_interval.duration()))
        .keep_alive_timeout(http2.ping_timeout.duration());
    builder
}
