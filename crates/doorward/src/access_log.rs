//! [`AccessLog`]: an id and one line for each request.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use doorward::Door;
use doorward::router::Served;
use futures_util::future::BoxFuture;
use http::{HeaderName, HeaderValue, Method, Uri};
use tokio::time::Instant;
use tower::Service;
use tracing::{Instrument, Level};

use crate::metrics;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken from a client, and the longest path that is logged, in characters.
const LONGEST_ID: usize = 64;
const LONGEST_PATH: usize = 256;

/// Gives each request an id, tells it in `X-Request-Id`, and logs one line when it is answered.
///
/// A client's own id is kept where it is letters, digits, `.`, `_`, `-` only. Neither query strings nor headers are
/// logged: they hold secrets. What the lines hold is told on the guide's page on logs.
#[derive(Clone, Debug)]
pub(crate) struct AccessLog<S> {
    door: Door,
    inner: S,
}

impl<S> AccessLog<S> {
    pub(crate) fn new(door: &Door, inner: S) -> Self {
        let door = door.clone();
        Self { door, inner }
    }
}

impl<S> Service<Request> for AccessLog<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let id = id(&request, &self.door);
        let span = tracing::info_span!("request", request.id = id.to_str().unwrap_or_default());
        let line = tracing::enabled!(Level::ERROR).then(|| Line::new(&request, &self.door));
        let answer = span.in_scope(|| self.inner.call(request));
        let logged = async move {
            let Ok(mut response) = answer.await;
            metrics::answered(response.status());
            line.iter().for_each(|line| line.write(&response));
            response.headers_mut().insert(REQUEST_ID, id);
            Ok(response)
        };
        Box::pin(logged.instrument(span))
    }
}

/// Marks an answer whose status is no failure of this server's, whatever its number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoFailure;

/// What is logged of a request. Texts are made when the line is written, if it is.
struct Line {
    method: Method,
    uri: Uri,
    client: Option<IpAddr>,
    peer: Option<IpAddr>,
    start: Instant,
}

impl Line {
    fn new(request: &Request, door: &Door) -> Self {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            client: door.client_address(request.extensions(), request.headers()),
            peer: peer.map(|peer| peer.0.ip()),
            start: Instant::now(),
        }
    }

    fn write(&self, response: &Response) {
        macro_rules! answered {
            ($level:ident) => {{
                let served = response.extensions().get::<Served>();
                tracing::$level!(
                    method = %self.method,
                    path = harmless(self.uri.path()),
                    route = served.map(Served::route),
                    status = response.status().as_u16(),
                    duration_ms = milliseconds(self.start.elapsed()),
                    client.address = self.client.map(display),
                    peer = self.peer.map(display),
                    user.id = served.and_then(Served::user_id).map(display),
                    "answered"
                )
            }};
        }
        match level(response) {
            Level::ERROR => answered!(error),
            Level::DEBUG => answered!(debug),
            _ => answered!(info),
        }
    }
}

/// ERROR for failures of this server, DEBUG for probes where all is as it should be.
fn level(response: &Response) -> Level {
    let extensions = response.extensions();
    let is_expected = extensions.get::<NoFailure>().is_some();
    let is_probe = extensions.get::<Served>().is_some_and(Served::is_probe);
    match response.status() {
        status if is_probe && (status.is_success() || is_expected) => Level::DEBUG,
        status if status.is_server_error() && !is_expected => Level::ERROR,
        _ => Level::INFO,
    }
}

fn id(request: &Request, door: &Door) -> HeaderValue {
    let given = request.headers().get(REQUEST_ID);
    given
        .filter(|id| is_sane(id.as_bytes()))
        .cloned()
        .unwrap_or_else(|| {
            let number = u128::from_be_bytes(door.random());
            HeaderValue::try_from(format!("{number:032x}")).unwrap_or(HeaderValue::from_static(""))
        })
}

fn is_sane(id: &[u8]) -> bool {
    let sane = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    (1..=LONGEST_ID).contains(&id.len()) && id.iter().all(sane)
}

/// A path that cannot break a line, or pass for another field.
fn harmless(path: &str) -> String {
    path.chars()
        .take(LONGEST_PATH)
        .flat_map(char::escape_debug)
        .collect()
}

fn milliseconds(elapsed: Duration) -> f64 {
    (elapsed.as_secs_f64() * 1e6).round() / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_clients_are_kept_where_they_are_harmless() {
        assert!(is_sane(b"abc-123_X.9"));
        assert!(is_sane(&[b'a'; 64]));
        for id in [&b""[..], b"a b", b"a\"b", b"\xFF", &[b'a'; 65]] {
            assert!(!is_sane(id));
        }
    }

    #[test]
    fn paths_are_cut_and_escaped() {
        assert_eq!(harmless("/a\u{1b}[31m\"\n"), "/a\\u{1b}[31m\\\"\\n");
        assert_eq!(harmless(&"a".repeat(1000)).len(), 256);
    }
}
