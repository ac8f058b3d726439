//! `doorward_serve::Limits` around a door: what is answered where a body, a handler or a crowd takes too much.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use axum::routing::{get, post};
use doorward_core::exception_handler::{
    ErrorResponse, ExceptionContext, ExceptionHandler, exception_handler,
};
use doorward_core::service::DoorService;
use doorward_core::settings::{Period, ServerSettings, Settings};
use doorward_core::{ApiException, Door, Policy, RouteExt, Router};
use doorward_serve::Limits;
use doorward_testing::TestDatabase;
use futures_util::stream;
use http_body_util::{BodyExt, Full};
use tower::ServiceExt;

/// A door with handlers of every kind, within these limits.
fn site(change: impl FnOnce(&mut ServerSettings)) -> Limits {
    site_with(|settings| change(&mut settings.server), exception_handler)
}

/// The same with these settings, and an exception handler.
fn site_with(change: impl FnOnce(&mut Settings), handler: impl ExceptionHandler + 'static) -> Limits {
    Limits::new(door_service(change, handler))
}

fn door_service(change: impl FnOnce(&mut Settings), handler: impl ExceptionHandler + 'static) -> DoorService {
    let mut settings = Settings::default();
    settings.secret_key = "a-key-for-tests-that-is-long-enough-0123456789".to_owned().into();
    settings.rest.authentication.clear();
    settings.passwords.backends.clear();
    settings.cors.allowed_origins = vec!["https://app.example".to_owned()];
    change(&mut settings);
    let door = Door::builder(settings, TestDatabase::new().stores()).exception_handler(handler);
    let door = door.build().unwrap();
    let open = Policy::open;
    let routes = door
        .router()
        .route("/slow/", get(slow).policy(open()))
        .route("/length/", post(length).policy(open()))
        .route("/stream/", post(whole_stream).policy(open()))
        .route("/ignores/", post(async || "done").policy(open()))
        .probe("/healthz", get(async || "ok"));
    Router::into_service(routes).unwrap()
}

async fn slow() -> &'static str {
    tokio::time::sleep(Duration::from_secs(5)).await;
    "slow"
}

async fn length(body: Bytes) -> String {
    body.len().to_string()
}

/// Reads whatever comes, as no extractor would limit it.
async fn whole_stream(request: Request) -> Result<String, (http::StatusCode, String)> {
    let failed = |error: axum::Error| (http::StatusCode::BAD_REQUEST, error.to_string());
    let body = request.into_body().collect().await.map_err(failed)?;
    Ok(body.to_bytes().len().to_string())
}

fn request(method: &str, path: &str, body: Body) -> Request {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost");
    request
        .header("origin", "https://app.example")
        .body(body)
        .unwrap()
}

async fn told(response: Response) -> (u16, String) {
    let (status, body) = (response.status().as_u16(), response.into_body());
    (
        status,
        String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap(),
    )
}

/// Bytes that come `pause` after one another.
fn trickle(count: usize, pause: Duration) -> Body {
    Body::from_stream(stream::unfold(0, move |sent| async move {
        tokio::time::sleep(pause).await;
        (sent < count).then_some((Ok::<_, Infallible>(Bytes::from_static(b"a")), sent + 1))
    }))
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_503() {
    let site = site(|server| server.handler_timeout = Period::from_millis(100));
    let response = site
        .oneshot(request("GET", "/slow/", Body::empty()))
        .await
        .unwrap();
    assert_eq!(response.headers()["retry-after"], "1");
    assert_eq!(
        response.headers()["access-control-allow-origin"],
        "https://app.example"
    );
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    let sentence = "{\"detail\":\"Service temporarily unavailable, try again later.\"}";
    assert_eq!(told(response).await, (503, sentence.to_owned()));
}

/// Over TLS which a proxy ends, a refusal says what every answer says (`SECURE_HSTS_SECONDS`); whoever else claims TLS is not
/// believed.
#[tokio::test]
async fn refusals_behind_a_proxy_have_hsts() {
    let site = site_with(
        |settings| {
            settings.server.handler_timeout = Period::from_millis(100);
            settings.throttle.trusted_proxies = vec!["10.0.0.1".to_owned()];
            settings.security.proxy_ssl_header = Some("X-Forwarded-Proto: https".to_owned());
            settings.security.hsts_seconds = 60;
        },
        exception_handler,
    );
    for (peer, hsts) in [([10, 0, 0, 1], Some("max-age=60")), ([10, 0, 0, 2], None)] {
        let mut request = request("GET", "/slow/", Body::empty());
        let https = http::HeaderValue::from_static("https");
        request.headers_mut().insert("x-forwarded-proto", https);
        request
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::from((peer, 443))));
        let response = site.clone().oneshot(request).await.unwrap();
        let told = response.headers().get("strict-transport-security");
        assert_eq!(told.map(|value| value.to_str().unwrap()), hsts, "{peer:?}");
        assert_eq!(response.status(), 503);
    }
}

