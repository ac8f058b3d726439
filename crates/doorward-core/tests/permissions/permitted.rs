//! Objects that a handler gets only when its caller may have them.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Json;
use axum::routing::get;
use doorward_core::extract::RequestContext;
use doorward_core::parsers::Data;
use doorward_core::permissions::{
    And, Denial, IsAdminUser, IsAuthenticated, LoadObject, LoadObjects, Not, ObjectPermission, OnRequest, Or,
    Permission, Permitted, PermittedList, Unchecked,
};
use doorward_core::service::DoorService;
use doorward_core::{Answer, ApiException, Context, Policy, Result, RouteExt, View};
use http::StatusCode;
use proptest::prelude::*;

use super::support::{Named, ask, assert_refused, json, request, serve};

const NOT_PROVIDED: &str = "Authentication credentials were not provided.";
const DENIED: &str = "You do not have permission to perform this action.";

#[derive(serde::Serialize)]
struct Report {
    owner: &'static str,
    secret: bool,
}

fn report(id: u8) -> Option<Report> {
    let owner = ["alice", "bob", "alice"].get(usize::from(id))?;
    Some(Report {
        owner,
        secret: id == 2,
    })
}

impl LoadObject for Report {
    async fn load(request: &RequestContext, _: &()) -> Result<Unchecked<Self>> {
        let id = request.path().await?;
        report(id).map(Unchecked::new).ok_or_else(ApiException::not_found)
    }
}

impl LoadObjects for Report {
    async fn load_all(_: &RequestContext, _: &()) -> Result<Vec<Unchecked<Self>>> {
        Ok((0..3).filter_map(report).map(Unchecked::new).collect())
    }
}

/// Owners only; to others a secret report does not exist.
#[derive(Default)]
struct IsOwner;

impl ObjectPermission<Report> for IsOwner {
    fn has_object_permission(&self, cx: &Context, _: &View, report: &Report) -> Answer<'_, Result<bool>> {
        let is_owner = cx.user().is_some_and(|user| user.username() == report.owner);
        Answer::ready(match is_owner {
            false if report.secret => Err(ApiException::not_found()),
            is_owner => Ok(is_owner),
        })
    }

    fn denial(&self) -> Option<Denial> {
        Some(Denial {
            message: "Only the owner may.".into(),
            code: "not_owner".into(),
        })
    }
}

/// Refuses every request.
#[derive(Debug, Default)]
struct Closed;

impl Permission for Closed {
    fn has_permission<'a>(&'a self, _: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<bool>> {
        Answer::pending(async { Ok(false) })
    }
}

fn site<P: ObjectPermission<Report> + Default + 'static>() -> DoorService {
    async fn one<P>(Permitted(report): Permitted<Report, P>) -> Json<Report> {
        Json(report)
    }
    async fn change<P>(Permitted(report): Permitted<Report, P>, data: Data) -> Json<Report> {
        drop(data);
        Json(report)
    }
    async fn all<P>(PermittedList(reports): PermittedList<Report, P>) -> Json<Vec<Report>> {
        Json(reports)
    }
    let policy = || Policy::open().authenticate(Named(Some("Test")));
    serve(|router| {
        router
            .route("/{id}/", get(one::<P>).put(change::<P>).policy(policy()))
            .route("/", get(all::<P>).policy(policy()))
    })
}

async fn status<P: ObjectPermission<Report> + Default + 'static>(path: &str, user: &str) -> u16 {
    let response = ask(&site::<P>(), request("GET", path).header("x-user", user)).await;
    response.status().as_u16()
}

#[tokio::test]
async fn the_owner_gets_it_and_others_are_told_why_not() {
    let site = site::<IsOwner>();
    let response = ask(&site, request("GET", "/0/").header("x-user", "alice")).await;
    assert_eq!(json(&response)["owner"], "alice");
    let response = ask(&site, request("GET", "/0/").header("x-user", "bob")).await;
    assert_refused(&response, StatusCode::FORBIDDEN, "Only the owner may.");
    let response = ask(&site, request("GET", "/0/")).await;
    assert_refused(&response, StatusCode::UNAUTHORIZED, NOT_PROVIDED);
}

#[tokio::test]
async fn what_is_not_there_and_what_stays_unknown_look_alike() {
    for path in ["/9/", "/2/", "/256/", "/x/", "/%ff/"] {
        let response = ask(&site::<IsOwner>(), request("GET", path).header("x-user", "bob")).await;
        assert_refused(&response, StatusCode::NOT_FOUND, "Not found.");
    }
}

