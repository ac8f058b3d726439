//! [`AccessLog`]: an id and one line for each request.
//!
//! [`Doorward::serve`](crate::Doorward::serve) puts it around a program's routes where the program logs at all, as
//! [`logging::init`](crate::logging::init) has it. Who serves otherwise puts it there as a layer:
//!
//! ```
//! use doorward::access_log::AccessLogLayer;
//! use doorward::serve::Limits;
//! use doorward::{Door, Router, router::RouteError};
//! use tower::Layer;
//!
//! # fn app(door: &Door, routes: Router) -> Result<(), RouteError> {
//! let service = AccessLogLayer::new(door).layer(Limits::new(routes.into_service()?));
//! # drop(service);
//! # Ok(()) }
//! ```
//!
//! The lines have the target `doorward::access_log`: the filter `info,doorward::access_log=off` leaves them out. What they
//! hold is told on the guide's page on logs.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderName, HeaderValue, Method, Uri};
use axum::response::Response;
use doorward_core::Door;
use doorward_core::exception_handler::default_status;
use doorward_core::router::Served;
use tokio::time::Instant;
use tower::{Layer, Service};
use tracing::{Instrument, Level};

/// The header that tells a request's id: of its answer, and of the request itself, for what stands behind this layer.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken from a client, and the longest path that is logged, in characters.
const LONGEST_ID: usize = 64;
const LONGEST_PATH: usize = 256;

/// Gives each request an id, tells it in `X-Request-Id`, and logs one line when it is answered.
///
/// A client's own id is kept where it is at most 64 letters, digits, `.`, `_`, `-`; a handler finds the id, whosever it
/// is, in the request's [`REQUEST_ID`] header. Every line that is logged meanwhile has it in its span. Neither query strings
/// nor headers are logged: they hold secrets.
#[derive(Clone, Debug)]
pub struct AccessLog<S> {
    door: Door,
    inner: S,
}

impl<S> AccessLog<S> {
    /// Around a service of that door: its settings say which proxies are trusted to name a client.
    pub fn new(door: &Door, inner: S) -> Self {
        let door = door.clone();
        Self { door, inner }
    }
}

/// Puts an [`AccessLog`] around a service.
#[derive(Clone, Debug)]
pub struct AccessLogLayer {
    door: Door,
}

impl AccessLogLayer {
    /// For services of that door.
    #[must_use]
    pub fn new(door: &Door) -> Self {
        Self { door: door.clone() }
    }
}

impl<S> Layer<S> for AccessLogLayer {
    type Service = AccessLog<S>;

    fn layer(&self, inner: S) -> AccessLog<S> {
        AccessLog::new(&self.door, inner)
    }
}

impl<S> Service<Request> for AccessLog<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let id = id(&mut request, &self.door);
        let span = tracing::info_span!("request", request.id = id.to_str().unwrap_or_default());
        let line = tracing::enabled!(Level::ERROR).then(|| Line::new(&request, &self.door));
        let answer = span.in_scope(|| self.inner.call(request));
        let logged = async move {
            let Ok(mut response) = answer.await;
            line.iter().for_each(|line| line.write(&response));
            response.headers_mut().insert(REQUEST_ID, id);
            Ok(response)
        };
        Box::pin(logged.instrument(span))
    }
}

/// An extension of answers whose status is no failure of this server's, whatever its number: they are not logged as errors.
#[derive(Clone, Copy, Debug)]
pub struct NoFailure;

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
    // As it was before an exception handler worded it.
    match default_status(response) {
        status if is_probe && (status.is_success() || is_expected) => Level::DEBUG,
        status if status.is_server_error() && !is_expected => Level::ERROR,
        _ => Level::INFO,
    }
}

/// The client's own id where that is sane, else a new one, which is put in its place.
fn id(request: &mut Request, door: &Door) -> HeaderValue {
    let given = request.headers().get(REQUEST_ID);
    if let Some(id) = given.filter(|id| is_sane(id.as_bytes())) {
        return id.clone();
    }
    let number = u128::from_be_bytes(door.random());
    let id = HeaderValue::try_from(format!("{number:032x}")).unwrap_or(HeaderValue::from_static(""));
    request.headers_mut().insert(REQUEST_ID, id.clone());
    id
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
