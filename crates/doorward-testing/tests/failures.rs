//! What a failing test says: the request, the answer and what to do.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::panic::AssertUnwindSafe;

use axum::routing::{get, post};
use doorward_core::RouteExt;
use doorward_core::permissions::{AllowAny, IsAuthenticatedOrReadOnly};
use doorward_testing::{TestDoor, TestSite};
use serde_json::json;

async fn ok() -> &'static str {
    "ok"
}

fn site(door: &TestDoor) -> TestSite {
    door.site(
        door.router()
            .route("/closed/", get(ok))
            .route(
                "/reports/{id}/",
                get(ok).put(ok).policy(IsAuthenticatedOrReadOnly),
            )
            .route("/sign-up/", post(ok).policy(AllowAny))
            .public("/healthz", get(ok))
            .nest_public("/foreign", axum::Router::new().route("/", get(ok))),
    )
}

/// What the panic of that says.
fn message(job: impl FnOnce()) -> String {
    let panic = std::panic::catch_unwind(AssertUnwindSafe(job)).unwrap_err();
    *panic.downcast::<String>().unwrap()
}

/// What the panic of that future says.
async fn failure(job: impl Future<Output = ()> + Send + 'static) -> String {
    let panic = tokio::spawn(job).await.unwrap_err().into_panic();
    *panic.downcast::<String>().unwrap()
}

const OPEN: [&str; 4] = ["GET /reports/{id}/", "/sign-up/", "/healthz", "/foreign"];

#[tokio::test]
async fn every_route_but_the_open_ones_denies_the_anonymous() {
    site(&TestDoor::new()).assert_anonymous_denied(OPEN).await;
}

#[tokio::test]
async fn routes_that_let_the_anonymous_in_are_all_named() {
    let said = failure(async { site(&TestDoor::new()).assert_anonymous_denied([]).await }).await;
    assert!(
        said.starts_with("at crates/doorward-testing/tests/failures.rs:"),
        "{said}"
    );
    let mut lines: Vec<&str> = said.lines().skip(1).collect();
    assert_eq!(
        lines.remove(0),
        "anonymous callers are let in here; name what is meant to be open:"
    );
    assert_eq!(lines.len(), OPEN.len(), "{said}");
    assert!(
        said.contains(r#"  "POST /sign-up/" answers 200 OK (policy: "#),
        "{said}"
    );
    assert!(
        said.contains(r#"  "GET /healthz" answers 200 OK (policy: public)"#),
        "{said}"
    );
    assert!(
        said.contains(r#"  "GET /reports/{id}/" answers 200 OK"#),
        "{said}"
    );
}

#[tokio::test]
async fn an_exception_that_is_none_is_a_failure() {
    let said = failure(async {
        let stale = ["/closed/", "PUT /reports/{id}/", "/gone/"];
        site(&TestDoor::new())
            .assert_anonymous_denied(OPEN.into_iter().chain(stale))
            .await;
    });
    let said = said.await;
    assert!(said.contains("these were named as open"), "{said}");
    assert!(!said.contains("are let in"), "{said}");
    for name in ["\"/closed/\"", "\"PUT /reports/{id}/\"", "\"/gone/\""] {
        assert!(said.contains(name), "{said}");
    }
}

#[tokio::test]
async fn an_assertion_shows_the_whole_exchange() {
    let answer = site(&TestDoor::new()).anonymous().get("/closed/?a=1").await;
    let said = message(|| drop(answer.assert_status(200).headers().clone()));
    assert!(said.starts_with("status: expected 200, found 401\n"), "{said}");
    assert!(
        said.contains("GET /closed/?a=1 by an anonymous caller\nwas answered 401"),
        "{said}"
    );
    assert!(
        said.contains("\nwww-authenticate: Basic realm=\"api\"\n"),
        "{said}"
    );
    assert!(
        said.ends_with(r#"{"detail":"Authentication credentials were not provided."}"#),
        "{said}"
    );
    for wrong in [
        message(|| drop(answer.assert_json(json!({})).headers().clone())),
        message(|| drop(answer.assert_detail("Not found.").headers().clone())),
        message(|| drop(answer.assert_header("allow", "POST").headers().clone())),
        message(|| drop(answer.field("code"))),
    ] {
        assert!(wrong.contains("was answered 401"), "{wrong}");
    }
}

#[tokio::test]
async fn keys_may_come_in_any_order() {
    let door = TestDoor::new();
    let json = get(|| async { axum::Json(json!({ "a": 1, "b": [1, 2] })) });
    let site = door.site(door.router().route("/", json.policy(AllowAny)));
    site.anonymous()
        .get("/")
        .await
        .assert_json(json!({ "b": [1, 2], "a": 1 }));
}

#[tokio::test]
async fn a_login_that_is_refused_says_why() {
    let said = failure(async {
        let door = TestDoor::new();
        let gone = door.user("gone").inactive().create().await;
        let _ = site(&door).token(&gone).await;
    });
    let said = said.await;
    assert!(said.starts_with("gone is not given a token:"), "{said}");
    assert!(
        said.contains("Unable to log in with provided credentials."),
        "{said}"
    );
}

#[tokio::test]
async fn what_cannot_be_is_told_in_words() {
    let door = TestDoor::new();
    let twice = || door.router().route("/a/", get(ok)).route("/a/", get(ok));
    let said = message(|| drop(door.site(twice())));
    assert!(
        said.starts_with("these routes cannot be served: the path `/a/`"),
        "{said}"
    );
    let builder = || TestDoor::builder().configure(|settings| settings.jwt.algorithm = "none".to_owned());
    let said = message(|| drop(builder().build()));
    assert!(said.starts_with("the test's door does not open: "), "{said}");
    let said = message(|| drop(site(&door).anonymous().get("/").header("a b", "c")));
    assert_eq!(said, "`a b: c` cannot be a header");
    let said = failure(async {
        site(&TestDoor::new()).anonymous().get("closed/").await;
    });
    assert_eq!(said.await, "`closed/` is no path: it must begin with `/`");
    let said = failure(async {
        let door = TestDoor::new();
        door.user("alice").create().await;
        door.user("alice").create().await;
    });
    assert_eq!(
        said.await,
        "there can be no user `alice`: A user with that username already exists."
    );
}
