//! OPTIONS: what DRF's `SimpleMetadata` was seen to answer (Django 5.2, DRF 3.16, SimpleJWT 5.5.1).

mod support;

use axum::routing::get;
use doorward_core::extract::RequestContext;
use doorward_core::permissions::{
    IsAuthenticatedOrReadOnly, LoadObject, ObjectPermission, Permitted, Unchecked,
};
use doorward_core::serializers::{CharField, DecimalField, IntegerField, Serializer};
use doorward_core::{Answer, ApiException, Context, Policy, Result, RouteExt, View};
use http::StatusCode;
use serde_json::Value;
use support::{Named, ask, door, header, json, request, serve, settings};

const USUAL: &str = r#"["application/json","application/x-www-form-urlencoded","multipart/form-data"]"#;
const FORMS_FIRST: &str = r#"["application/x-www-form-urlencoded","multipart/form-data","application/json"]"#;

const CREDENTIALS: &str = r#""username":{"type":"string","required":true,"read_only":false,"label":"Username"},"password":{"type":"string","required":true,"read_only":false,"label":"Password"}"#;
const REFRESH: &str = r#""refresh":{"type":"string","required":true,"read_only":false,"label":"Refresh"}"#;
const ACCESS: &str = r#""access":{"type":"string","required":false,"read_only":true,"label":"Access"}"#;
const TOKEN: &str = r#""token":{"type":"string","required":true,"read_only":false,"label":"Token"}"#;
const TOKEN_ANSWERED: &str = r#""token":{"type":"string","required":false,"read_only":true,"label":"Token"}"#;

/// Path, name, description, media types, fields.
type Told = (&'static str, &'static str, &'static str, &'static str, String);

fn told() -> Vec<Told> {
    [pairs(), sliding()].concat()
}

fn pairs() -> Vec<Told> {
    vec![
        (
            "/api-token-auth/",
            "Obtain Auth Token",
            "",
            FORMS_FIRST,
            format!("{CREDENTIALS},{TOKEN_ANSWERED}"),
        ),
        (
            "/api/token/",
            "Token Obtain Pair",
            r"Takes a set of user credentials and returns an access and refresh JSON web\ntoken pair to prove the authentication of those credentials.",
            USUAL,
            CREDENTIALS.to_owned(),
        ),
        (
            "/api/token/refresh/",
            "Token Refresh",
            r"Takes a refresh type JSON web token and returns an access type JSON web\ntoken if the refresh token is valid.",
            USUAL,
            format!("{REFRESH},{ACCESS}"),
        ),
        (
            "/api/token/verify/",
            "Token Verify",
            r"Takes a token and indicates if it is valid.  This view provides no\ninformation about a token's fitness for a particular use.",
            USUAL,
            TOKEN.to_owned(),
        ),
        (
            "/api/token/blacklist/",
            "Token Blacklist",
            r"Takes a token and blacklists it. Must be used with the\n`rest_framework_simplejwt.token_blacklist` app installed.",
            USUAL,
            REFRESH.to_owned(),
        ),
    ]
}

fn sliding() -> Vec<Told> {
    vec![
        (
            "/api/token/sliding/",
            "Token Obtain Sliding",
            r"Takes a set of user credentials and returns a sliding JSON web token to\nprove the authentication of those credentials.",
            USUAL,
            CREDENTIALS.to_owned(),
        ),
        (
            "/api/token/sliding/refresh/",
            "Token Refresh Sliding",
            r"Takes a sliding JSON web token and returns a new, refreshed version if the\ntoken's refresh period has not expired.",
            USUAL,
            TOKEN.to_owned(),
        ),
    ]
}

#[tokio::test]
async fn token_endpoints_tell_their_fields_as_drf_does() {
    let service = door(settings()).endpoints().into_service().unwrap();
    for (path, name, description, parses, fields) in told() {
        let response = ask(&service, request("OPTIONS", path)).await;
        let expected = format!(
            r#"{{"name":"{name}","description":"{description}","renders":["application/json"],"parses":{parses},"actions":{{"POST":{{{fields}}}}}}}"#
        );
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.body(), &expected);
        assert_eq!(header("allow", &response), Some("POST, OPTIONS"));
    }
}

