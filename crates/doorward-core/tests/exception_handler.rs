//! `EXCEPTION_HANDLER`: every failure in a site's own shape, and the default where the handler fails.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use doorward_core::exception_handler::{
    ErrorResponse, ExceptionContext, ExceptionHandler, WithPanics, exception_handler,
};
use doorward_core::parsers::Data;
use doorward_core::permissions::IsAuthenticated;
use doorward_core::service::DoorService;
use doorward_core::settings::{ExceptionHandlerName, Settings};
use doorward_core::throttling::{Allowance, Throttle};
use doorward_core::{Answer, ApiException, Context, Door, Policy, Result, RouteExt, Router, View};
use doorward_testing::TestDatabase;
use http::header::{ALLOW, CONTENT_LENGTH, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use support::{Named, ask, header, json, request, send, settings};

/// As many projects have it: what failed, in an envelope.
fn envelope(exception: &ApiException, cx: &ExceptionContext<'_>) -> ErrorResponse {
    let mut response = exception_handler(exception, cx);
    response.data = json!({
        "success": false,
        "status": exception.status().as_u16(),
        "code": exception.code(),
        "errors": response.data,
        "at": format!("{} {} {}", cx.method(), cx.path(), cx.route().unwrap_or("-")),
        "user": cx.user().map(|user| user.username()),
        "request": cx.request_id(),
    });
    response
}

/// Always slows down.
#[derive(Debug)]
struct Never;

impl Throttle for Never {
    fn allow_request<'a>(&'a self, _: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<Allowance>> {
        let wait = Some(Duration::from_secs(9));
        Answer::ready(Ok(Allowance::Throttled { wait }))
    }
}

async fn read(data: Data) -> Result<String> {
    drop(data);
    Ok("read".to_owned())
}

async fn panics() -> String {
    panic!("canary-of-a-panic")
}

async fn wrong() -> ApiException {
    ApiException::validation_error(json!({ "name": ["Too long."] }))
}

fn routes(router: Router) -> Router {
    let named = || Policy::from(IsAuthenticated).authenticate(Named(Some("Test")));
    let open = Policy::open;
    router
        .route("/api/me/", get(async || "me").policy(named()))
        .route("/api/slow/", get(async || "slow").policy(named().throttle(Never)))
        .route("/api/read/", post(read).policy(open()))
        .route("/api/small/", post(read).policy(open()).max_body(4))
        .route("/api/panics/", get(panics).policy(open()))
        .route("/api/wrong/{id}/", get(wrong).policy(open()))
        .route("/api/away/", get(away).policy(open()))
        .route("/api/plain/", get(plain).policy(open()))
        .route("/api/compressed/", get(compressed).policy(open()))
        .route("/page/", get(async || "page").post(async || "page").page())
        .public("/public/", get(wrong))
}

async fn away() -> ApiException {
    ApiException::service_unavailable(Duration::from_secs(3))
}

/// As a layer that compresses leaves a failure.
async fn compressed() -> impl IntoResponse {
    let mut response = ApiException::not_found().into_response();
    let gzip = HeaderValue::from_static("gzip");
    response.headers_mut().insert("content-encoding", gzip);
    response
}

/// An answer of the handler's own, which nobody words.
async fn plain() -> impl IntoResponse {
    (StatusCode::CONFLICT, "taken")
}

fn site(handler: impl ExceptionHandler + 'static) -> DoorService {
    site_of(settings(), |_| {}, Some(Arc::new(handler)))
}

fn site_of(
    mut settings: Settings,
    change: impl FnOnce(&mut Settings),
    handler: Option<Arc<dyn ExceptionHandler>>,
) -> DoorService {
    change(&mut settings);
    let builder = Door::builder(settings, TestDatabase::new().stores());
    let builder = match handler {
        Some(handler) => builder.shared_exception_handler(handler),
        None => builder,
    };
    routes(builder.build().unwrap().router()).into_service().unwrap()
}

/// The envelope of a request's failure, which has that status.
async fn failure(service: &DoorService, request: http::request::Builder, status: u16) -> Value {
    let response = ask(service, request).await;
    assert_eq!(response.status().as_u16(), status, "{}", response.body());
    assert_eq!(header("content-type", &response), Some("application/json"));
    let body = json(&response);
    assert_eq!(
        (&body["success"], &body["status"]),
        (&json!(false), &json!(status)),
        "{body}"
    );
    body
}

#[tokio::test]
async fn refusals_of_the_guard_are_worded() {
    let service = site(envelope);
    let body = failure(&service, request("GET", "/api/me/"), 401).await;
    assert_eq!(
        body,
        json!({
            "success": false, "status": 401, "code": "not_authenticated",
            "errors": { "detail": "Authentication credentials were not provided." },
            "at": "GET /api/me/ /api/me/", "user": null, "request": null,
        })
    );
    let nobody = request("GET", "/api/me/").header("x-user", "nobody");
    assert_eq!(
        failure(&service, nobody, 401).await["code"],
        "authentication_failed"
    );
    let alice = request("GET", "/api/slow/")
        .header("x-user", "alice")
        .header("x-request-id", "r-1");
    let body = failure(&service, alice, 429).await;
    assert_eq!(
        (&body["user"], &body["request"]),
        (&json!("alice"), &json!("r-1"))
    );
    let body = failure(&service, request("DELETE", "/api/read/"), 405).await;
    assert_eq!(body["code"], "method_not_allowed");
    let accepts = request("GET", "/api/wrong/7/").header("accept", "image/png");
    assert_eq!(failure(&service, accepts, 406).await["code"], "not_acceptable");
}

#[tokio::test]
async fn who_is_refused_before_authentication_is_nobody() {
    let service = site(envelope);
    let alice = request("GET", "/api/me/").header("x-user", "alice");
    let body = failure(&service, alice.header("accept", "image/png"), 406).await;
    assert_eq!(body["user"], Value::Null);
}

#[tokio::test]
async fn what_handlers_raise_is_worded() {
    let service = site(envelope);
    let body = failure(&service, request("GET", "/api/wrong/7/"), 400).await;
    assert_eq!(body["errors"], json!({ "name": ["Too long."] }));
    assert_eq!(body["at"], "GET /api/wrong/7/ /api/wrong/{id}/");
    assert_eq!(
        failure(&service, request("GET", "/api/away/"), 503).await["code"],
        "service_unavailable"
    );
    let body = failure(&service, request("GET", "/public/"), 400).await;
    assert_eq!(body["at"], "GET /public/ /public/");
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_worded() {
    let service = site(envelope);
    let sent = |path: &str, content_type: &str, body: &'static str| {
        let request = request("POST", path).header("content-type", content_type);
        send(&service, request.body(Body::from(body)).unwrap())
    };
    for (path, content_type, body, status, code) in [
        ("/api/read/", "application/json", "{", 400, "parse_error"),
        ("/api/read/", "text/csv", "a,b", 415, "unsupported_media_type"),
        (
            "/api/small/",
            "application/json",
            "{\"a\": 1}",
            413,
            "payload_too_large",
        ),
    ] {
        let response = sent(path, content_type, body).await;
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(json(&response)["code"], code);
    }
}

#[tokio::test]
async fn what_stands_around_the_routes_is_worded() {
    let service = site(envelope);
    let body = failure(&service, request("GET", "/api/nothing/"), 404).await;
    assert_eq!(
        (&body["code"], &body["at"]),
        (&json!("not_found"), &json!("GET /api/nothing/ -"))
    );
    let foreign = http::Request::builder()
        .uri("/api/me/")
        .header("host", "evil.example");
    assert_eq!(failure(&service, foreign, 400).await["success"], false);
    let outline = service.outline(&request("GET", "/api/me/").body(Body::empty()).unwrap());
    let late = ApiException::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", "Too late.");
    let response = service.refusal(&outline, late);
    assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT);
    let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (&body["code"], &body["at"]),
        (&json!("request_timeout"), &json!("GET /api/me/ -"))
    );
}

