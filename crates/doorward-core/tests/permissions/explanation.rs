//! Why a caller is refused, for developers only.

use std::sync::Arc;

use axum::routing::get;
use doorward_core::extract::RequestContext;
use doorward_core::permissions::{
    AllowAny, DjangoModelPermissions, IsAdminUser, IsAuthenticated, LoadObject, ObjectPermission, Outcome,
    PermissionExt, Permitted, Unchecked,
};
use doorward_core::{Answer, Context, Policy, Result, RouteExt, Router, View};
use http::{Method, StatusCode};

use super::site::{ByName, door, identity, user};
use super::support::{Named, ask, header, request, settings};

const EXPLANATION: &str = "x-doorward-explanation";

#[derive(Default)]
struct Nobody;

struct Thing;

impl LoadObject for Thing {
    async fn load(_: &RequestContext, _: &()) -> Result<Unchecked<Self>> {
        Ok(Unchecked::new(Self))
    }
}

impl ObjectPermission<Thing> for Nobody {
    fn has_object_permission(&self, _: &Context, _: &View, _: &Thing) -> Answer<'_, Result<bool>> {
        Answer::ready(Ok(false))
    }
}

fn routes(debug: bool) -> Router {
    async fn ok() {}
    async fn thing(Permitted(Thing): Permitted<Thing, Nobody>) {}
    let mut settings = settings();
    settings.debug = debug;
    let by_name = |policy: Policy| policy.authenticate(ByName);
    let model = DjangoModelPermissions::of("tutorial", "product");
    door(settings, &Arc::default())
        .router()
        .route("/catalog/", get(ok).post(ok).policy(by_name(model.into())))
        .route(
            "/unchallenged/",
            get(ok).policy(Policy::from(IsAuthenticated).authenticate(Named(None))),
        )
        .route(
            "/staff/{id}/",
            get(ok).policy(by_name(IsAuthenticated.and(IsAdminUser).into())),
        )
        .route("/things/", get(thing).policy(by_name(AllowAny.into())))
        .route(
            "/mute/",
            get(ok).policy(Policy::from(IsAuthenticated).authenticators([])),
        )
        .route("/page/", get(ok).page())
        .public("/open/", get(ok))
        .nest_public("/files", axum::Router::new())
}

async fn told(debug: bool, method: &str, path: &str, user: &str) -> Option<String> {
    let service = routes(debug).into_service().unwrap();
    let response = ask(&service, request(method, path).header("x-user", user)).await;
    header(EXPLANATION, &response).map(str::to_owned)
}

#[tokio::test]
async fn a_refusal_tells_who_refused_and_why() {
    let told = told(true, "POST", "/catalog/", "viewer").await;
    assert_eq!(
        told.as_deref(),
        Some(
            "ByName knows viewer; DjangoModelPermissions(tutorial.product) refuses: \
             POST needs tutorial.add_product"
        )
    );
}

#[tokio::test]
async fn an_authenticator_s_refusal_and_an_object_s_are_told_too() {
    let refused = told(true, "GET", "/unchallenged/", "nobody").await.unwrap();
    assert_eq!(refused, "Named(None) refuses: Invalid token.");
    let refused = told(true, "GET", "/things/", "viewer").await.unwrap();
    assert_eq!(
        refused,
        "ByName knows viewer; AllowAny grants; Nobody grants; Nobody on Thing refuses"
    );
    let refused = told(true, "GET", "/staff/1/", "anonymous").await.unwrap();
    assert_eq!(
        refused,
        "ByName found nothing of its scheme; And(IsAuthenticated, IsAdminUser) refuses"
    );
}

#[tokio::test]
async fn without_debug_nothing_is_told() {
    for (path, user) in [
        ("/catalog/", "viewer"),
        ("/unchallenged/", "nobody"),
        ("/things/", "viewer"),
    ] {
        assert_eq!(told(false, "POST", path, user).await, None);
    }
}

#[tokio::test]
async fn what_is_not_refused_is_not_explained() {
    assert_eq!(told(true, "POST", "/catalog/", "editor").await, None);
    assert_eq!(told(true, "DELETE", "/staff/1/", "staff").await, None, "405");
}

async fn why(who: &str, method: Method, path: &str) -> doorward_core::permissions::Explanation {
    let caller = user(who).map(identity);
    routes(false).explain(caller, &method, path).await
}

#[tokio::test]
async fn a_route_explains_what_nobody_sent() {
    let explanation = why("viewer", Method::POST, "/catalog/").await;
    let expected = "route /catalog/\n\
        DjangoModelPermissions(tutorial.product) refuses: POST needs tutorial.add_product\n\
        answer: 403 You do not have permission to perform this action.";
    assert_eq!(explanation.to_string(), expected);
    let explanation = why("editor", Method::POST, "/catalog/").await;
    assert_eq!(explanation.steps[0].outcome, Outcome::Granted);
    assert_eq!(explanation.refusal, None);
    let explanation = why("staff", Method::GET, "/staff/42/").await;
    assert_eq!(explanation.route.as_deref(), Some("/staff/{id}/"));
    assert_eq!(explanation.refusal, None);
}

#[tokio::test]
async fn the_status_told_is_the_one_that_would_be_answered() {
    let cases = [
        ("anonymous", Method::GET, "/staff/1/", StatusCode::UNAUTHORIZED),
        ("anonymous", Method::GET, "/unchallenged/", StatusCode::FORBIDDEN),
        ("anonymous", Method::GET, "/mute/", StatusCode::FORBIDDEN),
        (
            "staff",
            Method::DELETE,
            "/staff/1/",
            StatusCode::METHOD_NOT_ALLOWED,
        ),
        (
            "unlucky",
            Method::POST,
            "/catalog/",
            StatusCode::SERVICE_UNAVAILABLE,
        ),
        ("staff", Method::GET, "/none/", StatusCode::NOT_FOUND),
        ("staff", Method::GET, "/files", StatusCode::NOT_FOUND),
    ];
    for (user, method, path, status) in cases {
        let refusal = why(user, method, path).await.refusal;
        assert_eq!(
            refusal.map(|(status, _)| status),
            Some(status),
            "{path} for {user}"
        );
    }
}

#[tokio::test]
async fn what_is_not_guarded_lets_everyone_in() {
    for path in ["/open/", "/page/", "/files/a/b"] {
        let explanation = why("anonymous", Method::GET, path).await;
        assert!(explanation.route.is_some(), "{path}");
        assert_eq!(explanation.refusal, None, "{path}");
    }
}
