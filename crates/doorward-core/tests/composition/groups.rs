//! Prefixes, and policies of groups.

use axum::routing::{any, get, post};
use doorward_core::extract::{Path, RequestContext};
use doorward_core::permissions::{AllowAny, IsAdminUser, IsAuthenticated};
use doorward_core::router::RouteError;
use doorward_core::throttling::{AnonRateThrottle, ScopedRateThrottle};
use doorward_core::{Policy, RouteExt, Router};
use http::{Method, StatusCode};

use super::ok;
use crate::support::{Named, ask, door, header, request, serve, settings};

fn router() -> Router {
    door(settings()).router()
}

/// Each route as its path and its permissions.
fn told(router: &Router) -> Vec<String> {
    let routes = router.routes().into_iter();
    let told = routes.map(|route| match route.policy.as_str() {
        "public" | "page" => format!("{} {}", route.path, route.policy),
        _ => format!("{} {}", route.path, route.permissions.join(" ")),
    });
    told.collect()
}

#[test]
fn a_group_s_policy_is_that_of_routes_which_say_nothing() {
    let group = router()
        .route("/own/", get(ok).policy(AllowAny))
        .route("/silent/", get(ok))
        .route("/page/", get(ok).page())
        .public("/public/", get(ok))
        .with_policy(IsAdminUser)
        .route("/later/", get(ok));
    let expected = [
        "/later/ IsAuthenticated",
        "/own/ AllowAny",
        "/page/ page",
        "/public/ public",
        "/silent/ IsAdminUser",
    ];
    assert_eq!(told(&group), expected);
    group.into_service().unwrap();
}

#[test]
fn the_innermost_policy_stands_for_each_part_of_it() {
    let scheme = || Policy::new().authenticate(Named(Some("Test")));
    let inner = router()
        .route("/a/", get(ok).policy(IsAuthenticated))
        .route("/b/", get(ok))
        .with_policy(scheme());
    let outer = Policy::from(IsAdminUser).throttle(AnonRateThrottle::default());
    let routes = router().nest("/n", inner).with_policy(outer).routes();
    for (route, permission) in routes.iter().zip(["IsAuthenticated", "IsAdminUser"]) {
        assert_eq!(route.permissions, [permission]);
        assert_eq!(route.authenticators.len(), 1, "{route:?}");
        assert_eq!(route.throttles.len(), 1, "{route:?}");
    }
}

/// Whoever is challenged by the group is asked by it, too.
#[tokio::test]
async fn a_route_with_authenticators_of_its_own_gives_their_challenge() {
    let group = Policy::new()
        .authenticate(Named(Some("Group")))
        .challenged_by(Named(Some("Challenger")));
    let service = serve(|router| {
        let own = Policy::new().authenticate(Named(Some("Own")));
        router
            .route("/own/", get(ok).policy(own))
            .route("/silent/", get(ok))
            .with_policy(group)
    });
    for (path, challenge) in [("/own/", "Own"), ("/silent/", "Challenger")] {
        let response = ask(&service, request("GET", path)).await;
        assert_eq!(header("www-authenticate", &response), Some(challenge), "{path}");
    }
}

#[test]
fn a_throttle_of_a_group_that_lacks_its_rate_stops_the_start() {
    let throttled = Policy::new().throttle(ScopedRateThrottle);
    let group = router()
        .route("/a/", get(ok).throttle_scope("uploads"))
        .with_policy(throttled);
    let error = router().nest("/n", group).into_service().unwrap_err();
    assert!(
        matches!(&error, RouteError::Throttle { path, .. } if path == "/n/a/"),
        "{error}"
    );
}

#[tokio::test]
async fn a_nested_route_sees_its_whole_path() {
    async fn seen(request: RequestContext, path: Path<(String, u32)>) -> String {
        let cx = request.context();
        let Path((team, page)) = path;
        format!("{} {} {team} {page}", cx.view().path(), cx.uri().path())
    }
    let service = serve(|router| {
        let pages = door(settings())
            .router()
            .route("/pages/{page}/", get(seen).policy(AllowAny));
        router.nest("/teams/{team}", pages)
    });
    let response = ask(&service, request("GET", "/teams/red/pages/7/")).await;
    assert_eq!(
        response.body(),
        "/teams/{team}/pages/{page}/ /teams/red/pages/7/ red 7"
    );
    let response = ask(&service, request("GET", "/teams/red/pages/7")).await;
    assert_eq!(header("location", &response), Some("/teams/red/pages/7/"));
}