#[tokio::test]
async fn headers_are_kept_unless_the_handler_takes_them_away() {
    let service = site(envelope);
    let response = ask(&service, request("GET", "/api/me/")).await;
    assert_eq!(header("www-authenticate", &response), Some("Test"));
    assert_eq!(header("allow", &response), Some("GET, HEAD, OPTIONS"));
    assert_eq!(header("x-content-type-options", &response), Some("nosniff"));
    let alice = request("GET", "/api/slow/").header("x-user", "alice");
    assert_eq!(header("retry-after", &ask(&service, alice).await), Some("9"));
    let service = site(|exception: &ApiException, cx: &ExceptionContext<'_>| {
        let mut response = exception_handler(exception, cx);
        for name in [ALLOW, RETRY_AFTER, WWW_AUTHENTICATE] {
            response.headers.remove(name);
        }
        response.status = StatusCode::OK;
        let media_type = HeaderValue::from_static("application/vnd.error+json");
        response.headers.insert("content-type", media_type);
        response
    });
    let response = ask(&service, request("GET", "/api/me/")).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(
        header("content-type", &response),
        Some("application/vnd.error+json")
    );
    for name in ["allow", "retry-after", "www-authenticate"] {
        assert_eq!(header(name, &response), None, "{name}");
    }
    assert_eq!(header("x-content-type-options", &response), Some("nosniff"));
}

