//! Permissions on models and their objects, for each kind of user and each method, against DRF's.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::State;
use axum::routing::get;
use doorward_core::extract::RequestContext;
use doorward_core::permissions::{
    AllowAny, DjangoModel, DjangoModelPermissions, DjangoModelPermissionsOrAnonReadOnly,
    DjangoObjectPermissions, LoadObject, ObjectPermission, Permitted, PermsMap,
    StrictDjangoObjectPermissions, Unchecked,
};
use doorward_core::policy::GuardedRoute;
use doorward_core::service::DoorService;
use doorward_core::{Answer, Context, Policy, Result, RouteExt};
use http::StatusCode;
use serde_json::Value;

use super::site::{ByName, Permissions, door};
use super::support::{ask, assert_refused, header, json, request, settings};
use super::{strings, vectors};

const DENIED: &str = "You do not have permission to perform this action.";

/// A product whose permissions stand on it; the query tells them.
struct Product {
    granted: Vec<String>,
}

impl DjangoModel for Product {
    const APP_LABEL: &'static str = "tutorial";
    const MODEL_NAME: &'static str = "product";

    fn has_perm<'a>(&'a self, _: &'a Context<'a>, permission: &'a str) -> Answer<'a, Result<bool>> {
        Answer::ready(Ok(self.granted.iter().any(|granted| granted == permission)))
    }
}

impl LoadObject for Product {
    async fn load(request: &RequestContext, _: &()) -> Result<Unchecked<Self>> {
        let query = request.context().uri().query().unwrap_or_default();
        let granted = query.split(',').map(str::to_owned).collect();
        Ok(Unchecked::new(Self { granted }))
    }
}

async fn ok() -> &'static str {
    "ok"
}

fn every_method() -> axum::routing::MethodRouter {
    get(ok).post(ok).put(ok).patch(ok).delete(ok)
}

fn serve(routes: impl FnOnce(doorward_core::Router) -> doorward_core::Router) -> DoorService {
    let door = door(settings(), &Arc::default());
    routes(door.router()).into_service().unwrap()
}

/// What the vectors call an answer.
fn verdict(response: &http::Response<String>) -> &'static str {
    match response.status() {
        StatusCode::OK => "granted",
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "refused",
        StatusCode::NOT_FOUND => "not found",
        StatusCode::METHOD_NOT_ALLOWED => "method not allowed",
        other => panic!("{other}: {}", response.body()),
    }
}

pub(crate) async fn compare(service: &DoorService, path: &str, case: &Value, question: &str) {
    let (user, method) = (case["user"].as_str().unwrap(), case["method"].as_str().unwrap());
    let response = ask(service, request(method, path).header("x-user", user)).await;
    assert_eq!(verdict(&response), case[question], "{case}: {}", response.body());
}

#[tokio::test]
async fn permissions_on_models_answer_as_drfs() {
    let of = || DjangoModelPermissions::of("tutorial", "product");
    let or_anonymous = DjangoModelPermissionsOrAnonReadOnly::of("tutorial", "product");
    let policy = |policy: Policy| every_method().policy(policy.authenticate(ByName));
    let service = serve(|router| {
        router
            .route("/model/", policy(of().into()))
            .route("/model_strict/", policy(of().strict().into()))
            .route("/model_or_anonymous/", policy(or_anonymous.into()))
    });
    for case in vectors("models") {
        let class = case["class"].as_str().unwrap();
        if !class.starts_with("object") {
            compare(&service, &format!("/{class}/"), &case, "request").await;
        }
    }
}

/// A route whose handler takes the object. OPTIONS and unknown methods, which no handler of a door gets, are not
/// compared.
fn of_object<P: ObjectPermission<Product> + Default + 'static>() -> GuardedRoute {
    async fn handler<P>(Permitted(_): Permitted<Product, P>) -> &'static str {
        "ok"
    }
    let route = get(handler::<P>)
        .post(handler::<P>)
        .put(handler::<P>)
        .patch(handler::<P>)
        .delete(handler::<P>);
    route.policy(Policy::from(AllowAny).authenticate(ByName))
}

/// The request's answer of the vectors, where it is not granted; then the object's.
#[tokio::test]
async fn permissions_on_objects_answer_as_drfs() {
    let service = serve(|router| {
        router
            .route("/object/", of_object::<DjangoObjectPermissions>())
            .route("/object_strict/", of_object::<StrictDjangoObjectPermissions>())
    });
    let on_requests = vectors("models");
    for mut case in vectors("objects") {
        if ["OPTIONS", "BREW"].contains(&case["method"].as_str().unwrap()) {
            continue;
        }
        let same = |other: &&Value| {
            ["class", "user", "method"]
                .iter()
                .all(|key| other[key] == case[key])
        };
        let on_request = on_requests.iter().find(same).unwrap()["request"].clone();
        if on_request != "granted" {
            case["object"] = on_request;
        }
        let path = format!(
            "/{}/?{}",
            case["class"].as_str().unwrap(),
            strings(&case["granted"]).join(",")
        );
        compare(&service, &path, &case, "object").await;
    }
}

