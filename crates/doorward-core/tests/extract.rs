//! What handlers are told, and that nobody but the guard tells it.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::marker::PhantomData;
use std::sync::LazyLock;

use axum::extract::FromRequestParts;
use axum::routing::{get, post};
use doorward_core::extract::{Body, Claims, Path, Query, RequestContext};
use doorward_core::permissions::{AllowAny, IsAuthenticated};
use doorward_core::router::Public;
use doorward_core::serializers::{CharField, HasSerializer, IntegerField, Serializer, ValidatedData};
use doorward_core::service::DoorService;
use doorward_core::sessions::Session;
use doorward_core::settings::Settings;
use doorward_core::stores::StoreError;
use doorward_core::{Auth, Policy, Result, RouteExt, User};
use doorward_db::database::{DatabaseError, Location, Trouble};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use support::{Named, ask, assert_refused, door, header, json, request, send, serve, settings};

fn named() -> Policy {
    Policy::from(AllowAny).authenticate(Named(Some("Test")))
}

#[tokio::test]
async fn a_user_is_asked_for_or_may_be_missing() {
    let service = serve(|router| {
        router
            .route(
                "/user/",
                get(async |user: User| user.username().to_owned()).policy(named()),
            )
            .route(
                "/maybe/",
                get(async |user: Option<User>| user.is_some().to_string()).policy(named()),
            )
            .route(
                "/auth/",
                get(async |auth: Auth| format!("{auth:?}")).policy(named()),
            )
            .route(
                "/maybe-auth/",
                get(async |auth: Option<Auth>| auth.is_some().to_string()).policy(named()),
            )
    });
    let known = [
        ("/user/", "alice"),
        ("/maybe/", "true"),
        ("/auth/", "Basic"),
        ("/maybe-auth/", "true"),
    ];
    for (path, body) in known {
        assert_eq!(
            ask(&service, request("GET", path).header("x-user", "alice"))
                .await
                .body(),
            body
        );
    }
    for path in ["/maybe/", "/maybe-auth/"] {
        assert_eq!(ask(&service, request("GET", path)).await.body(), "false");
    }
    for path in ["/user/", "/auth/"] {
        let response = ask(&service, request("GET", path)).await;
        let detail = "Authentication credentials were not provided.";
        assert_refused(&response, StatusCode::UNAUTHORIZED, detail);
        assert_eq!(header("www-authenticate", &response), Some("Test"));
    }
}

#[tokio::test]
async fn where_nobody_can_authenticate_a_user_is_never_there() {
    let service = serve(|router| router.route("/user/", get(async |_: User| ()).policy(Policy::open())));
    let response = ask(&service, request("GET", "/user/")).await;
    let detail = "You do not have permission to perform this action.";
    assert_refused(&response, StatusCode::FORBIDDEN, detail);
}

#[tokio::test]
async fn a_handler_may_ask_for_the_whole_request() {
    let whole = async |request: RequestContext| {
        let cx = request.context();
        format!(
            "{} {} {}",
            cx.view().path(),
            cx.uri(),
            cx.host().unwrap_or("none")
        )
    };
    let service = serve(|router| router.route("/whole/{id}/", get(whole).policy(named())));
    let response = ask(&service, request("GET", "/whole/1/?a=b")).await;
    assert_eq!(response.body(), "/whole/{id}/ /whole/1/?a=b localhost");
}

/// With a state of one's own the compiler does not see that nobody guards the handler.
#[tokio::test]
async fn on_a_route_without_a_guard_each_is_an_error_of_ours() {
    let service = serve(|router| {
        router
            .public("/user", get(async |_: User| ()).with_state(()))
            .public("/maybe", get(async |_: Option<User>| ()).with_state(()))
            .public("/auth", get(async |_: Auth| ()).with_state(()))
            .public("/session", get(async |_: Session| ()).with_state(()))
            .public("/request", get(async |_: RequestContext| ()).with_state(()))
    });
    for path in ["/user", "/maybe", "/auth", "/session", "/request"] {
        let response = ask(&service, request("GET", path)).await;
        assert_refused(
            &response,
            StatusCode::INTERNAL_SERVER_ERROR,
            "A server error occurred.",
        );
    }
}

/// Whether handlers of public paths may take that: the constant of a type is looked for before that of a trait.
struct Taken<E>(PhantomData<E>);

impl<E: FromRequestParts<Public>> Taken<E> {
    const AT_PUBLIC_PATHS: bool = true;
}

trait NotTaken {
    const AT_PUBLIC_PATHS: bool = false;
}

