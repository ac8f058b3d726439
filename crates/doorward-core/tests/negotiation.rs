//! Which renderer answers: JSON, or nobody.

mod support;

use axum::routing::get;
use doorward_core::service::DoorService;
use doorward_core::{Policy, RouteExt};
use http::{HeaderValue, StatusCode};
use proptest::prelude::*;
use support::{Named, ask, assert_refused, request, serve};

fn service() -> DoorService {
    async fn ok() -> &'static str {
        "ok"
    }
    serve(|router| router.route("/", get(ok).policy(Policy::open())))
}

async fn accepted(accept: &str) -> bool {
    let response = ask(&service(), request("GET", "/").header("accept", accept)).await;
    if response.status() == StatusCode::OK {
        return true;
    }
    let detail = "Could not satisfy the request Accept header.";
    assert_refused(&response, StatusCode::NOT_ACCEPTABLE, detail);
    false
}

#[tokio::test]
async fn accept_must_allow_json() {
    let good = [
        "application/json",
        "APPLICATION/Json",
        "application/json; indent=4",
        "application/*",
        "*/*",
        "*/json",
        "application/json;q=0",
        "text/html, application/json;q=0.5",
        "text/html;level=1, */*;q=0.1",
        " ,, application/json",
    ];
    for accept in good {
        assert!(accepted(accept).await, "{accept}");
    }
    for accept in [
        "",
        "text/html",
        "*",
        "application",
        "json",
        "text/*",
        "application/jsonp",
        ",",
    ] {
        assert!(!accepted(accept).await, "{accept}");
    }
    assert_eq!(
        ask(&service(), request("GET", "/")).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn several_headers_are_one_list() {
    let two = request("GET", "/")
        .header("accept", "text/html")
        .header("accept", "application/json");
    assert_eq!(ask(&service(), two).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_long_header_is_read_to_a_bound() {
    assert!(accepted(&format!("{}application/json", "text/html,".repeat(63))).await);
    assert!(!accepted(&format!("{}application/json", "text/html,".repeat(64))).await);
    let skipped = format!("text/{},", "x".repeat(300));
    assert!(accepted(&format!("{}application/json", skipped.repeat(20))).await);
    assert!(!accepted(&format!("{}application/json", skipped.repeat(30))).await);
    assert!(!accepted(&format!("application/json;x={}", "y".repeat(9000))).await);
}

#[tokio::test]
async fn format_in_the_query_picks_a_renderer() {
    for query in [
        "format=json",
        "format=",
        "format=xml&format=json",
        "other=xml",
        "%66ormat=json",
        "",
    ] {
        let response = ask(&service(), request("GET", &format!("/?{query}"))).await;
        assert_eq!(response.status(), StatusCode::OK, "{query}");
    }
    for query in [
        "format=xml",
        "format=json&format=xml",
        "%66ormat=zzz",
        "format=JSON",
    ] {
        let response = ask(&service(), request("GET", &format!("/?{query}"))).await;
        assert_refused(&response, StatusCode::NOT_FOUND, "Not found.");
    }
    let html = request("GET", "/?format=json").header("accept", "text/html");
    assert_eq!(ask(&service(), html).await.status(), StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn it_comes_before_authentication() {
    let policy = Policy::open().authenticate(Named(Some("Test")));
    let service = serve(|router| router.route("/", get(|| async {}).policy(policy)));
    let request = request("GET", "/")
        .header("accept", "text/html")
        .header("x-user", "nobody");
    assert_eq!(ask(&service, request).await.status(), StatusCode::NOT_ACCEPTABLE);
}

proptest! {
    #[test]
    fn any_header_has_an_answer(accept in prop::collection::vec(any::<u8>(), 0..200)) {
        let Ok(accept) = HeaderValue::from_bytes(&accept) else { return Ok(()) };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let service = service();
        let answer = ask(&service, request("GET", "/").header("accept", accept));
        let status = runtime.block_on(answer).status();
        prop_assert!(status == StatusCode::OK || status == StatusCode::NOT_ACCEPTABLE);
    }
}