#[tokio::test]
async fn a_map_of_one_s_own_takes_the_place_of_drfs() {
    let map = PermsMap::new()
        .method(
            http::Method::GET,
            ["%(app_label)s.view_%(model_name)s", "shop.enter"],
        )
        .method(http::Method::POST, []);
    let permission = DjangoModelPermissions::of("tutorial", "product").perms_map(&map);
    let service = serve(|router| {
        let policy = Policy::from(permission).authenticate(ByName);
        router.route("/x/", every_method().policy(policy))
    });
    let response = ask(&service, request("GET", "/x/").header("x-user", "viewer")).await;
    assert_refused(&response, StatusCode::FORBIDDEN, DENIED);
    let response = ask(&service, request("POST", "/x/").header("x-user", "plain")).await;
    assert_eq!(response.status(), StatusCode::OK);
}

/// `has_perm` and `groups` as a handler asks them, twice each.
async fn asks(request: RequestContext) -> Result<Json<Value>> {
    let cx = request.context();
    let mut said = Vec::new();
    for permission in ["tutorial.add_product", "tutorial.view_product", "nonsense"] {
        said.push(cx.has_perm(permission).await?);
    }
    let all = cx
        .has_perms(&["tutorial.add_product", "tutorial.view_product"])
        .await?;
    let _ = cx.groups().await?;
    let groups = cx.groups().await?;
    Ok(Json(
        serde_json::json!({ "perms": said, "all": all, "groups": groups }),
    ))
}

#[tokio::test]
async fn a_handler_asks_as_often_as_it_likes_and_the_store_is_asked_once() {
    let permissions = Arc::new(Permissions::default());
    let policy = Policy::from(DjangoModelPermissions::of("tutorial", "product").strict());
    let router = door(settings(), &permissions).router();
    let route = get(asks).policy(policy.authenticate(ByName));
    let service = router.route("/x/", route).into_service().unwrap();

    let response = ask(&service, request("GET", "/x/").header("x-user", "editor")).await;
    let expected = serde_json::json!({
        "perms": [true, true, false], "all": true, "groups": ["friends of editor"],
    });
    assert_eq!(json(&response), expected);
    assert_eq!(
        permissions.asked.load(Ordering::SeqCst),
        2,
        "permissions once, groups once"
    );
}

#[tokio::test]
async fn what_each_kind_of_user_has() {
    let permissions = Arc::new(Permissions::default());
    let route = get(asks).policy(Policy::from(AllowAny).authenticate(ByName));
    let router = door(settings(), &permissions).router().route("/x/", route);
    let service = router.into_service().unwrap();
    let expected = [
        ("anonymous", "[false,false,false]", "[]"),
        ("plain", "[false,false,false]", r#"["friends of plain"]"#),
        ("viewer", "[false,true,false]", r#"["friends of viewer"]"#),
        ("superuser", "[true,true,true]", r#"["friends of superuser"]"#),
        ("inactive", "[false,false,false]", r#"["friends of inactive"]"#),
        (
            "inactive_superuser",
            "[false,false,false]",
            r#"["friends of inactive_superuser"]"#,
        ),
        ("token", "[false,false,false]", "[]"),
    ];
    for (user, perms, groups) in expected {
        let response = ask(&service, request("GET", "/x/").header("x-user", user)).await;
        assert_eq!(json(&response)["perms"].to_string(), perms, "{user}");
        assert_eq!(json(&response)["groups"].to_string(), groups, "{user}");
    }
}

#[tokio::test]
async fn a_store_that_is_away_is_no_refusal() {
    let service = serve(|router| {
        let policy = Policy::from(DjangoModelPermissions::of("tutorial", "product")).authenticate(ByName);
        router.route("/x/", every_method().policy(policy))
    });
    let response = ask(&service, request("POST", "/x/").header("x-user", "unlucky")).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(header("retry-after", &response).is_some());
}

/// A loader gets the state of its handler.
#[tokio::test]
async fn a_loader_knows_its_handler_s_state() {
    #[derive(Clone)]
    struct Shelf(&'static str);
    struct Book(&'static str);
    impl LoadObject<Shelf> for Book {
        async fn load(_: &RequestContext, shelf: &Shelf) -> Result<Unchecked<Self>> {
            Ok(Unchecked::new(Self(shelf.0)))
        }
    }
    async fn title(_: State<Shelf>, Permitted(book): Permitted<Book, AllowAny>) -> &'static str {
        book.0
    }
    let route = get(title).with_state(Shelf("Persuasion"));
    let service = serve(|router| router.route("/x/", route.policy(AllowAny)));
    assert_eq!(ask(&service, request("GET", "/x/")).await.body(), "Persuasion");
}
