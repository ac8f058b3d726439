//! DRF's rules that are easy to lose.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::routing::{get, post};
use doorward_core::clock::Clock;
use doorward_core::permissions::{AllowAny, Denial, IsAdminUser, IsAuthenticated, Permission};
use doorward_core::service::DoorService;
use doorward_core::throttling::{Allowance, Throttle};
use doorward_core::{Answer, Context, Door, Policy, Result, RouteExt, User, View};
use doorward_django::timestamp::Timestamp;
use doorward_testing::TestDatabase;
use http::StatusCode;
use support::{Named, ask, assert_refused, header, json, request, serve, settings};

const NOT_PROVIDED: &str = "Authentication credentials were not provided.";

fn with(policy: Policy) -> DoorService {
    serve(|router| router.route("/me/", get(name).post(name).policy(policy)))
}

async fn name(user: Option<User>) -> String {
    user.map_or_else(|| "anonymous".to_owned(), |user| user.username().to_owned())
}

#[tokio::test]
async fn the_first_authenticator_challenges() {
    let policy = Policy::from(IsAuthenticated)
        .authenticate(Named(Some("First")))
        .authenticate(Named(Some("Second")));
    let service = with(policy);
    let response = ask(&service, request("GET", "/me/")).await;
    assert_refused(&response, StatusCode::UNAUTHORIZED, NOT_PROVIDED);
    assert_eq!(header("www-authenticate", &response), Some("First"));
}

#[tokio::test]
async fn without_a_challenge_a_401_is_a_403() {
    let policy = Policy::from(IsAuthenticated)
        .authenticate(Named(None))
        .authenticate(Named(Some("Second")));
    let service = with(policy);
    let response = ask(&service, request("GET", "/me/")).await;
    assert_refused(&response, StatusCode::FORBIDDEN, NOT_PROVIDED);
    assert_eq!(header("www-authenticate", &response), None);
    let response = ask(&service, request("GET", "/me/").header("x-user", "nobody")).await;
    assert_refused(&response, StatusCode::FORBIDDEN, "Invalid token.");
}

#[tokio::test]
async fn bad_credentials_are_refused_where_everyone_may_enter() {
    let service = with(Policy::from(AllowAny).authenticate(Named(Some("Test"))));
    let response = ask(&service, request("GET", "/me/").header("x-user", "nobody")).await;
    assert_refused(&response, StatusCode::UNAUTHORIZED, "Invalid token.");
    assert_eq!(ask(&service, request("GET", "/me/")).await.body(), "anonymous");
    assert_eq!(
        ask(&service, request("GET", "/me/").header("x-user", "alice"))
            .await
            .body(),
        "alice"
    );
}

#[tokio::test]
async fn a_caller_who_may_not_is_refused_and_not_challenged() {
    let service = with(Policy::from(IsAdminUser).authenticate(Named(Some("Test"))));
    let response = ask(&service, request("GET", "/me/").header("x-user", "alice")).await;
    assert_refused(
        &response,
        StatusCode::FORBIDDEN,
        "You do not have permission to perform this action.",
    );
    assert_eq!(header("www-authenticate", &response), None);
    assert_eq!(
        ask(&service, request("GET", "/me/").header("x-user", "staff"))
            .await
            .body(),
        "staff"
    );
}

#[tokio::test]
async fn without_authenticators_a_denial_is_a_denial() {
    let service = with(Policy::from(IsAuthenticated).authenticators([]));
    let response = ask(&service, request("GET", "/me/")).await;
    assert_refused(
        &response,
        StatusCode::FORBIDDEN,
        "You do not have permission to perform this action.",
    );
}

#[derive(Debug)]
struct Closed;

impl Permission for Closed {
    fn has_permission<'a>(&'a self, _: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<bool>> {
        Answer::pending(async { Ok(false) })
    }

    fn denial(&self) -> Option<Denial> {
        Some(Denial {
            message: "Closed on Mondays.".into(),
            code: "closed".into(),
        })
    }
}

#[tokio::test]
async fn a_permission_has_words_of_its_own_for_those_who_are_known() {
    let service = with(Policy::from(Closed).authenticate(Named(Some("Test"))));
    let response = ask(&service, request("GET", "/me/").header("x-user", "alice")).await;
    assert_refused(&response, StatusCode::FORBIDDEN, "Closed on Mondays.");
    let response = ask(&service, request("GET", "/me/")).await;
    assert_refused(&response, StatusCode::UNAUTHORIZED, NOT_PROVIDED);
}

static ASKED: AtomicUsize = AtomicUsize::new(0);

#[derive(Debug)]
struct Wait(Option<u64>);

impl Throttle for Wait {
    fn allow_request<'a>(&'a self, _: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<Allowance>> {
        ASKED.fetch_add(1, Ordering::SeqCst);
        Answer::ready(Ok(Allowance::Throttled {
            wait: self.0.map(Duration::from_millis),
        }))
    }
}

