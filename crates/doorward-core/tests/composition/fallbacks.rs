//! What answers where no route is.

use axum::routing::{any, get};
use doorward_core::permissions::AllowAny;
use doorward_core::router::RouteError;
use doorward_core::settings::TrailingSlash;
use doorward_core::{RouteExt, Router};
use http::{Method, StatusCode};

use super::ok;
use crate::support::{ask, assert_refused, door, header, request, serve, settings};

fn router() -> Router {
    door(settings()).router()
}

#[tokio::test]
async fn a_fallback_answers_behind_its_guard() {
    let service = serve(|router| router.route("/a/", get(ok)).fallback(any(async || "fallen")));
    for path in ["/", "/b", "/a/b/"] {
        let response = ask(&service, request("GET", path)).await;
        let detail = "Authentication credentials were not provided.";
        assert_refused(&response, StatusCode::UNAUTHORIZED, detail);
    }
    let service = serve(|router| {
        router
            .route("/a/", get(ok))
            .fallback(any(async || "fallen").policy(AllowAny))
    });
    for path in ["/", "/b", "/a/b/"] {
        assert_eq!(
            ask(&service, request("GET", path)).await.body(),
            "fallen",
            "{path}"
        );
    }
    assert_eq!(
        ask(&service, request("GET", "/a/")).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_public_fallback_answers_everybody() {
    let service = serve(|router| router.route("/a/", get(ok)).public_fallback(get(async || "page")));
    let response = ask(
        &service,
        request("GET", "/anywhere").header("authorization", "Basic x"),
    )
    .await;
    assert_eq!(
        (response.status(), response.body().as_str()),
        (StatusCode::OK, "page")
    );
    let response = ask(&service, request("POST", "/anywhere")).await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(
        ask(&service, request("GET", "/a/")).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

/// The fallback of an application in the browser knows every address; the API's without their slashes are not its own.
#[tokio::test]
async fn an_address_that_lacks_its_slash_is_redirected_whatever_the_fallback_says() {
    for fallback in [
        |router: Router| router.fallback(get(ok).policy(AllowAny)),
        |router: Router| router.fallback(get(ok)),
        |router: Router| router.public_fallback(get(ok)),
    ] {
        let service = serve(|router| fallback(router.route("/a/", get(ok)).route("/b/{id}/", get(ok))));
        for (path, location) in [("/a", "/a/"), ("/b/1?c=d", "/b/1/?c=d")] {
            let response = ask(&service, request("GET", path)).await;
            assert_eq!(response.status(), StatusCode::MOVED_PERMANENTLY);
            assert_eq!(header("location", &response), Some(location));
        }
    }
}

#[tokio::test]
async fn a_nested_fallback_answers_below_its_prefix() {
    let inner = router()
        .route("/a/", get(ok))
        .fallback(any(async || "inner").policy(AllowAny));
    let service = serve(|router| {
        router
            .nest("/n/{team}", inner)
            .fallback(any(async || "outer").policy(AllowAny))
    });
    for (path, body) in [
        ("/n/red/b", "inner"),
        ("/n/red/", "inner"),
        ("/n/red", "inner"),
        ("/n/red/a/b/c", "inner"),
        ("/n", "outer"),
        ("/b/", "outer"),
    ] {
        assert_eq!(ask(&service, request("GET", path)).await.body(), body, "{path}");
    }
    assert_eq!(
        ask(&service, request("GET", "/n/red/a/")).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_nested_fallback_leaves_the_404_of_all_else_alone() {
    let inner = router().fallback(any(ok).policy(AllowAny));
    let service = serve(|router| router.nest("/n", inner).route("/a/", get(ok)));
    assert_refused(
        &ask(&service, request("GET", "/elsewhere/")).await,
        StatusCode::NOT_FOUND,
        "Not found.",
    );
    let response = ask(
        &service,
        request("GET", "/elsewhere/").header("accept", "text/html"),
    )
    .await;
    assert!(response.body().contains("<title>"), "{}", response.body());
}

#[test]
fn two_fallbacks_for_one_place_are_an_error() {
    let one = || router().fallback(get(ok));
    for (router, prefix) in [
        (one().fallback(get(ok)), ""),
        (one().public_fallback(get(ok)), ""),
        (one().merge(one()), ""),
        (router().nest("/n", one()).nest("/n", one()), "/n"),
    ] {
        let error = router.into_service().unwrap_err();
        assert_eq!(error, RouteError::TwoFallbacks(prefix.to_owned()));
    }
    let clash = router().nest("/{a}", one()).nest("/{b}", one());
    assert!(matches!(clash.into_service(), Err(RouteError::Path { .. })));
    router().nest("/n", one()).merge(one()).into_service().unwrap();
}

#[tokio::test]
async fn a_fallback_is_listed_and_explained() {
    let router = router()
        .route("/a/", get(ok))
        .fallback(get(ok))
        .nest("/n", router().public_fallback(get(ok)));
    let listed: Vec<_> = router.routes().into_iter().map(|route| route.path).collect();
    assert_eq!(listed, ["/a/", "/{*fallback}", "/n/{*fallback}"]);
    let explanation = router.explain(None, &Method::GET, "/elsewhere").await;
    assert_eq!(explanation.route.as_deref(), Some("/{*fallback}"));
    assert_eq!(explanation.refusal.unwrap().0, StatusCode::UNAUTHORIZED);
    let explanation = router.explain(None, &Method::GET, "/n/b").await;
    assert_eq!(explanation.route.as_deref(), Some("/n/{*fallback}"));
    assert!(explanation.refusal.is_none());
}

/// The routes that `doorward why` names for those paths.
async fn explained(paths: [&str; 5], trailing_slash: TrailingSlash, append_slash: bool) -> Vec<String> {
    let mut settings = settings();
    settings.rest.trailing_slash = trailing_slash;
    settings.append_slash = append_slash;
    let router = door(settings).router();
    let router = router.route("/with/", get(ok)).route("/without", get(ok));
    let router = router.public("/page/", get(ok)).public_fallback(get(ok));
    let mut routes = Vec::new();
    for path in paths {
        let explanation = router.explain(None, &Method::GET, path).await;
        routes.extend(explanation.route);
    }
    routes
}

#[tokio::test]
async fn a_route_of_the_other_spelling_is_explained_before_a_fallback() {
    let paths = ["/with", "/without/", "/page", "/elsewhere", "/with//"];
    let fallback = "/{*fallback}";
    assert_eq!(
        explained(paths, TrailingSlash::Optional, false).await,
        ["/with/", "/without", fallback, fallback, fallback]
    );
    assert_eq!(
        explained(paths, TrailingSlash::Required, true).await,
        ["/with/", fallback, "/page/", fallback, fallback]
    );
    assert_eq!(
        explained(paths, TrailingSlash::Required, false).await,
        [fallback; 5]
    );
}

#[tokio::test]
async fn without_a_fallback_the_other_spelling_is_explained_where_it_is_the_same() {
    let mut settings = settings();
    settings.rest.trailing_slash = TrailingSlash::Optional;
    let optional = door(settings).router().route("/with/", get(ok));
    let explanation = optional.explain(None, &Method::GET, "/with").await;
    assert_eq!(explanation.route.as_deref(), Some("/with/"));
    assert_eq!(explanation.refusal.unwrap().0, StatusCode::UNAUTHORIZED);
    let required = router().route("/with/", get(ok));
    let explanation = required.explain(None, &Method::GET, "/with").await;
    assert_eq!(explanation.route, None, "it is another");
}

/// Browsers come by http:// to the pages of an application; a program that sends its credential there is told so.
#[tokio::test]
async fn over_plain_http_a_public_fallback_redirects_and_a_guarded_one_refuses() {
    let mut settings = settings();
    settings.security.ssl_redirect = true;
    let door = door(settings);
    let routes = || door.router().route("/api/a/", get(ok));
    let public = routes().public_fallback(get(ok)).into_service().unwrap();
    let guarded = routes().fallback(get(ok)).into_service().unwrap();
    for (service, path, status) in [
        (&public, "/anywhere", StatusCode::MOVED_PERMANENTLY),
        (&public, "/api/b/", StatusCode::FORBIDDEN),
        (&guarded, "/anywhere", StatusCode::FORBIDDEN),
    ] {
        assert_eq!(
            ask(service, request("GET", path)).await.status(),
            status,
            "{path}"
        );
    }
}
