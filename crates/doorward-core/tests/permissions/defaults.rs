//! `[rest] permission`: several that must all grant, and permissions on the model that a route names.

use std::sync::Arc;

use axum::routing::get;
use doorward_core::policy::GuardedRoute;
use doorward_core::router::RouteError;
use doorward_core::settings::{OneOrMore, PermissionName, Settings};
use doorward_core::{Policy, RouteExt, Router};
use http::StatusCode;
use serde_json::json;

use super::models::compare;
use super::site::{ByName, door};
use super::support::{ask, assert_refused, request, settings};
use super::vectors;

use PermissionName::{
    AllowAny, DjangoModelPermissions, DjangoModelPermissionsOrAnonReadOnly, IsAdminUser, IsAuthenticated,
};

async fn ok() -> &'static str {
    "ok"
}

fn asked_by_name(route: impl Into<GuardedRoute>) -> GuardedRoute {
    route.into().policy(Policy::new().authenticate(ByName))
}

fn with(permission: impl Into<OneOrMore<PermissionName>>) -> Settings {
    let mut settings = settings();
    settings.rest.permission = permission.into();
    settings
}

fn router(permission: impl Into<OneOrMore<PermissionName>>) -> Router {
    let every = get(ok).post(ok).put(ok).patch(ok).delete(ok);
    let product = asked_by_name(every).model("tutorial", "product");
    door(with(permission), &Arc::default())
        .router()
        .route("/product/", product)
}

#[tokio::test]
async fn all_of_a_list_must_grant_in_their_order() {
    let service = router([IsAuthenticated, IsAdminUser]).into_service().unwrap();
    let anonymous = ask(&service, request("GET", "/product/")).await;
    assert_refused(
        &anonymous,
        StatusCode::UNAUTHORIZED,
        "Authentication credentials were not provided.",
    );
    let viewer = ask(&service, request("GET", "/product/").header("x-user", "viewer")).await;
    assert_refused(
        &viewer,
        StatusCode::FORBIDDEN,
        "You do not have permission to perform this action.",
    );
    let open = router(Vec::new()).into_service().unwrap();
    assert_eq!(
        ask(&open, request("GET", "/product/")).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn permissions_on_the_model_of_a_route_answer_as_drfs() {
    for (name, class) in [
        (DjangoModelPermissions, "model"),
        (DjangoModelPermissionsOrAnonReadOnly, "model_or_anonymous"),
    ] {
        let service = router(vec![AllowAny, name]).into_service().unwrap();
        let cases = vectors("models").into_iter();
        for case in cases.filter(|case| case["class"] == class) {
            compare(&service, "/product/", &case, "request").await;
        }
    }
}

#[test]
fn a_route_without_a_model_stops_the_start() {
    let router = router(DjangoModelPermissions).route("/other/", asked_by_name(get(ok)));
    let Err(RouteError::Permission(problem)) = router.into_service() else {
        panic!("it has no model");
    };
    let wanted = "cannot apply DjangoModelPermissions on `/other/`, which names no model";
    assert!(problem.to_string().contains(wanted), "{problem}");
}

#[test]
fn one_is_written_alone_and_several_as_a_list() {
    for (written, names) in [
        (json!("IsAdminUser"), vec!["IsAdminUser"]),
        (json!(["IsAdminUser", "HasPaid"]), vec!["IsAdminUser", "HasPaid"]),
        (json!([]), vec![]),
    ] {
        let read: OneOrMore<PermissionName> = serde_json::from_value(written.clone()).unwrap();
        let read_names: Vec<_> = read.as_slice().iter().map(PermissionName::as_str).collect();
        assert_eq!(read_names, names);
        assert_eq!(serde_json::to_value(&read).unwrap(), written);
    }
}

#[test]
fn unknown_names_are_told_with_their_place_and_the_nearest() {
    let unknown = PermissionName::of("IsAdminUsr");
    let errors = with([IsAuthenticated, unknown]).validate().unwrap_err();
    let error = errors.iter().next().unwrap();
    assert_eq!((error.key(), error.item()), ("rest.permission", Some(1)));
    assert!(error.problem().contains("did you mean `IsAdminUser`?"), "{error}");
}