#[tokio::test]
async fn every_throttle_is_asked_and_the_longest_wait_is_told() {
    let policy = Policy::open()
        .throttle(Wait(Some(1500)))
        .throttle(Wait(Some(8001)))
        .throttle(Wait(None));
    let service = with(policy);
    let response = ask(&service, request("GET", "/me/")).await;
    let detail = "Request was throttled. Expected available in 9 seconds.";
    assert_refused(&response, StatusCode::TOO_MANY_REQUESTS, detail);
    assert_eq!(header("retry-after", &response), Some("9"));
    assert_eq!(ASKED.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_wrong_method_is_hidden_behind_a_401() {
    let service = with(Policy::from(IsAuthenticated).authenticate(Named(Some("Test"))));
    let response = ask(&service, request("DELETE", "/me/")).await;
    assert_refused(&response, StatusCode::UNAUTHORIZED, NOT_PROVIDED);
    let response = ask(&service, request("DELETE", "/me/").header("x-user", "alice")).await;
    assert_refused(
        &response,
        StatusCode::METHOD_NOT_ALLOWED,
        "Method \"DELETE\" not allowed.",
    );
    let response = ask(&service, request("BREW", "/me/").header("x-user", "alice")).await;
    assert_refused(
        &response,
        StatusCode::METHOD_NOT_ALLOWED,
        "Method \"BREW\" not allowed.",
    );
}

#[tokio::test]
async fn every_answer_tells_the_methods() {
    let service = with(Policy::from(IsAuthenticated).authenticate(Named(Some("Test"))));
    for (method, caller) in [
        ("GET", "alice"),
        ("GET", "nobody"),
        ("DELETE", "alice"),
        ("OPTIONS", "alice"),
    ] {
        let response = ask(&service, request(method, "/me/").header("x-user", caller)).await;
        assert_eq!(
            header("allow", &response),
            Some("GET, POST, HEAD, OPTIONS"),
            "{method} by {caller}"
        );
    }
    let service = serve(|router| router.route("/in/", post(name).policy(Policy::open())));
    let response = ask(&service, request("GET", "/in/")).await;
    assert_eq!(header("allow", &response), Some("POST, OPTIONS"));
    assert_eq!(
        ask(&service, request("HEAD", "/in/")).await.status(),
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let service = with(Policy::from(IsAuthenticated).authenticate(Named(Some("Test"))));
    let response = ask(&service, request("HEAD", "/me/").header("x-user", "alice")).await;
    assert_eq!(
        (response.status(), response.body().as_str()),
        (StatusCode::OK, "")
    );
    assert_eq!(header("content-length", &response), Some("5"));
    let response = ask(&service, request("HEAD", "/me/")).await;
    assert_eq!(
        (response.status(), response.body().as_str()),
        (StatusCode::UNAUTHORIZED, "")
    );
}

#[tokio::test]
async fn options_is_guarded_and_tells_what_the_route_is() {
    let policy = Policy::from(IsAuthenticated).authenticate(Named(Some("Test")));
    let service = serve(|router| router.route("/me/", get(name).policy(policy).describe("Me", "Who calls.")));
    let response = ask(&service, request("OPTIONS", "/me/")).await;
    assert_refused(&response, StatusCode::UNAUTHORIZED, NOT_PROVIDED);
    let response = ask(&service, request("OPTIONS", "/me/").header("x-user", "alice")).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(json(&response)["name"], "Me");
    assert_eq!(json(&response)["renders"][0], "application/json");
}

#[tokio::test]
async fn a_handler_s_own_refusal_is_challenged_as_well() {
    async fn only_known(user: User) -> String {
        user.username().to_owned()
    }
    let policy = Policy::from(AllowAny).authenticate(Named(Some("Test")));
    let service = serve(|router| router.route("/me/", get(only_known).policy(policy)));
    let response = ask(&service, request("GET", "/me/")).await;
    assert_refused(&response, StatusCode::UNAUTHORIZED, NOT_PROVIDED);
    assert_eq!(header("www-authenticate", &response), Some("Test"));
}

mod pages {
    use super::*;

    fn page() -> DoorService {
        serve(|router| router.route("/login/", get(name).post(name).page()))
    }

    #[tokio::test]
    async fn a_page_is_for_everyone_and_tells_no_methods() {
        let response = ask(&page(), request("GET", "/login/").header("accept", "text/html")).await;
        assert_eq!(
            (response.status(), header("allow", &response)),
            (StatusCode::OK, None)
        );
        let caching = header("cache-control", &response);
        assert_eq!(
            caching,
            Some("max-age=0, no-cache, no-store, must-revalidate, private")
        );
    }

    #[tokio::test]
    async fn a_forged_form_is_refused_in_html_before_its_method_is_looked_at() {
        for method in ["POST", "DELETE"] {
            let response = ask(&page(), request(method, "/login/")).await;
            assert_eq!(response.status(), StatusCode::FORBIDDEN);
            assert_eq!(
                header("content-type", &response),
                Some("text/html; charset=utf-8")
            );
            assert!(
                response
                    .body()
                    .contains("CSRF verification failed. Request aborted.")
            );
        }
    }

    #[tokio::test]
    async fn a_script_is_refused_in_json() {
        let sends = request("POST", "/login/").header("content-type", "application/json");
        let takes = request("POST", "/login/").header("accept", "application/json");
        for request in [sends, takes] {
            let response = ask(&page(), request).await;
            assert_refused(
                &response,
                StatusCode::FORBIDDEN,
                "CSRF Failed: CSRF cookie not set.",
            );
        }
    }

    #[tokio::test]
    async fn options_and_wrong_methods_are_answered_without_a_body() {
        let response = ask(&page(), request("OPTIONS", "/login/")).await;
        assert_eq!(
            (response.status(), response.body().as_str()),
            (StatusCode::OK, "")
        );
        assert_eq!(header("allow", &response), Some("GET, POST, HEAD, OPTIONS"));
        let response = ask(&page(), request("TRACE", "/login/")).await;
        assert_eq!(
            (response.status(), response.body().as_str()),
            (StatusCode::METHOD_NOT_ALLOWED, "")
        );
        assert_eq!(
            header("content-type", &response),
            Some("text/html; charset=utf-8")
        );
        assert_eq!(header("allow", &response), Some("GET, POST, HEAD, OPTIONS"));
    }

    #[tokio::test]
    async fn a_failing_page_is_html() {
        async fn lost() -> doorward_core::ApiException {
            doorward_core::ApiException::not_found()
        }
        let service = serve(|router| router.route("/lost/", get(lost).page()));
        let response = ask(&service, request("GET", "/lost/")).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(response.body().contains("<h1>Not Found</h1>"));
        let response = ask(
            &service,
            request("GET", "/lost/").header("accept", "application/json"),
        )
        .await;
        assert_refused(&response, StatusCode::NOT_FOUND, "Not found.");
    }

    #[tokio::test]
    async fn what_is_not_found_near_a_page_is_html() {
        let service = serve(|router| {
            let router = router.route("/accounts/login/", get(name).page());
            router.route("/", get(name).page()).route("/api/", get(name))
        });
        for (path, is_html) in [
            ("/accounts/nowhere/", true),
            ("/accounts", false),
            ("/api/x/", false),
            ("/elsewhere/", false),
        ] {
            let response = ask(&service, request("GET", path)).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND);
            assert_eq!(response.body().contains("<h1>Not Found</h1>"), is_html, "{path}");
        }
        let script = request("GET", "/accounts/nowhere/").header("accept", "application/json");
        assert_refused(&ask(&service, script).await, StatusCode::NOT_FOUND, "Not found.");
        let foreign = http::Request::builder()
            .uri("/accounts/login/")
            .header("host", "evil.example");
        let response = ask(&service, foreign).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert!(response.body().contains("<h1>Bad Request (400)</h1>"));
    }

    #[tokio::test]
    async fn who_would_rather_have_a_page_gets_one_where_no_api_is() {
        const CHROMIUM: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
        let service = serve(|router| router.route("/api/things/", get(name)));
        for (path, accept, is_html) in [
            ("/nowhere/", CHROMIUM, true),
            ("/nowhere/", "text/html", true),
            ("/nowhere/", "text/html, application/json;q=0.5", true),
            ("/nowhere/", "text/html, */*", true),
            ("/nowhere/", "text/html;q=0.5, application/json", false),
            ("/nowhere/", "text/html;q=0.5, */*", false),
            ("/nowhere/", "text/html;q=0", false),
            ("/nowhere/", "text/html, application/json", false),
            ("/nowhere/", "text/html;q=NaN", false),
            ("/nowhere/", "*/*", false),
            ("/nowhere/", "", false),
            ("/api/nowhere/", CHROMIUM, false),
            ("/api", CHROMIUM, false),
            ("/apis/", CHROMIUM, true),
        ] {
            let response = ask(&service, request("GET", path).header("accept", accept)).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND);
            assert_eq!(
                response.body().contains("<h1>Not Found</h1>"),
                is_html,
                "{path} {accept}"
            );
            let policy = header("content-security-policy", &response);
            assert_eq!(policy.is_some(), is_html, "what renders has a policy");
        }
    }
}

/// A clock that nobody can read.
#[derive(Debug)]
struct Broken;

#[expect(clippy::panic, reason = "it breaks")]
impl Clock for Broken {
    fn now(&self) -> Timestamp {
        panic!("the clock is broken")
    }

    fn monotonic(&self) -> Timestamp {
        panic!("the clock is broken")
    }
}

/// What a door is given may panic before any step is begun: a request fails by it, and no connection.
#[tokio::test]
async fn a_clock_that_panics_is_a_500() {
    let door = Door::builder(settings(), TestDatabase::new().stores());
    let door = door.clock(Arc::new(Broken)).build().unwrap();
    let policy = || Policy::from(AllowAny);
    let router = door.router().route("/me/", get(name).policy(policy()));
    let router = router.route("/users/{id}/", get(name).policy(policy()));
    let service = router.into_service().unwrap();
    for path in ["/me/", "/users/1/"] {
        let response = ask(&service, request("GET", path)).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
    }
}
