//! What can be registered, and what is told of it.

mod support;

use axum::routing::{get, post};
use doorward_auth::schemes::TokenAuthentication;
use doorward_core::extract::RequestContext;
use doorward_core::permissions::{AllowAny, HasClaim, IsAdminUser};
use doorward_core::router::RouteError;
use doorward_core::throttling::{AnonRateThrottle, UserRateThrottle};
use doorward_core::{Policy, Result, RouteExt};
use http::StatusCode;
use support::{ask, assert_refused, door, header, request, serve, settings};

async fn ok() -> &'static str {
    "ok"
}

#[test]
fn a_path_twice_is_an_error() {
    let router = door(settings())
        .router()
        .route("/a/", get(ok))
        .public("/a/", post(ok));
    assert_eq!(
        router.into_service().unwrap_err(),
        RouteError::Twice("/a/".to_owned())
    );
    let other = door(settings()).router().route("/a/", get(ok));
    let router = door(settings()).router().route("/a/", get(ok)).merge(other);
    assert_eq!(
        router.into_service().unwrap_err(),
        RouteError::Twice("/a/".to_owned())
    );
}

#[test]
fn a_path_that_cannot_be_routed_is_an_error() {
    for (one, other) in [("/{a}/", "/{b}/"), ("/x/", "/{/")] {
        let router = door(settings())
            .router()
            .route(one, get(ok))
            .route(other, get(ok));
        assert!(
            matches!(router.into_service(), Err(RouteError::Path { .. })),
            "{one} {other}"
        );
    }
}

#[test]
fn a_path_that_axum_would_panic_at_is_an_error() {
    for path in ["home/", "", "/:id/", "/*rest", "/{*rest}/x", "/{}/"] {
        let router = door(settings()).router().route(path, get(ok));
        assert!(
            matches!(router.into_service(), Err(RouteError::Path { .. })),
            "{path}"
        );
    }
    for prefix in ["", "/", "/files/", "files", "/{*rest}"] {
        let router = door(settings()).router().nest_public(prefix, axum::Router::new());
        assert!(
            matches!(router.into_service(), Err(RouteError::Path { .. })),
            "{prefix}"
        );
    }
    let router = door(settings())
        .router()
        .nest_public("/files", axum::Router::new());
    let router = router.route("/files/{*rest}", get(ok));
    assert!(matches!(router.into_service(), Err(RouteError::Path { .. })));
}

#[test]
fn routes_are_listed_with_methods_and_policy() {
    let router = door(settings())
        .router()
        .route("/staff/", get(ok).delete(ok).policy(IsAdminUser))
        .route("/form/", post(ok).page())
        .public("/healthz", get(ok));
    let listed = router.routes().into_iter().map(|route| {
        let methods: Vec<String> = route.methods.iter().map(ToString::to_string).collect();
        format!("{} [{}] {}", route.path, methods.join(" "), route.policy)
    });
    let listed: Vec<String> = listed.collect();
    assert_eq!(listed[0], "/form/ [POST OPTIONS] page");
    assert_eq!(listed[1], "/healthz [GET HEAD] public");
    assert!(
        listed[2].starts_with("/staff/ [GET DELETE HEAD OPTIONS] ") && listed[2].ends_with(" [IsAdminUser]")
    );
}

#[test]
fn policies_have_the_names_that_they_have_in_drf() {
    let policy = Policy::new()
        .authenticate(TokenAuthentication::default())
        .authenticate(TokenAuthentication::default().keyword("Bearer"))
        .permit(IsAdminUser)
        .permit(HasClaim::new("tier", "gold"))
        .throttle(AnonRateThrottle::default())
        .throttle(UserRateThrottle::scope("burst"));
    let router = door(settings()).router().route("/a/", get(ok).policy(policy));
    let route = router.route("/b/", get(ok).policy(AllowAny)).routes();
    assert_eq!(
        route[0].authenticators,
        ["TokenAuthentication", "TokenAuthentication(Bearer)"]
    );
    assert_eq!(route[0].permissions, ["IsAdminUser", "HasClaim(tier: \"gold\")"]);
    assert_eq!(
        route[0].throttles,
        ["AnonRateThrottle", "UserRateThrottle(burst)"]
    );
    assert!(!route[0].is_open() && route[1].is_open());
}

#[tokio::test]
async fn a_route_that_says_nothing_has_the_policy_of_the_settings() {
    let service = serve(|router| router.route("/a/", get(ok)));
    let response = ask(&service, request("GET", "/a/")).await;
    assert_refused(
        &response,
        StatusCode::UNAUTHORIZED,
        "Authentication credentials were not provided.",
    );
    assert_eq!(header("www-authenticate", &response), Some("Basic realm=\"api\""));
}

