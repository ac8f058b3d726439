//! Layers around routes.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, post};
use doorward_core::permissions::AllowAny;
use doorward_core::{RouteExt, User};
use http::{HeaderValue, StatusCode};
use tower::util::MapResponseLayer;
use tower_http::compression::CompressionLayer;

use super::ok;
use crate::support::{ask, assert_refused, door, header, request, serve, settings};

/// A layer that writes its name behind those that wrote theirs before.
fn signed(
    name: &'static str,
) -> MapResponseLayer<impl Fn(Response) -> Response + Clone + Send + Sync + 'static> {
    MapResponseLayer::new(move |mut response: Response| {
        response
            .headers_mut()
            .append("x-layer", HeaderValue::from_static(name));
        response
    })
}

fn layers(response: &http::Response<String>) -> Vec<&str> {
    let layers = response.headers().get_all("x-layer").iter();
    layers.map(|name| name.to_str().unwrap()).collect()
}

#[tokio::test]
async fn a_layer_stands_around_what_was_there_before_it() {
    let service = serve(|router| {
        let group = door(settings())
            .router()
            .route("/a/", get(ok))
            .layer(signed("group"));
        router
            .route("/before/", get(ok).policy(AllowAny))
            .nest("/group", group)
            .layer(signed("first"))
            .layer(signed("second"))
            .route("/after/", get(ok).policy(AllowAny))
    });
    for (path, expected) in [
        ("/before/", &["first", "second"][..]),
        ("/group/a/", &["group", "first", "second"]),
        ("/after/", &[]),
        ("/nowhere/", &["first", "second"]),
    ] {
        let response = ask(&service, request("GET", path)).await;
        assert_eq!(layers(&response), expected, "{path}");
    }
}

#[tokio::test]
async fn a_layer_sees_refusals_and_every_kind_of_route() {
    let nested = axum::Router::new().route("/deep", get(ok));
    let service = serve(|router| {
        router
            .route("/guarded/", get(ok))
            .route("/page/", get(ok).page())
            .public("/public/", get(ok))
            .probe("/healthz", get(ok))
            .nest_public("/files", nested)
            .fallback(get(ok))
            .layer(signed("layer"))
    });
    for (path, status) in [
        ("/guarded/", StatusCode::UNAUTHORIZED),
        ("/page/", StatusCode::OK),
        ("/public/", StatusCode::OK),
        ("/healthz", StatusCode::OK),
        ("/files/deep", StatusCode::OK),
        ("/elsewhere/", StatusCode::UNAUTHORIZED),
    ] {
        let response = ask(&service, request("GET", path)).await;
        assert_eq!(
            (response.status(), layers(&response)),
            (status, vec!["layer"]),
            "{path}"
        );
    }
    // What the door puts around all routes stands around the layer too.
    let response = ask(&service, request("GET", "/public/")).await;
    assert_eq!(header("x-content-type-options", &response), Some("nosniff"));
}

#[tokio::test]
async fn a_layer_may_answer_by_itself_and_knows_nobody() {
    async fn closed(request: Request, next: Next) -> Result<Response, StatusCode> {
        assert!(request.extensions().get::<User>().is_none());
        match request.uri().path() {
            "/closed/" => Err(StatusCode::IM_A_TEAPOT),
            _ => Ok(next.run(request).await),
        }
    }
    let service = serve(|router| {
        router
            .route("/closed/", get(ok).policy(AllowAny))
            .route("/open/{id}/", get(ok).policy(AllowAny))
            .route("/guarded/", get(ok))
            .layer(from_fn(closed))
    });
    let status = async |path| ask(&service, request("GET", path)).await.status();
    assert_eq!(status("/closed/").await, StatusCode::IM_A_TEAPOT);
    assert_eq!(status("/open/1/").await, StatusCode::OK);
    assert_eq!(status("/guarded/").await, StatusCode::UNAUTHORIZED);
}

/// A layer that changes the method changes what is judged, not only what is handled.
#[tokio::test]
async fn a_layer_that_rewrites_the_method_is_in_front_of_the_guard() {
    async fn overridden(mut request: Request, next: Next) -> Response {
        *request.method_mut() = http::Method::POST;
        next.run(request).await
    }
    use doorward_core::permissions::IsAuthenticatedOrReadOnly;
    let service = serve(|router| {
        router
            .route("/a/", get(ok).post(ok).policy(IsAuthenticatedOrReadOnly))
            .layer(from_fn(overridden))
    });
    let response = ask(&service, request("GET", "/a/")).await;
    assert_refused(
        &response,
        StatusCode::UNAUTHORIZED,
        "Authentication credentials were not provided.",
    );
}

#[tokio::test]
async fn a_whole_application_is_compressed() {
    let long = || get(async || "long ".repeat(1_000)).policy(AllowAny);
    let service = serve(|router| {
        router
            .route("/long/", long())
            .route("/long/{id}/", long())
            .route("/short/", get(ok).policy(AllowAny))
            .route("/empty/", post(async || StatusCode::NO_CONTENT).policy(AllowAny))
            .layer(CompressionLayer::new())
    });
    let asked = async |method, path| {
        let request = request(method, path)
            .header("accept-encoding", "gzip")
            .body(axum::body::Body::empty());
        let response = tower::ServiceExt::oneshot(service.clone(), request.unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        (parts, axum::body::to_bytes(body, usize::MAX).await.unwrap())
    };
    for path in ["/long/", "/long/1/"] {
        let (parts, body) = asked("GET", path).await;
        assert_eq!(parts.headers["content-encoding"], "gzip");
        assert!(
            body.starts_with(&[0x1f, 0x8b]) && body.len() < 500,
            "{}",
            body.len()
        );
        assert!(!parts.headers.contains_key("content-length"));
        let (parts, body) = asked("HEAD", path).await;
        assert_eq!((parts.status, body.len()), (StatusCode::OK, 0));
    }
    for (method, path, status) in [
        ("GET", "/short/", StatusCode::OK),
        ("POST", "/empty/", StatusCode::NO_CONTENT),
        ("GET", "/nowhere/", StatusCode::NOT_FOUND),
    ] {
        let (parts, _) = asked(method, path).await;
        assert_eq!(parts.status, status, "{path}");
    }
}
