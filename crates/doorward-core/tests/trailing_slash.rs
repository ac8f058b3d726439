//! `[rest] trailing_slash`: both spellings of a path, or one.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use axum::extract::{MatchedPath, Path};
use axum::routing::{get, post};
use doorward_core::permissions::{AllowAny, IsAuthenticated};
use doorward_core::router::{RouteError, Served};
use doorward_core::service::DoorService;
use doorward_core::settings::TrailingSlash;
use doorward_core::throttling::ScopedRateThrottle;
use doorward_core::{Policy, RouteExt, Router};
use http::StatusCode;
use support::{Named, ask, door, header, request, send, settings};

async fn told(matched: MatchedPath) -> String {
    matched.as_str().to_owned()
}

async fn shown(matched: MatchedPath, Path(id): Path<String>) -> String {
    format!("{id} of {}", matched.as_str())
}

fn routes(router: Router) -> Router {
    let open = || Policy::from(AllowAny).authenticators([]);
    router
        .route("/", get(told).policy(open()))
        .route("/api/with/", get(told).post(told).policy(open()))
        .route("/api/without", get(told).post(told).policy(open()))
        .route("/api/things/{id}/", get(shown).policy(open()))
        .route(
            "/api/me/",
            get(told).policy(Policy::from(IsAuthenticated).authenticate(Named(Some("Test")))),
        )
        .route(
            "/api/counted/",
            get(told)
                .policy(open().throttle(ScopedRateThrottle))
                .throttle_scope("counted"),
        )
        .route("/page/", get(async || "page").page())
        .public("/public/", get(async || "public"))
        .nest_public(
            "/files",
            axum::Router::new().route("/{*path}", get(async || "file")),
        )
}

fn site(trailing_slash: TrailingSlash) -> DoorService {
    let mut settings = settings();
    settings.rest.trailing_slash = trailing_slash;
    settings.throttle.rates.insert("counted".into(), "2/min".into());
    routes(door(settings).router()).into_service().unwrap()
}

async fn status(service: &DoorService, method: &str, path: &str) -> u16 {
    ask(service, request(method, path)).await.status().as_u16()
}

#[tokio::test]
async fn optional_answers_both_spellings_by_one_route() {
    let service = site(TrailingSlash::Optional);
    for (path, body) in [
        ("/api/with", "/api/with/"),
        ("/api/with/", "/api/with/"),
        ("/api/with?x=1", "/api/with/"),
        ("/api/without", "/api/without"),
        ("/api/without/", "/api/without"),
        ("/api/things/7", "7 of /api/things/{id}/"),
        ("/api/things/7/?x=/", "7 of /api/things/{id}/"),
        ("/api/%77ith", "/api/with/"),
        ("/", "/"),
    ] {
        let response = ask(&service, request("GET", path)).await;
        assert_eq!(
            (response.status(), response.body().as_str()),
            (StatusCode::OK, body),
            "{path}"
        );
        let served = response.extensions().get::<Served>().unwrap();
        assert!(body.ends_with(served.route()), "{path}");
    }
    for path in [
        "/api/with//",
        "/api//with",
        "/api/things",
        "/api/things/",
        "/nothing",
        "/nothing/",
        "//",
    ] {
        assert_eq!(status(&service, "GET", path).await, 404, "{path}");
    }
}

#[tokio::test]
async fn optional_keeps_bodies_and_methods() {
    let service = site(TrailingSlash::Optional);
    for path in ["/api/with", "/api/without/"] {
        let sent = request("POST", path).body("kept".into()).unwrap();
        assert_eq!(send(&service, sent).await.status(), StatusCode::OK);
        assert_eq!(status(&service, "DELETE", path).await, 405);
        assert_eq!(status(&service, "OPTIONS", path).await, 200);
    }
}

#[tokio::test]
async fn optional_guards_both_spellings() {
    let service = site(TrailingSlash::Optional);
    for path in ["/api/me", "/api/me/"] {
        assert_eq!(status(&service, "GET", path).await, 401, "{path}");
    }
    let counted = ["/api/counted", "/api/counted/", "/api/counted"];
    let mut statuses = Vec::new();
    for path in counted {
        statuses.push(status(&service, "GET", path).await);
    }
    assert_eq!(statuses, [200, 200, 429], "both are counted as one");
}

#[tokio::test]
async fn pages_and_what_is_public_keep_their_spelling() {
    for how in [TrailingSlash::Optional, TrailingSlash::None] {
        let service = site(how);
        let page = ask(&service, request("GET", "/page")).await;
        assert_eq!(
            (page.status(), header("location", &page)),
            (StatusCode::MOVED_PERMANENTLY, Some("/page/"))
        );
        assert_eq!(status(&service, "GET", "/public").await, 301);
        assert_eq!(status(&service, "GET", "/public/").await, 200);
        assert_eq!(status(&service, "GET", "/files/a/").await, 200);
    }
}

#[tokio::test]
async fn none_knows_no_path_with_a_slash() {
    let service = site(TrailingSlash::None);
    for (path, expected) in [
        ("/api/with", 200),
        ("/api/with/", 404),
        ("/api/without", 200),
        ("/api/without/", 404),
        ("/api/things/7", 200),
        ("/api/things/7/", 404),
        ("/api/me", 401),
        ("/api/me/", 404),
        ("/", 200),
    ] {
        assert_eq!(status(&service, "GET", path).await, expected, "{path}");
    }
}

#[test]
fn none_refuses_one_path_twice() {
    let mut settings = settings();
    settings.rest.trailing_slash = TrailingSlash::None;
    let router = door(settings).router();
    let router = router.route("/a", get(told)).route("/a/", post(told));
    assert_eq!(
        router.into_service().err(),
        Some(RouteError::Twice("/a".to_owned()))
    );
}

#[tokio::test]
async fn required_is_as_it_was() {
    let service = site(TrailingSlash::Required);
    let sent_on = ask(&service, request("GET", "/api/with")).await;
    assert_eq!(
        (sent_on.status(), header("location", &sent_on)),
        (StatusCode::MOVED_PERMANENTLY, Some("/api/with/"))
    );
    assert_eq!(status(&service, "GET", "/api/without/").await, 404);
}