impl<E> NotTaken for Taken<E> {}

#[test]
fn what_the_guard_tells_does_not_compile_at_a_public_path() {
    const {
        assert!(!Taken::<User>::AT_PUBLIC_PATHS);
        assert!(!Taken::<Option<User>>::AT_PUBLIC_PATHS);
        assert!(!Taken::<Auth>::AT_PUBLIC_PATHS);
        assert!(!Taken::<Option<Auth>>::AT_PUBLIC_PATHS);
        assert!(!Taken::<Claims<Value>>::AT_PUBLIC_PATHS);
        assert!(!Taken::<Session>::AT_PUBLIC_PATHS);
        assert!(!Taken::<RequestContext>::AT_PUBLIC_PATHS);
        assert!(Taken::<Path<u32>>::AT_PUBLIC_PATHS);
        assert!(Taken::<Query<Value>>::AT_PUBLIC_PATHS);
    }
}

#[derive(Debug, Deserialize)]
struct Note {
    title: String,
    stars: Option<u8>,
    #[serde(default)]
    tags: Vec<String>,
}

async fn created(Body(note): Body<Note>) -> String {
    format!("{} {:?} {:?}", note.title, note.stars, note.tags)
}

fn notes() -> DoorService {
    serve(|router| {
        router
            .route("/notes/", post(created).policy(Policy::open()))
            .public("/open/", post(created))
    })
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

async fn posted(service: &DoorService, path: &str, kind: &str, body: &str) -> http::Response<String> {
    let request = request("POST", path).header("content-type", kind);
    send(service, request.body(body.to_owned().into()).unwrap()).await
}

#[tokio::test]
async fn a_body_is_read_into_a_type() {
    let service = notes();
    for (kind, body) in [
        (
            JSON,
            r#"{"title": "Tea", "stars": 3, "tags": ["a", "b"], "unknown": 1}"#,
        ),
        (FORM, "title=Tea&stars=+3.0&tags=a&tags=b&unknown=1"),
    ] {
        for path in ["/notes/", "/open/"] {
            let response = posted(&service, path, kind, body).await;
            assert_eq!(response.body(), r#"Tea Some(3) ["a", "b"]"#, "{kind} {path}");
        }
    }
    let response = posted(&service, "/notes/", FORM, "title=&stars=").await;
    assert_eq!(response.body(), r#" None []"#);
}

#[tokio::test]
async fn a_body_that_does_not_fit_is_told_under_its_field() {
    let service = notes();
    for (kind, body, field, sentence) in [
        (JSON, "null", "non_field_errors", "No data provided"),
        (JSON, "{}", "title", "This field is required."),
        (JSON, "", "title", "This field is required."),
        (JSON, r#"{"title": null}"#, "title", "This field may not be null."),
        (JSON, r#"{"title": ["Tea"]}"#, "title", "Not a valid string."),
        (
            JSON,
            r#"{"title": "Tea", "stars": "many"}"#,
            "stars",
            "A valid integer is required.",
        ),
        (
            JSON,
            r#"{"title": "Tea", "stars": 256}"#,
            "stars",
            "Ensure this value is less than or equal to 255.",
        ),
        (FORM, "", "title", "This field is required."),
        (FORM, "title=Tea&stars=x", "stars", "A valid integer is required."),
        (
            FORM,
            "title=Tea&stars=-1",
            "stars",
            "Ensure this value is greater than or equal to 0.",
        ),
    ] {
        let response = posted(&service, "/notes/", kind, body).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(
            json(&response),
            serde_json::json!({ field: [sentence] }),
            "{body}"
        );
    }
}

/// Read by its serializer, for it has no other way.
struct Described(String);

impl HasSerializer for Described {
    fn serializer() -> &'static Serializer {
        static SERIALIZER: LazyLock<Serializer> = LazyLock::new(|| {
            Serializer::new()
                .field("name", CharField::new().max_length(4))
                .field("stars", IntegerField::new())
        });
        &SERIALIZER
    }

    fn from_validated(data: ValidatedData) -> Result<Self> {
        Ok(Self(data.text("name").unwrap_or_default().to_owned()))
    }
}

/// All that is wrong at once, of repeated names the last, and beside a body by hand.
#[tokio::test]
async fn a_query_of_a_type_with_a_serializer_is_read_by_it() {
    async fn named(_: Body<Value>, uri: http::Uri) -> Result<String> {
        let Query(Described(name)) = Query::read(uri.query().unwrap_or_default())?;
        Ok(name)
    }
    let listed = get(async |Query(Described(name)): Query<Described>| name);
    let posted = post(async |uri: http::Uri, body: Body<Value>| named(body, uri).await);
    let service = serve(|router| router.route("/", listed.merge(posted).policy(Policy::open())));
    for method in ["GET", "POST"] {
        let read = ask(&service, request(method, "/?name=x&name=+Lamp+&stars=3&more=1")).await;
        assert_eq!(read.body(), "Lamp");
        let refused = ask(&service, request(method, "/?name=Lampshade")).await;
        let expected = serde_json::json!({
            "name": ["Ensure this field has no more than 4 characters."],
            "stars": ["This field is required."],
        });
        assert_eq!(
            (refused.status(), json(&refused)),
            (StatusCode::BAD_REQUEST, expected)
        );
    }
}

#[tokio::test]
async fn a_body_of_a_type_with_a_serializer_is_read_by_it() {
    async fn named(Body(Described(name)): Body<Described>) -> String {
        name
    }
    let service = serve(|router| router.route("/", post(named).policy(Policy::open())));
    let read = posted(&service, "/", JSON, r#"{"name": " Lamp ", "stars": "3"}"#).await;
    assert_eq!(read.body(), "Lamp");
    let refused = posted(&service, "/", FORM, "name=Lampshade").await;
    let expected = serde_json::json!({
        "name": ["Ensure this field has no more than 4 characters."],
        "stars": ["This field is required."],
    });
    assert_eq!(
        (refused.status(), json(&refused)),
        (StatusCode::BAD_REQUEST, expected)
    );
}

#[tokio::test]
async fn a_body_that_does_not_parse_is_refused_as_data_is() {
    let service = notes();
    for (kind, body, status) in [
        (JSON, "{", StatusCode::BAD_REQUEST),
        ("text/plain", "title=Tea", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (
            JSON,
            &format!("\"{}\"", "x".repeat(3_000_000)),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
    ] {
        assert_eq!(posted(&service, "/notes/", kind, body).await.status(), status);
    }
}

#[tokio::test]
async fn where_nobody_guards_bodies_are_as_large_as_the_settings_have_it() {
    let titled = |length| format!(r#"{{"title": "{}"}}"#, "x".repeat(length));
    let (small, large) = (titled(600), titled(3_000_000));
    for (max_body, body, status) in [
        (small.len() - 1, &small, StatusCode::PAYLOAD_TOO_LARGE),
        (small.len(), &small, StatusCode::OK),
        (large.len() - 1, &large, StatusCode::PAYLOAD_TOO_LARGE),
        (large.len(), &large, StatusCode::OK),
    ] {
        let mut settings = settings();
        settings.server.max_body = max_body;
        let service = unguarded(settings);
        for path in ["/hook", "/probe", "/elsewhere"] {
            let response = posted(&service, path, JSON, body).await;
            assert_eq!(response.status(), status, "{path} {max_body}");
        }
    }
}

#[tokio::test]
async fn where_nobody_guards_json_has_as_many_values_as_the_settings_have_it() {
    let mut settings = settings();
    settings.server.max_json_values = 10;
    let service = unguarded(settings);
    for (tags, status) in [
        ("[]", StatusCode::OK),
        ("[1, 2, 3, 4, 5, 6, 7, 8, 9]", StatusCode::BAD_REQUEST),
    ] {
        let body = format!(r#"{{"title": "Tea", "unknown": {tags}}}"#);
        for path in ["/hook", "/probe", "/elsewhere"] {
            let response = posted(&service, path, JSON, &body).await;
            assert_eq!(response.status(), status, "{path} {tags}");
        }
    }
}

/// Paths of each kind that nobody guards.
fn unguarded(settings: Settings) -> DoorService {
    let router = door(settings).router().public("/hook", post(created));
    let router = router.probe("/probe", post(created));
    router.public_fallback(post(created)).into_service().unwrap()
}

#[tokio::test]
async fn a_query_is_read_into_a_type() {
    async fn listed(Query(note): Query<Note>) -> String {
        format!("{} {:?} {:?}", note.title, note.stars, note.tags)
    }
    let service = serve(|router| router.route("/", get(listed).policy(Policy::open())));
    let response = ask(
        &service,
        request("GET", "/?title=T%C3%A9+a&stars=&tags=a&tags=b%26c"),
    )
    .await;
    assert_eq!(response.body(), r#"Té a None ["a", "b&c"]"#);
    for (query, field, sentence) in [
        ("", "title", "This field is required."),
        ("?title=a%00b", "title", "Null characters are not allowed."),
        ("?title=a&stars=x", "stars", "A valid integer is required."),
    ] {
        let response = ask(&service, request("GET", &format!("/{query}"))).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(
            json(&response),
            serde_json::json!({ field: [sentence] }),
            "{query}"
        );
    }
    let many = format!("/?title=a{}", "&a".repeat(1_000));
    assert_eq!(
        ask(&service, request("GET", &many)).await.status(),
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_path_that_does_not_fit_is_told_to_those_who_may_ask() {
    let service = serve(|router| {
        let known = Policy::from(IsAuthenticated).authenticate(Named(Some("Test")));
        let route = get(async |Path(id): Path<u32>| id.to_string()).policy(known);
        router.route("/one/{id}/", route)
    });
    let anonymous = ask(&service, request("GET", "/one/x/")).await;
    assert_eq!(anonymous.status(), StatusCode::UNAUTHORIZED);
    let alice = || request("GET", "/one/x/").header("x-user", "alice");
    assert_refused(&ask(&service, alice()).await, StatusCode::NOT_FOUND, "Not found.");
    let described = ask(&service, alice().method("OPTIONS")).await;
    assert_eq!(described.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_path_that_does_not_fit_is_not_there() {
    let service = serve(|router| {
        let open = Policy::open;
        router
            .route(
                "/one/{id}/",
                get(async |Path(id): Path<u32>| id.to_string()).policy(open()),
            )
            .route("/two/{name}/{id}/", get(two).policy(open()))
            .route("/wrong/{id}/", get(async |_: Path<(u32, u32)>| ()).policy(open()))
            .route("/none/", get(async |_: Path<u32>| ()).policy(open()))
            .public("/open/{id}/", get(async |Path(id): Path<u32>| id.to_string()))
    });
    async fn two(Path((name, id)): Path<(String, i64)>) -> String {
        format!("{name} {id}")
    }
    for (path, body) in [
        ("/one/42/", "42"),
        ("/one/042/", "42"),
        ("/open/42/", "42"),
        ("/two/caf%C3%A9/-7/", "café -7"),
        ("/two/a%2Fb/1/", "a/b 1"),
    ] {
        assert_eq!(ask(&service, request("GET", path)).await.body(), body, "{path}");
    }
    for path in [
        "/one/x/",
        "/one/+42/",
        "/one/-42/",
        "/one/4_2/",
        "/one/4294967296/",
        "/one/%2042/",
        "/one/%FF/",
        "/two/a%00/1/",
        "/two/%FF/1/",
        "/open/x/",
    ] {
        let response = ask(&service, request("GET", path)).await;
        assert_refused(&response, StatusCode::NOT_FOUND, "Not found.");
    }
    for path in ["/wrong/1/", "/none/"] {
        let response = ask(&service, request("GET", path)).await;
        assert_refused(
            &response,
            StatusCode::INTERNAL_SERVER_ERROR,
            "A server error occurred.",
        );
    }
}

/// `?` on a failure of the database in a handler.
#[tokio::test]
async fn a_failure_of_the_database_is_503_or_500_and_tells_no_cause() {
    async fn failing(Path(kind): Path<String>) -> Result<()> {
        let away = || DatabaseError::Unavailable {
            trouble: Trouble::Away,
            place: Location::default(),
            source: "the secret cause".into(),
        };
        Err(match kind.as_str() {
            "unique" => DatabaseError::Unique("the secret cause".into()),
            "foreign-key" => DatabaseError::ForeignKey("the secret cause".into()),
            "not-reading" => DatabaseError::NotReading,
            "store" => return Err(StoreError::from(away()).into()),
            _ => away(),
        })?
    }
    let service = serve(|router| router.route("/{kind}/", get(failing).policy(Policy::open())));
    for (kind, status, retry_after) in [
        ("away", StatusCode::SERVICE_UNAVAILABLE, Some("1")),
        ("store", StatusCode::SERVICE_UNAVAILABLE, Some("1")),
        ("unique", StatusCode::INTERNAL_SERVER_ERROR, None),
        ("foreign-key", StatusCode::INTERNAL_SERVER_ERROR, None),
        ("not-reading", StatusCode::INTERNAL_SERVER_ERROR, None),
    ] {
        let response = ask(&service, request("GET", &format!("/{kind}/"))).await;
        assert_eq!(
            (response.status(), header("retry-after", &response)),
            (status, retry_after)
        );
        assert!(!response.body().contains("secret"), "{}", response.body());
    }
}