#[tokio::test]
async fn a_handler_that_waits_for_its_client_does_not_dawdle() {
    let site = site(|server| server.handler_timeout = Period::from_millis(200));
    let body = trickle(8, Duration::from_millis(60));
    let response = site.oneshot(request("POST", "/length/", body)).await.unwrap();
    assert_eq!(told(response).await, (200, "8".to_owned()));
}

#[tokio::test]
async fn a_body_that_takes_too_long_is_408_whoever_reads_it() {
    let site = site(|server| server.body_timeout = Period::from_millis(150));
    for path in ["/length/", "/stream/"] {
        let body = trickle(100, Duration::from_millis(40));
        let response = site.clone().oneshot(request("POST", path, body)).await.unwrap();
        assert_eq!(response.headers()["connection"], "close", "{path}");
        assert_eq!(
            response.headers()["access-control-allow-origin"],
            "https://app.example"
        );
        let sentence = "{\"detail\":\"The request body did not arrive in time.\"}";
        assert_eq!(told(response).await, (408, sentence.to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_body_that_nobody_reads_is_not_waited_for() {
    let site = site(|server| server.body_timeout = Period::from_millis(50));
    let body = trickle(100, Duration::from_secs(1));
    let response = site.oneshot(request("POST", "/ignores/", body)).await.unwrap();
    assert_eq!(told(response).await, (200, "done".to_owned()));
}

/// Axum's own extractors would end at 2 MB, and a stream nowhere.
#[tokio::test]
async fn the_largest_body_is_the_settings_whoever_reads_it() {
    let site = site(|server| server.max_body = 3_000_000);
    for path in ["/length/", "/stream/"] {
        let fits = Body::from(vec![b'a'; 3_000_000]);
        let response = site.clone().oneshot(request("POST", path, fits)).await.unwrap();
        assert_eq!(told(response).await, (200, "3000000".to_owned()), "{path}");
        let large = Body::from(vec![b'a'; 3_000_001]);
        let response = site.clone().oneshot(request("POST", path, large)).await.unwrap();
        let sentence = "{\"detail\":\"Request body is too large.\"}";
        assert_eq!(told(response).await, (413, sentence.to_owned()), "{path}");
    }
}

#[tokio::test]
async fn one_request_too_many_is_503_and_probes_are_not_counted() {
    let site = site(|server| server.max_requests_in_flight = 2);
    let slow = |site: Limits| tokio::spawn(site.oneshot(request("GET", "/slow/", Body::empty())));
    let busy = [slow(site.clone()), slow(site.clone())];
    tokio::time::sleep(Duration::from_millis(100)).await;
    let response = site
        .clone()
        .oneshot(request("POST", "/ignores/", Body::empty()))
        .await
        .unwrap();
    assert_eq!(response.headers()["retry-after"], "1");
    assert_eq!(told(response).await.0, 503);
    let response = site
        .clone()
        .oneshot(request("GET", "/healthz", Body::empty()))
        .await
        .unwrap();
    assert_eq!(told(response).await.0, 200);
    busy.iter().for_each(|task| task.abort());
    tokio::time::sleep(Duration::from_millis(100)).await;
    let response = site
        .oneshot(request("POST", "/ignores/", Body::empty()))
        .await
        .unwrap();
    assert_eq!(told(response).await.0, 200);
}

/// As some projects have it: 200 whatever failed, and a code in the body.
fn always_ok(exception: &ApiException, cx: &ExceptionContext<'_>) -> ErrorResponse {
    ErrorResponse {
        status: http::StatusCode::OK,
        data: format!("{} at {}", exception.code(), cx.path()).into(),
        ..exception_handler(exception, cx)
    }
}

#[tokio::test]
async fn what_the_limits_refuse_is_worded_by_the_exception_handler() {
    let change = |settings: &mut Settings| {
        settings.server.handler_timeout = Period::from_millis(200);
        settings.server.body_timeout = Period::from_millis(100);
        settings.server.max_body = 512;
    };
    let site = site_with(change, always_ok);
    let large = || Body::from(vec![b'a'; 513]);
    for (method, path, body, code) in [
        ("GET", "/slow/", Body::empty(), "service_unavailable"),
        (
            "POST",
            "/length/",
            trickle(100, Duration::from_millis(60)),
            "request_timeout",
        ),
        ("POST", "/stream/", large(), "payload_too_large"),
    ] {
        let response = site.clone().oneshot(request(method, path, body)).await.unwrap();
        assert_eq!(told(response).await, (200, format!("\"{code} at {path}\"")));
    }
}

/// A place is kept until the answer is sent, not only until it is made.
#[tokio::test]
async fn an_answer_that_is_not_read_keeps_its_place() {
    let site = site(|server| server.max_requests_in_flight = 1);
    let ask = || site.clone().oneshot(request("POST", "/ignores/", Body::empty()));
    let unread = ask().await.unwrap();
    assert_eq!(ask().await.unwrap().status(), 503);
    drop(unread);
    assert_eq!(ask().await.unwrap().status(), 200);
}

/// A service that answers by itself, panics, or asks the door: its answers have bodies of a type of their own.
async fn foreign(door: DoorService, request: Request) -> Result<http::Response<Full<Bytes>>, Infallible> {
    assert_ne!(request.uri().path(), "/panics/", "the secret cause");
    let text = match request.uri().path() {
        "/foreign/" => Bytes::from_static(b"foreign"),
        _ => {
            let Ok(response) = door.oneshot(request).await;
            response.into_body().collect().await.unwrap().to_bytes()
        }
    };
    Ok(http::Response::new(Full::new(text)))
}

#[tokio::test]
async fn any_service_stands_within_the_limits() {
    let change = |settings: &mut Settings| {
        settings.server.handler_timeout = Period::from_millis(100);
        settings.server.max_requests_in_flight = 1;
    };
    let door = door_service(change, exception_handler);
    let inner = door.clone();
    let service = tower::service_fn(move |request| foreign(inner.clone(), request));
    let limits = Limits::around(door, service);
    let ask = |path| limits.clone().oneshot(request("GET", path, Body::empty()));

    assert_eq!(
        told(ask("/foreign/").await.unwrap()).await,
        (200, "foreign".to_owned())
    );
    let late = ask("/slow/").await.unwrap();
    assert_eq!(late.headers()["x-content-type-options"], "nosniff");
    assert_eq!(told(late).await.0, 503);

    let unread = ask("/foreign/").await.unwrap();
    assert_eq!(ask("/foreign/").await.unwrap().status(), 503);
    // The door knows its probe.
    assert_eq!(told(ask("/healthz").await.unwrap()).await, (200, "ok".to_owned()));
    drop(unread);

    let panicked = ask("/panics/").await.unwrap();
    assert_eq!(
        panicked.headers()["access-control-allow-origin"],
        "https://app.example"
    );
    assert_eq!(
        told(panicked).await,
        (500, "{\"detail\":\"A server error occurred.\"}".to_owned())
    );
}