#[tokio::test]
async fn public_routes_are_not_guarded() {
    let nested = axum::Router::new().route("/deep", get(ok));
    let service = serve(|router| router.public("/healthz", get(ok)).nest_public("/files", nested));
    for path in ["/healthz", "/files/deep"] {
        let response = ask(
            &service,
            request("GET", path).header("authorization", "Basic nonsense"),
        )
        .await;
        assert_eq!(
            (response.status(), response.body().as_str()),
            (StatusCode::OK, "ok"),
            "{path}"
        );
    }
    let response = ask(&service, request("GET", "/files/shallow")).await;
    assert_refused(&response, StatusCode::NOT_FOUND, "Not found.");
}

#[tokio::test]
async fn path_parameters_reach_the_handler() {
    async fn number(axum::extract::Path(number): axum::extract::Path<u32>) -> String {
        number.to_string()
    }
    let service = serve(|router| router.route("/products/{id}/", get(number).policy(Policy::open())));
    assert_eq!(ask(&service, request("GET", "/products/42/")).await.body(), "42");
}

/// Django decodes a path before it looks for its route: `/items/1%2F` is `/items/1/` there.
#[tokio::test]
async fn an_escaped_slash_belongs_to_its_segment() {
    async fn id(request: RequestContext) -> Result<String> {
        request.path().await
    }
    let service = serve(|router| router.route("/items/{id}/", get(id).policy(AllowAny)));
    let asked = async |path| ask(&service, request("GET", path)).await;
    assert_eq!(asked("/items/1%2F/").await.body(), "1/");
    assert_eq!(asked("/items/1%2F").await.headers()["location"], "/items/1%2F/");
    assert_eq!(asked("/items%2F1/").await.status(), StatusCode::NOT_FOUND);
}

#[test]
fn a_route_without_a_handler_stops_the_start() {
    let router = door(settings())
        .router()
        .route("/none/", axum::routing::MethodRouter::new());
    let error = router.into_service().unwrap_err();
    assert_eq!(error, RouteError::NoMethod("/none/".to_owned()));
}

#[tokio::test]
async fn every_way_to_name_a_method_is_known() {
    use axum::routing::{MethodFilter, any, any_service, get_service, on};

    let service = || {
        tower::service_fn(|_: http::Request<axum::body::Body>| async {
            Ok::<_, std::convert::Infallible>(http::Response::new(axum::body::Body::empty()))
        })
    };
    let hello = || async { "hello" };
    for (route, expected) in [
        (get_service(service()), "GET HEAD OPTIONS"),
        (
            on(MethodFilter::GET.or(MethodFilter::PUT), hello),
            "GET PUT HEAD OPTIONS",
        ),
        (get(hello).merge(post(hello)), "GET POST HEAD OPTIONS"),
        (post(hello).fallback(hello), "POST OPTIONS"),
        (any(hello), "GET POST PUT PATCH DELETE HEAD OPTIONS"),
        (any_service(service()), "GET POST PUT PATCH DELETE HEAD OPTIONS"),
        (get(hello).options(hello).trace(hello), "GET HEAD OPTIONS TRACE"),
        (
            post(hello).layer(tower::layer::util::Identity::new()),
            "POST OPTIONS",
        ),
        (
            post(hello).route_layer(tower::layer::util::Identity::new()),
            "POST OPTIONS",
        ),
    ] {
        let router = door(settings()).router().route("/", route);
        let routes = router.routes();
        let methods: Vec<_> = routes
            .first()
            .unwrap()
            .methods
            .iter()
            .map(http::Method::as_str)
            .collect();
        assert_eq!(methods.join(" "), expected);
        router.into_service().unwrap();
    }
}

#[tokio::test]
async fn paths_with_and_without_parameters_tell_the_same_length() {
    let service = serve(|router| {
        let nothing = || {
            get(|| async { StatusCode::NO_CONTENT })
                .post(|| async {})
                .put(|| async { "ok" })
                .policy(Policy::open())
        };
        router
            .route("/nothing/", nothing())
            .route("/nothing/{id}/", nothing())
    });
    for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"] {
        let lengths = ["/nothing/", "/nothing/1/"].map(|path| ask(&service, request(method, path)));
        let [plain, with_parameter] = lengths;
        let (plain, with_parameter) = (plain.await, with_parameter.await);
        assert_eq!(
            header("content-length", &plain),
            header("content-length", &with_parameter),
            "{method}"
        );
    }
}

#[tokio::test]
async fn braces_that_are_written_twice_are_one_in_the_path() {
    let service = serve(|router| router.route("/a}}b/", get(ok).policy(Policy::open())));
    for (path, status) in [("/a}b/", StatusCode::OK), ("/a}}b/", StatusCode::NOT_FOUND)] {
        assert_eq!(
            ask(&service, request("GET", path)).await.status(),
            status,
            "{path}"
        );
    }
}
