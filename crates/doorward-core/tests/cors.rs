//! Scripts of other sites: who may read, and what a preflight is told.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::routing::get;
use doorward_core::authentication::Authenticator;
use doorward_core::identity::Identity;
use doorward_core::permissions::IsAuthenticated;
use doorward_core::service::DoorService;
use doorward_core::settings::{CorsSettings, Settings};
use doorward_core::{Answer, Context, Door, Policy, Result, RouteExt};
use http::{HeaderValue, Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use support::{Named, ask, door, header, request, settings};

const APP: &str = "https://app.example";

fn with(change: impl FnOnce(&mut CorsSettings)) -> Settings {
    let mut settings = settings();
    change(&mut settings.cors);
    settings
}

/// Two origins, with credentials.
fn two(cors: &mut CorsSettings) {
    cors.allowed_origins = [APP, "http://localhost:3000"].map(str::to_owned).into();
    cors.allow_credentials = true;
}

fn site(settings: Settings) -> DoorService {
    let known = Policy::from(IsAuthenticated).authenticate(Named(Some("Test")));
    let everyone = || async { ([("vary", "Accept")], "hello") };
    let router = door(settings)
        .router()
        .route(
            "/",
            get(|| async { "hello" })
                .post(|| async { "hello" })
                .policy(Policy::open()),
        )
        .route("/mine/", get(|| async { "mine" }).policy(known))
        .route("/varies/", get(everyone).policy(Policy::open()))
        .route("/broken/", get(broken).policy(Policy::open()))
        .public("/public", get(|| async { "public" }));
    router.into_service().unwrap()
}

async fn broken() -> &'static str {
    panic!("a handler that panics")
}

fn cors_headers(response: &Response<String>) -> BTreeMap<String, String> {
    let headers = response.headers().iter();
    headers
        .filter(|(name, _)| name.as_str().starts_with("access-control-") || *name == "vary")
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect()
}

fn vectors() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../interop/vectors/cors.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[tokio::test]
async fn answers_are_those_of_django_cors_headers() {
    for made in vectors()["sites"].as_array().unwrap() {
        let mut settings = settings();
        settings.cors = CorsSettings::deserialize(&made["settings"]).unwrap();
        let null_is_listed = settings
            .cors
            .allowed_origins
            .iter()
            .any(|origin| origin == "null");
        let service = site(settings);
        for case in made["cases"].as_array().unwrap() {
            // Where `null` is listed, they let in whatever has neither scheme nor host.
            if !(null_is_listed && case["headers"]["origin"] == "app.example") {
                compare(case, &service).await;
            }
        }
    }
}

async fn compare(case: &Value, service: &DoorService) {
    let mut request = request(case["method"].as_str().unwrap(), "/");
    for (name, value) in case["headers"].as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    let response = ask(service, request).await;
    let wanted: BTreeMap<String, String> = serde_json::from_value(case["answer"]["headers"].clone()).unwrap();
    if case["answer"]["preflight"] == true {
        let all = response.headers().iter();
        let all: BTreeMap<String, String> = all
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        assert_eq!((response.status(), all), (StatusCode::OK, wanted), "{case}");
        assert_eq!(response.body(), "");
    } else {
        assert_eq!(cors_headers(&response), wanted, "{case}");
    }
}

#[tokio::test]
async fn vary_is_added_to_what_is_there() {
    let service = site(settings());
    let response = ask(&service, request("GET", "/varies/")).await;
    assert_eq!(header("vary", &response), Some("Accept, origin"));
    for path in ["/", "/mine/", "/nowhere/", "/public"] {
        let response = ask(&service, request("GET", path)).await;
        assert_eq!(header("vary", &response), Some("origin"), "{path}");
    }
    for case in vectors()["varies"].as_array().unwrap() {
        let had = case["had"].as_str().map(str::to_owned);
        let varies = move || async move { had.map(|had| vary(&had)).unwrap_or_default() };
        let router = door(settings()).router().public("/", get(varies));
        let response = ask(&router.into_service().unwrap(), request("GET", "/")).await;
        assert_eq!(header("vary", &response), case["has"].as_str());
    }
}

fn vary(value: &str) -> http::HeaderMap {
    http::HeaderMap::from_iter([(http::header::VARY, value.parse().unwrap())])
}

static ASKED: AtomicUsize = AtomicUsize::new(0);

#[derive(Debug)]
struct Counting;

impl Authenticator for Counting {
    fn authenticate<'a>(&'a self, _: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        ASKED.fetch_add(1, Ordering::SeqCst);
        Answer::ready(Ok(None))
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}

fn preflight(path: &str) -> http::request::Builder {
    request("OPTIONS", path)
        .header("origin", APP)
        .header("access-control-request-method", "DELETE")
        .header("access-control-request-headers", "x-unlisted")
}