#[tokio::test]
async fn every_kind_of_route_can_be_nested() {
    let foreign = axum::Router::new().route("/deep", get(ok));
    let inner = router()
        .route("/", get(ok).policy(AllowAny))
        .public("/public/", get(ok))
        .probe("/healthz", get(ok))
        .nest_public("/files", foreign);
    let service = serve(|router| router.nest("/n", inner));
    for path in ["/n/", "/n/public/", "/n/healthz", "/n/files/deep"] {
        assert_eq!(
            ask(&service, request("GET", path)).await.status(),
            StatusCode::OK,
            "{path}"
        );
    }
    assert!(service.is_probe("/n/healthz") && !service.is_probe("/healthz"));
    assert_eq!(
        ask(&service, request("GET", "/files/deep")).await.status(),
        StatusCode::NOT_FOUND
    );
}

#[test]
fn what_cannot_be_nested_is_an_error() {
    let inner = || router().route("/a/", get(ok));
    for prefix in ["", "/", "/n/", "n", "/{*rest}"] {
        let error = router().nest(prefix, inner()).into_service().unwrap_err();
        assert!(matches!(error, RouteError::Path { .. }), "{prefix}: {error}");
        let fallback = router().nest(prefix, router().fallback(get(ok)));
        assert!(fallback.into_service().is_err(), "{prefix}");
    }
    let slashless = router().nest("/n", router().route("a/", get(ok)));
    assert!(matches!(slashless.into_service(), Err(RouteError::Path { path, .. }) if path == "a/"));
    let twice = router().nest("/n", inner()).route("/n/a/", get(ok));
    assert_eq!(
        twice.into_service().unwrap_err(),
        RouteError::Twice("/n/a/".to_owned())
    );
    let inner_problem = router().nest("/n", inner().route("/a/", get(ok)));
    assert!(inner_problem.into_service().is_err());
}

#[tokio::test]
async fn a_handler_for_any_method_gets_all_that_have_none_of_their_own() {
    async fn any_handler(request: axum::extract::Request) -> String {
        format!("any {}", request.method())
    }
    let service = serve(|router| {
        router
            .route("/any/", any(any_handler).policy(AllowAny))
            .route("/mixed/", post(ok).fallback(any_handler).policy(AllowAny))
            .route("/page/", any(any_handler).page())
    });
    for method in ["GET", "PUT", "DELETE", "PROPFIND"] {
        for path in ["/any/", "/mixed/"] {
            let response = ask(&service, request(method, path)).await;
            assert_eq!(response.body(), &format!("any {method}"), "{path}");
        }
    }
    assert_eq!(ask(&service, request("POST", "/mixed/")).await.body(), "ok");
    let options = async |path| ask(&service, request("OPTIONS", path)).await;
    assert_eq!(options("/any/").await.body(), "any OPTIONS");
    assert!(options("/mixed/").await.body().contains("parses"));
    assert_eq!(header("allow", &options("/mixed/").await), Some("POST, OPTIONS"));
    assert_eq!(ask(&service, request("GET", "/page/")).await.body(), "any GET");
    // A page's CSRF check stands before every handler.
    assert_eq!(
        ask(&service, request("POST", "/page/")).await.status(),
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        ask(&service, request("PROPFIND", "/page/")).await.status(),
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn a_handler_for_options_takes_the_place_of_ours() {
    let service = serve(|router| {
        router
            .route("/own/", get(ok).options(async || "mine").policy(AllowAny))
            .route("/ours/", get(ok).policy(AllowAny))
            .route("/page/", get(ok).options(async || "mine").page())
    });
    assert_eq!(ask(&service, request("OPTIONS", "/own/")).await.body(), "mine");
    assert_eq!(ask(&service, request("OPTIONS", "/page/")).await.body(), "mine");
    let response = ask(&service, request("OPTIONS", "/ours/")).await;
    assert!(response.body().contains("parses"), "{}", response.body());
}

#[tokio::test]
async fn a_nested_route_and_any_method_are_explained() {
    let group = router().route("/a/", any(ok)).with_policy(IsAdminUser);
    let router = router().nest("/n", group);
    let explanation = router.explain(None, &Method::PUT, "/n/a/").await;
    assert_eq!(explanation.route.as_deref(), Some("/n/a/"));
    assert_eq!(explanation.refusal.unwrap().0, StatusCode::UNAUTHORIZED);
}