#[tokio::test]
async fn the_check_comes_before_the_body() {
    let put = |user: &str| {
        let request = request("PUT", "/0/").header("x-user", user);
        let request = request.header("content-type", "application/json");
        request.body("{".into()).unwrap()
    };
    let response = super::support::send(&site::<IsOwner>(), put("bob")).await;
    assert_refused(&response, StatusCode::FORBIDDEN, "Only the owner may.");
    let response = super::support::send(&site::<IsOwner>(), put("alice")).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn who_may_not_ask_at_all_is_told_before_anything_is_looked_up() {
    static LOADED: AtomicUsize = AtomicUsize::new(0);
    struct Counted;
    impl LoadObject for Counted {
        async fn load(_: &RequestContext, _: &()) -> Result<Unchecked<Self>> {
            LOADED.fetch_add(1, Ordering::SeqCst);
            Err(ApiException::not_found())
        }
    }
    async fn one<P>(_: Permitted<Counted, P>) {}
    let policy = || Policy::open().authenticate(Named(Some("Test")));
    let service = serve(|router| {
        router
            .route("/closed/", get(one::<OnRequest<Closed>>).policy(policy()))
            .route("/open/", get(one::<IsAuthenticated>).policy(policy()))
    });
    let response = ask(&service, request("GET", "/closed/").header("x-user", "alice")).await;
    assert_refused(&response, StatusCode::FORBIDDEN, DENIED);
    assert_eq!(LOADED.load(Ordering::SeqCst), 0);
    let response = ask(&service, request("GET", "/open/").header("x-user", "alice")).await;
    assert_refused(&response, StatusCode::NOT_FOUND, "Not found.");
    assert_eq!(LOADED.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn composed_permissions_have_the_default_words() {
    type OwnerOrStaff = Or<IsOwner, IsAdminUser>;
    let site = site::<OwnerOrStaff>();
    let response = ask(&site, request("GET", "/0/").header("x-user", "bob")).await;
    assert_refused(&response, StatusCode::FORBIDDEN, DENIED);
    assert_eq!(status::<OwnerOrStaff>("/0/", "staff").await, 200);
    assert_eq!(status::<OwnerOrStaff>("/0/", "alice").await, 200);
    assert_eq!(status::<Or<IsOwner, OnRequest<Closed>>>("/0/", "bob").await, 403);
    assert_eq!(status::<And<IsAuthenticated, IsOwner>>("/0/", "alice").await, 200);
    assert_eq!(
        status::<Not<IsOwner>>("/0/", "bob").await,
        403,
        "the opposite of a rule on objects refuses every request"
    );
}

#[tokio::test]
async fn a_list_holds_what_its_caller_may_see() {
    let site = site::<IsOwner>();
    for (user, owners) in [
        ("alice", vec!["alice", "alice"]),
        ("bob", vec!["bob"]),
        ("carol", vec![]),
    ] {
        let response = ask(&site, request("GET", "/").header("x-user", user)).await;
        assert_eq!(response.status(), StatusCode::OK);
        let reports = json(&response);
        let seen: Vec<_> = reports.as_array().unwrap().iter().map(|r| &r["owner"]).collect();
        assert_eq!(seen, owners, "{user}");
    }
}

#[tokio::test]
async fn a_list_is_refused_where_the_request_is() {
    let response = ask(&site::<IsAuthenticated>(), request("GET", "/")).await;
    assert_refused(&response, StatusCode::UNAUTHORIZED, NOT_PROVIDED);
}

#[tokio::test]
async fn without_a_guard_nothing_is_handed_out() {
    use tower::ServiceExt;
    async fn one(Permitted(_): Permitted<Report, IsOwner>) {}
    let unguarded = axum::Router::new().route("/{id}/", get(one));
    let request = request("GET", "/0/").body(axum::body::Body::empty()).unwrap();
    let response = unguarded.oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
}

#[test]
fn what_is_unchecked_does_not_show() {
    assert_eq!(format!("{:?}", Unchecked::new("secret")), "Unchecked");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands in the path, only objects of one's own come out.
    #[test]
    fn no_path_opens_another_s_object(id in "[0-9a-zA-Z%+.-]{1,6}") {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let path = format!("/{id}/");
        prop_assume!(path.parse::<http::Uri>().is_ok());
        let response = runtime.block_on(ask(&site::<IsOwner>(), request("GET", &path).header("x-user", "bob")));
        prop_assert!(!response.status().is_server_error());
        prop_assert!(response.status() != StatusCode::OK || json(&response)["owner"] == "bob");
    }
}