#[tokio::test]
async fn a_body_that_was_compressed_is_replaced_by_one_that_is_not() {
    let response = ask(&site(envelope), request("GET", "/api/compressed/")).await;
    assert_eq!(header("content-encoding", &response), None);
    assert_eq!(json(&response)["code"], "not_found");
}

#[tokio::test]
async fn without_a_challenge_the_exception_is_a_403() {
    let door = Door::builder(settings(), TestDatabase::new().stores())
        .exception_handler(envelope)
        .build()
        .unwrap();
    let policy = Policy::from(IsAuthenticated).authenticate(Named(None));
    let router = door.router().route("/api/me/", get(async || "me").policy(policy));
    let service = router.into_service().unwrap();
    let body = failure(&service, request("GET", "/api/me/"), 403).await;
    assert_eq!(body["code"], "not_authenticated");
}

#[tokio::test]
async fn a_head_request_gets_no_body_and_its_length() {
    let service = site(envelope);
    let got = ask(&service, request("GET", "/api/me/")).await;
    let head = ask(&service, request("HEAD", "/api/me/")).await;
    assert_eq!(
        (head.status(), head.body().as_str()),
        (StatusCode::UNAUTHORIZED, "")
    );
    let length: usize = header("content-length", &head).unwrap().parse().unwrap();
    assert_eq!(length, got.body().len() + 1, "HEAD is one letter longer than GET");
}

#[tokio::test]
async fn what_has_not_failed_is_left_alone() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let service = site(move |exception: &ApiException, cx: &ExceptionContext<'_>| {
        counted.fetch_add(1, Ordering::Relaxed);
        exception_handler(exception, cx)
    });
    let alice = request("GET", "/api/me/").header("x-user", "alice");
    assert_eq!(ask(&service, alice).await.body(), "me");
    let options = ask(&service, request("OPTIONS", "/api/read/")).await;
    assert_eq!(options.status(), StatusCode::OK);
    assert_eq!(ask(&service, request("GET", "/api/plain/")).await.body(), "taken");
    assert_eq!(
        ask(&service, request("GET", "/api/me")).await.status(),
        StatusCode::MOVED_PERMANENTLY
    );
    assert_eq!(calls.load(Ordering::Relaxed), 0);
    ask(&service, request("GET", "/api/wrong/1/")).await;
    assert_eq!(calls.load(Ordering::Relaxed), 1, "once for each failure");
}

