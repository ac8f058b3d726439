//! [`AccessLog`]: an id and one line for each request.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use doorward::Door;
use futures_util::future::BoxFuture;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use tokio::time::Instant;
use tower::Service;
use tracing::Instrument;

use crate::metrics;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken from a client, and the longest path that is logged, in characters.
const LONGEST_ID: usize = 64;
const LONGEST_PATH: usize = 256;

/// Gives each request an id, tells it in `X-Request-Id`, and logs one line when it is answered.
///
/// A client's own id is kept where it is letters, digits, `.`, `_`, `-` only. Neither query strings nor headers are
/// logged: they hold secrets.
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
        let line = Line::new(&request, &self.door);
        let id = line.id.clone();
        let span = tracing::info_span!("request", request.id = line.id_text());
        let answer = span.in_scope(|| self.inner.call(request));
        let logged = async move {
            let Ok(mut response) = answer.await;
            line.write(response.status());
            response.headers_mut().insert(REQUEST_ID, id);
            Ok(response)
        };
        Box::pin(logged.instrument(span))
    }
}

/// What is logged of a request.
struct Line {
    id: HeaderValue,
    method: Method,
    path: String,
    peer: Option<IpAddr>,
    start: Instant,
}

impl Line {
    fn new(request: &Request, door: &Door) -> Self {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        Self {
            id: id(request, door),
            method: request.method().clone(),
            path: harmless(request.uri().path()),
            peer: peer.map(|peer| peer.0.ip()),
            start: Instant::now(),
        }
    }

    fn id_text(&self) -> &str {
        self.id.to_str().unwrap_or_default()
    }

    fn write(&self, status: StatusCode) {
        metrics::answered(status);
        let duration_ms = milliseconds(self.start.elapsed());
        let Self { method, path, .. } = self;
        let peer = self.peer.map(tracing::field::display);
        let status = status.as_u16();
        match status {
            500.. => tracing::error!(%method, path, status, duration_ms, peer, "answered"),
            _ => tracing::info!(%method, path, status, duration_ms, peer, "answered"),
        }
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