#[tokio::test]
async fn a_preflight_is_answered_before_anybody_is_asked() {
    let policy = Policy::from(IsAuthenticated).authenticate(Counting);
    let router = door(with(two)).router();
    let service = router
        .route("/mine/", get(|| async { "mine" }).policy(policy))
        .into_service()
        .unwrap();
    for path in ["/mine/", "/nowhere/", "/mine", "/"] {
        let response = ask(&service, preflight(path).header("authorization", "Bearer x")).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(header("access-control-allow-origin", &response), Some(APP));
        // What may be sent is told, whatever was asked for.
        assert!(
            !header("access-control-allow-headers", &response)
                .unwrap()
                .contains("x-unlisted")
        );
    }
    assert_eq!(ASKED.load(Ordering::SeqCst), 0);
    ask(&service, request("OPTIONS", "/mine/").header("origin", APP)).await;
    assert_eq!(ASKED.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn refusals_redirects_and_failures_carry_the_headers_too() {
    let service = site(with(two));
    let answers = [
        ("/mine/", StatusCode::UNAUTHORIZED),
        ("/mine", StatusCode::MOVED_PERMANENTLY),
        ("/nowhere/", StatusCode::NOT_FOUND),
        ("/broken/", StatusCode::INTERNAL_SERVER_ERROR),
        ("/public", StatusCode::OK),
    ];
    for (path, status) in answers {
        let response = ask(&service, request("GET", path).header("origin", APP)).await;
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(
            header("access-control-allow-origin", &response),
            Some(APP),
            "{path}"
        );
        assert_eq!(
            header("access-control-allow-credentials", &response),
            Some("true"),
            "{path}"
        );
    }
    let stranger = http::Request::get("/")
        .header("host", "evil.example")
        .header("origin", APP);
    let response = ask(&service, stranger).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(header("access-control-allow-origin", &response), Some(APP));
}

#[tokio::test]
async fn only_what_browsers_write_is_an_origin() {
    let service = site(with(two));
    let origins = [
        "https://app.example/",
        "https://app.example/path?query",
        "HTTPS://app.example",
        "https://APP.example",
        "https://app.example:443",
        "https://app.example, https://evil.example",
        " https://app.example.evil",
        "null",
    ];
    for origin in origins {
        let response = ask(&service, request("GET", "/").header("origin", origin)).await;
        assert_eq!(header("access-control-allow-origin", &response), None, "{origin}");
        assert_eq!(response.body(), "hello");
    }
    let twice = request("GET", "/")
        .header("origin", APP)
        .header("origin", "https://evil.example");
    assert_eq!(
        header("access-control-allow-origin", &ask(&service, twice).await),
        None
    );
    let bytes = request("GET", "/").header("origin", b"https://app.example\xff".as_slice());
    assert_eq!(
        header("access-control-allow-origin", &ask(&service, bytes).await),
        None
    );
}

#[tokio::test]
async fn a_pattern_holds_for_the_whole_origin_in_each_branch() {
    let patterns = [
        r"^https://a\.example|https://b\.example$",
        r"^https://(c|d)\.example$",
        r"\Ahttps://e\z",
    ];
    let service = site(with(|cors| {
        cors.allowed_origin_regexes = patterns.map(str::to_owned).into();
        cors.allow_credentials = true;
    }));
    for (origin, is_allowed) in [
        ("https://a.example", true),
        ("https://b.example", true),
        ("https://c.example", true),
        ("https://e", true),
        ("https://a.example.evil.example", false),
        ("https://evil.example?https://b.example", false),
        ("https://cXexample", false),
        ("https://c.example:1", false),
        ("https://e.evil", false),
    ] {
        let response = ask(&service, request("GET", "/").header("origin", origin)).await;
        let allowed = header("access-control-allow-origin", &response);
        assert_eq!(allowed, is_allowed.then_some(origin), "{origin}");
    }
}

/// A change, the key that is at fault, and words of the problem.
type Impossible = (fn(&mut CorsSettings), &'static str, &'static str);

#[track_caller]
fn assert_refused(cases: &[Impossible]) {
    for (change, key, says) in cases {
        let error = with(change).validate().expect_err(says);
        assert_eq!(error.key(), format!("cors.{key}"));
        assert!(error.problem().contains(says), "{error}");
    }
}

#[test]
fn what_would_let_everybody_in_stops_the_start() {
    assert_refused(&[
        (
            |cors| (cors.allow_all_origins, cors.allow_credentials) = (true, true),
            "allow_all_origins",
            "every site",
        ),
        (
            |cors| (cors.allowed_origins, cors.allow_credentials) = (vec!["null".into()], true),
            "allowed_origins",
            "null",
        ),
        (
            |cors| {
                cors.allowed_origin_regexes = vec!["^https?://.*$".into()];
                cors.allow_credentials = true;
            },
            "allowed_origin_regexes",
            "every site",
        ),
    ]);
    assert_eq!(with(two).validate(), Ok(()));
}

#[test]
fn patterns_and_lists_that_are_none_stop_the_start() {
    assert_refused(&[
        (
            |cors| cors.allowed_origin_regexes = vec![r"https://a\.example$".into()],
            "allowed_origin_regexes",
            "begins with",
        ),
        (
            |cors| cors.allowed_origin_regexes = vec![r"^https://a\.example".into()],
            "allowed_origin_regexes",
            "ends with",
        ),
        (
            |cors| cors.allowed_origin_regexes = vec!["^($".into()],
            "allowed_origin_regexes",
            "^($",
        ),
        (
            |cors| cors.allowed_origins = vec!["*".into()],
            "allowed_origins",
            "allow_all_origins",
        ),
        (
            |cors| cors.allow_headers = Some(vec!["x-a, x-b".into()]),
            "allow_headers",
            "x-a, x-b",
        ),
        (
            |cors| cors.expose_headers = vec!["x\r\n".into()],
            "expose_headers",
            r"x\r\n",
        ),
    ]);
}

#[test]
fn origins_that_are_none_stop_the_start() {
    let no_origins = [
        "app.example",
        "https://",
        "https://app.example/",
        "https://app.example?x",
        "https://u@app.example",
        "",
    ];
    for origin in no_origins {
        let error = with(|cors| cors.allowed_origins = vec![origin.to_owned()]).validate();
        assert_eq!(error.expect_err(origin).key(), "cors.allowed_origins");
    }
}
