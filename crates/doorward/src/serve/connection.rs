//! One connection, from its first byte to its end, and how long its client may dawdle.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use doorward_core::settings::ServerSettings;
use doorward_django::urls::Scheme;
use tokio::io::{AsyncRead, AsyncWrite};
use tower::Service;

use super::answering::Answering;
use super::drain::Guest;
use super::limits::unless_zero;
use super::protocols::{Ended, Protocols};
use super::seats::Seat;
use super::stream::{ClientStream, Opening};
use super::watch::{Order, Watch};

/// How long a connection that is idle when the server ends may still bring a request: it may be under way.
const LAST_CALL: Duration = Duration::from_secs(1);

/// What holds for every connection of a server.
#[derive(Debug)]
pub(super) struct Rules {
    /// How long a client may take for the head of a request, and for a TLS handshake.
    pub(super) header_timeout: Duration,
    /// How long it may take to read an answer; for ever where there is none.
    pub(super) write_timeout: Option<Duration>,
    /// How long it may take to make another request.
    pub(super) keep_alive_timeout: Duration,
    /// How long it may take to bring one that is under way when the server ends.
    pub(super) last_call: Duration,
    pub(super) protocols: Protocols,
}

impl Rules {
    pub(super) fn new(settings: &ServerSettings) -> Self {
        Self {
            header_timeout: settings.header_timeout.duration(),
            write_timeout: unless_zero(settings.write_timeout.duration()),
            keep_alive_timeout: settings.keep_alive_timeout.duration(),
            last_call: LAST_CALL.min(settings.shutdown_grace.duration() / 2),
            protocols: Protocols::new(settings),
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
///
/// hyper and its buffers are most of what a connection costs: they stand while it is spoken on, not while it is quiet.
pub(super) async fn serve<T, S>(stream: T, origin: Origin, service: Arc<S>, hold: Hold)
where
    T: AsyncRead + AsyncWrite + Unpin + Send,
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    let activity = hold.seat.activity().clone();
    activity.restart();
    let rules = Arc::clone(&hold.rules);
    let mut stream = ClientStream::new(stream, activity.clone());
    let answering = Answering {
        service,
        origin,
        activity,
        guest: hold.guest.clone(),
    };
    let mut watch = Watch::new(hold);
    loop {
        let protocols = &rules.protocols;
        let ended = match quiet(&mut stream, &mut watch).await {
            Ok(Opening::Http1) => Box::pin(protocols.http1(&mut stream, answering.clone(), &mut watch)).await,
            Ok(Opening::Http2) => Box::pin(protocols.http2(&mut stream, answering.clone(), &mut watch)).await,
            Err(ended) => ended,
        };
        match ended {
            Ended::Quiet => {}
            Ended::Closed(ended) => return origin.tell_closed(ended),
            Ended::Ordered(order) => return origin.tell_ordered(order),
        }
    }
}

/// Waits until the client speaks.
async fn quiet<T>(stream: &mut ClientStream<T>, watch: &mut Watch) -> Result<Opening, Ended>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    loop {
        tokio::select! {
            biased;
            opening = stream.opening() => match opening {
                Ok(Some(opening)) => return Ok(opening),
                Ok(None) => break,
                Err(_) => return Err(Ended::Closed(Ok(()))),
            },
            order = watch.next() => match order {
                Order::Break(_) => return Err(Ended::Ordered(order)),
                Order::End => break,
                Order::Rest => {}
            },
        }
    }
    stream.close().await;
    Err(Ended::Closed(Ok(())))
}

impl Origin {
    pub(super) fn sign(self, mut request: Request) -> Request {
        request.extensions_mut().insert(ConnectInfo(self.peer));
        request.extensions_mut().insert(self.scheme);
        request
    }

    fn tell_closed(self, ended: hyper::Result<()>) {
        if let Err(error) = ended {
            let error: &(dyn std::error::Error + 'static) = &error;
            tracing::debug!(peer = %self.peer, error.cause = error, "a connection broke off");
        }
    }

    fn tell_ordered(self, order: Order) {
        tracing::debug!(peer = %self.peer, ?order, "a connection was closed: its client dawdled");
    }
}