fn fields() -> Serializer {
    Serializer::new()
        .field("id", IntegerField::new().read_only().label("ID"))
        .field("name", CharField::new().max_length(100))
        .field("price", DecimalField::new(10, 2).optional())
}

#[tokio::test]
async fn fields_are_told_to_those_who_may_send_them() {
    let policy = || Policy::from(IsAuthenticatedOrReadOnly).authenticate(Named(Some("Test")));
    let service = serve(|router| {
        let both = get(async || "").post(async || "");
        let router = router.route("/both/", both.policy(policy()).takes(fields()));
        router.route("/read/", get(async || "").policy(policy()).takes(fields()))
    });
    let actions = async |path: &str, caller: Option<&'static str>| {
        let request = request("OPTIONS", path);
        let request = caller
            .into_iter()
            .fold(request, |request, name| request.header("x-user", name));
        let response = ask(&service, request).await;
        assert_eq!(response.status(), StatusCode::OK);
        json(&response).get("actions").map(Value::to_string)
    };
    assert_eq!(actions("/both/", None).await, None);
    assert_eq!(actions("/read/", Some("alice")).await, None);
    let told = actions("/both/", Some("alice")).await.unwrap();
    assert_eq!(
        told,
        r#"{"POST":{"id":{"type":"integer","required":false,"read_only":true,"label":"ID"},"name":{"type":"string","required":true,"read_only":false,"label":"Name","max_length":100},"price":{"type":"decimal","required":false,"read_only":false,"label":"Price","max_digits":10,"decimal_places":2}}}"#
    );
}

/// DRF looks the object up to know who may change it; here OPTIONS asks no handler.
#[tokio::test]
async fn a_single_object_tells_no_fields_of_a_put() {
    let service = serve(|router| {
        let detail = get(async || "").put(async || "");
        let policy = Policy::from(IsAuthenticatedOrReadOnly).authenticate(Named(Some("Test")));
        router.route("/objects/{id}/", detail.policy(policy).takes(fields()))
    });
    let response = ask(
        &service,
        request("OPTIONS", "/objects/1/").header("x-user", "alice"),
    )
    .await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(json(&response).get("actions"), None);
}

/// An object that is there, and that one caller may have.
struct Report;

impl LoadObject for Report {
    async fn load(request: &RequestContext, _: &()) -> Result<Unchecked<Self>> {
        let id: u32 = request.path().await?;
        match id {
            1 => Ok(Unchecked::new(Self)),
            _ => Err(ApiException::not_found()),
        }
    }
}

#[derive(Debug, Default)]
struct ForAlice;

impl ObjectPermission<Report> for ForAlice {
    fn has_object_permission(&self, cx: &Context, _: &View, _: &Report) -> Answer<'_, Result<bool>> {
        Answer::ready(Ok(
            cx.is_safe_method() || cx.user().is_some_and(|user| user.username() == "alice")
        ))
    }
}

#[tokio::test]
async fn a_put_is_told_to_those_who_get_its_object() {
    let service = serve(|router| {
        let detail = get(async || "").put(async || "");
        let policy = Policy::from(IsAuthenticatedOrReadOnly).authenticate(Named(Some("Test")));
        let route = detail.policy(policy).takes(fields());
        router.route(
            "/objects/{id}/",
            route.object::<Permitted<Report, ForAlice>, _>(()),
        )
    });
    let put = async |path: &str, caller: &'static str| {
        let response = ask(&service, request("OPTIONS", path).header("x-user", caller)).await;
        assert_eq!(response.status(), StatusCode::OK);
        json(&response)["actions"]["PUT"]["name"]["max_length"].as_u64()
    };
    assert_eq!(put("/objects/1/", "alice").await, Some(100));
    assert_eq!(put("/objects/1/", "bob").await, None);
    assert_eq!(put("/objects/2/", "alice").await, None);
}