#[tokio::test]
async fn pages_stay_html_and_their_scripts_get_the_envelope() {
    let service = site(envelope);
    let forged = ask(&service, request("POST", "/page/").header("accept", "text/html")).await;
    assert_eq!(forged.status(), StatusCode::FORBIDDEN);
    assert_eq!(header("content-type", &forged), Some("text/html; charset=utf-8"));
    let script = request("POST", "/page/").header("accept", "application/json");
    let body = failure(&service, script, 403).await;
    assert!(
        body["errors"]["detail"]
            .as_str()
            .unwrap()
            .starts_with("CSRF Failed"),
        "{body}"
    );
}

#[tokio::test]
async fn a_panic_is_worded_where_that_is_asked_for() {
    let default = r#"{"detail":"A server error occurred."}"#;
    let response = ask(&site(envelope), request("GET", "/api/panics/")).await;
    assert_eq!(
        (response.status().as_u16(), response.body().as_str()),
        (500, default)
    );
    let service = site(WithPanics(envelope));
    let body = failure(&service, request("GET", "/api/panics/"), 500).await;
    assert_eq!(body["code"], "error");
    assert!(!body.to_string().contains("canary"));
}

#[tokio::test]
async fn a_handler_that_fails_gives_the_default() {
    fn panicking(_: &ApiException, _: &ExceptionContext<'_>) -> ErrorResponse {
        panic!("the handler's own")
    }
    fn with_status(status: StatusCode) -> impl ExceptionHandler {
        move |exception: &ApiException, cx: &ExceptionContext<'_>| ErrorResponse {
            status,
            ..exception_handler(exception, cx)
        }
    }
    fn with_header(name: HeaderName) -> impl ExceptionHandler {
        move |exception: &ApiException, cx: &ExceptionContext<'_>| {
            let mut response = exception_handler(exception, cx);
            response.data = json!("replaced");
            response
                .headers
                .insert(name.clone(), HeaderValue::from_static("1"));
            response
        }
    }
    for service in [
        site(panicking),
        site(with_status(StatusCode::NO_CONTENT)),
        site(with_status(StatusCode::NOT_MODIFIED)),
        site(with_status(StatusCode::CONTINUE)),
        site(with_header(CONTENT_LENGTH)),
        site(with_header(http::header::TRANSFER_ENCODING)),
    ] {
        let response = ask(&service, request("GET", "/api/me/")).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(
            json(&response)["detail"],
            "Authentication credentials were not provided."
        );
        assert_eq!(header("www-authenticate", &response), Some("Test"));
    }
}

#[tokio::test]
async fn problem_details_are_those_of_rfc_9457() {
    let named = |settings: &mut Settings| {
        settings.rest.exception_handler = ExceptionHandlerName::ProblemDetails;
    };
    let service = site_of(settings(), named, None);
    let response = ask(&service, request("GET", "/api/me/")).await;
    assert_eq!(
        header("content-type", &response),
        Some("application/problem+json")
    );
    assert_eq!(header("www-authenticate", &response), Some("Test"));
    let detail = "Authentication credentials were not provided.";
    assert_eq!(
        response.body(),
        &json!({ "title": "Unauthorized", "status": 401, "detail": detail, "code": "not_authenticated" })
            .to_string()
    );
    let response = ask(&service, request("GET", "/api/wrong/1/")).await;
    assert_eq!(
        json(&response),
        json!({ "title": "Bad Request", "status": 400, "errors": { "name": ["Too long."] }, "code": "invalid" })
    );
    let response = ask(&service, request("GET", "/api/panics/")).await;
    assert_eq!(json(&response)["title"], "Internal Server Error");
}

#[test]
fn an_unknown_name_is_told_with_the_nearest() {
    let mut settings = settings();
    settings.rest.exception_handler = ExceptionHandlerName::of("problem_detail");
    let error = settings.validate().unwrap_err().to_string();
    assert!(
        error.contains("rest.exception_handler") && error.contains("did you mean `problem_details`?"),
        "{error}"
    );
}
